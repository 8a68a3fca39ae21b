import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import * as packet from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { findProgram } from '../browsers/processes';
import { type Lab, startLab } from './lab';
import { isNamespacePossible, spawnInNamespace } from './namespace';
import { loadScenarios } from './scenarios/index';
import type { Showing } from './show-in-chromium';

const run = promisify(execFile);
const scenarios = await loadScenarios();
const hasCurl = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
const labs: Lab[] = [];
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.close();
});

async function loopbackLab(name: string): Promise<Lab> {
  const scenario = scenarios.get(name);
  if (!scenario) throw new Error(`No scenario ${name}`);
  const lab = await startLab({ mode: 'loopback', scenario });
  labs.push(lab);
  return lab;
}

/** What curl makes of a URL in a loopback lab: its exit code (56 and 35: reset; 60: certificate; 7: refused), HTTP version and status. */
async function curl(lab: Lab, url: string, ...further: string[]): Promise<{ code: number; words: string; status: string }> {
  const { hostname, port, protocol } = new URL(url);
  const logical = Number(port || (protocol === 'https:' ? 443 : 80));
  const place = /^[\d.]+$/.test(hostname) ? { address: hostname, port: logical } : lab.internet.placesOf(hostname, logical, 'system')[0];
  if (!place) throw new Error(`Nobody at ${url}`);
  const reached = lab.internet.reach(place);
  const folder = await mkdtemp(join(tmpdir(), 'curl-'));
  try {
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, lab.caPem);
    const connectTo = `${hostname}:${logical}:${reached.host}:${reached.port}`;
    const args = [
      '-q',
      '-sS',
      '-m',
      '6',
      '--noproxy',
      '*',
      '--cacert',
      ca,
      '--connect-to',
      connectTo,
      '-o',
      '/dev/null',
      '-w',
      '%{http_version} %{http_code}',
    ];
    const { stdout } = await run('curl', [...args, ...further, url]);
    return { code: 0, words: '', status: stdout };
  } catch (error) {
    const { code, stderr, stdout } = error as { code: number; stderr: string; stdout: string };
    return { code, words: stderr, status: stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Name of the authority that signed what a host shows; the chain must be trusted. */
async function issuerOf(lab: Lab, host: string): Promise<string> {
  const [place] = lab.internet.placesOf(host, 443, 'system');
  if (!place) throw new Error(`Nobody at ${host}`);
  const socket = connect({ ...lab.internet.reach(place), servername: host, ca: lab.caPem });
  await once(socket, 'secureConnect');
  const { issuer } = socket.getPeerCertificate();
  socket.destroy();
  return String(issuer.CN);
}

const RESET = expect.stringMatching(/reset by peer/i);

describe.skipIf(!hasCurl)('faults, seen by curl', { timeout: 30_000 }, () => {
  it('resets by server name, and only by name', async () => {
    const lab = await loopbackLab('filter-server-name');
    const { hostname } = new URL(lab.url);
    const [address = ''] = lab.internet.zone.find('system', hostname)?.a ?? [];
    expect(await curl(lab, lab.url)).toMatchObject({ words: RESET });
    expect(await curl(lab, `https://${address}/`, '-k')).toMatchObject({ code: 0, status: expect.stringMatching(/200$/) });
  });

  it('resets by Host, and only by Host', async () => {
    const lab = await loopbackLab('filter-host');
    const { hostname } = new URL(lab.url);
    const [address = ''] = lab.internet.zone.find('system', hostname)?.a ?? [];
    expect(await curl(lab, lab.url)).toMatchObject({ code: 56, words: RESET });
    expect(await curl(lab, `http://${address}/`)).toMatchObject({ code: 0, status: '1.1 200' });
    expect(await curl(lab, `http://${address}/`, '-H', `Host: ${hostname}`)).toMatchObject({ code: 56, words: RESET });
  });

  it('resets a large Cookie header and takes a small one', async () => {
    const lab = await loopbackLab('oversized-cookies');
    expect(await curl(lab, lab.url, '-H', `Cookie: a=${'b'.repeat(13_000)}`)).toMatchObject({ code: 56, words: RESET });
    expect(await curl(lab, lab.url, '-H', 'Cookie: a=b')).toMatchObject({ status: '1.1 200' });
  });

  it('resets in the middle of a body, after the status', async () => {
    const lab = await loopbackLab('mid-body');
    expect(await curl(lab, lab.url)).toMatchObject({ code: 56, words: RESET, status: '1.1 200' });
    expect(await curl(lab, lab.url, '-I')).toMatchObject({ code: 0 });
  });

  it('resets one fresh connection in three, the first of them', async () => {
    const lab = await loopbackLab('one-in-three');
    const codes: number[] = [];
    for (let turn = 0; turn < 6; turn++) codes.push((await curl(lab, lab.url)).code);
    expect(codes).toEqual([56, 0, 0, 56, 0, 0]);
  });

  it('resets the first two only', async () => {
    const lab = await loopbackLab('first-two-only');
    const codes: number[] = [];
    for (let turn = 0; turn < 4; turn++) codes.push((await curl(lab, lab.url)).code);
    expect(codes).toEqual([56, 56, 0, 0]);
  });

  it('answers TLS and resets plain HTTP on the same port', async () => {
    const lab = await loopbackLab('plain-http-on-tls-port');
    expect(await curl(lab, lab.url)).toMatchObject({ code: 56, words: RESET });
    expect(await curl(lab, lab.url.replace('http:', 'https:'))).toMatchObject({ code: 0, status: '1.1 200' });
  });

  it('leads plain HTTP to a portal and resets TLS until the sign-in', async () => {
    const lab = await loopbackLab('captive-portal');
    expect(await curl(lab, 'http://captive.apple.com/hotspot-detect.html')).toMatchObject({
      status: expect.stringMatching(/1\.1 30[237]/),
    });
    expect(await curl(lab, lab.url)).toMatchObject({ words: RESET });
  });

  it('shows a certificate that nobody should trust', async () => {
    const lab = await loopbackLab('certificate-error');
    expect(await curl(lab, lab.url)).toMatchObject({ code: 60 });
  });

  it('carries a tunnel through a proxy that works, and resets one through a proxy that does not', async () => {
    const works = await loopbackLab('healthy.twin');
    const proxyOf = (lab: Lab) =>
      String(lab.browser.chromiumArgs.find((argument) => argument.startsWith('--proxy-server='))).slice('--proxy-server='.length);
    const through = (lab: Lab, proxy: string) =>
      run('curl', ['-q', '-sS', '-k', '-m', '6', '--proxy', proxy, '-o', '/dev/null', '-w', '%{http_code}', lab.url]);
    expect((await through(works, proxyOf(works))).stdout).toBe('200');
    const resets = await loopbackLab('proxy-resets');
    await expect(through(resets, proxyOf(resets))).rejects.toMatchObject({ code: 56, stderr: RESET });
  });
});

describe.skipIf(!hasCurl)('the well-known services', { timeout: 30_000 }, () => {
  it('answer as published, over HTTP/2 where TLS is spoken, each vendor under a root of its own', async () => {
    const lab = await loopbackLab('healthy');
    expect(await curl(lab, 'http://connectivitycheck.gstatic.com/generate_204')).toMatchObject({ status: '1.1 204' });
    for (const url of [
      'https://www.gstatic.com/generate_204',
      'https://cp.cloudflare.com/generate_204',
      'https://captive.apple.com/hotspot-detect.html',
      'https://detectportal.firefox.com/success.txt',
      'https://www.msftconnecttest.com/connecttest.txt',
    ]) {
      expect(await curl(lab, url), url).toMatchObject({ code: 0, status: expect.stringMatching(/^2 20[04]$/) });
    }
    expect(new Set(lab.caPem.split('-----END CERTIFICATE-----')).size).toBeGreaterThanOrEqual(6);
  });

  it('intercepted: another authority everywhere, and HTTP/1.1', async () => {
    const lab = await loopbackLab('tls-interceptor.twin');
    expect(await curl(lab, 'https://www.gstatic.com/generate_204')).toMatchObject({ code: 0, status: '1.1 204' });
    const healthy = await loopbackLab('healthy');
    const hosts = ['www.gstatic.com', 'captive.apple.com', 'cp.cloudflare.com'];
    expect(new Set(await Promise.all(hosts.map((host) => issuerOf(lab, host)))).size).toBe(1);
    expect(new Set(await Promise.all(hosts.map((host) => issuerOf(healthy, host)))).size).toBe(3);
  });
});

describe('names', { timeout: 30_000 }, () => {
  it('are answered by the zone, differently for the system and for resolvers elsewhere', async () => {
    const lab = await loopbackLab('healthy.twin');
    const { hostname } = new URL(lab.url);
    const { answerQuery } = await import('./dns');
    const ask = (view: 'system' | 'independent', name: string, type: 'A' | 'AAAA' = 'A') =>
      packet.decode(answerQuery(lab.internet.zone, view, packet.encode({ type: 'query', id: 1, questions: [{ type, name }] })));
    const system = ask('system', hostname).answers?.[0];
    const independent = ask('independent', hostname).answers?.[0];
    expect(system).toMatchObject({ type: 'A', name: hostname });
    expect(independent).toMatchObject({ type: 'A', name: hostname });
    expect(system).not.toEqual(independent);
    expect(ask('system', 'nobody.example').flag_aa).toBe(false);
    expect(ask('system', 'nobody.example')).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });
    expect(ask('system', hostname, 'AAAA')).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });
});

/** Runs the tour of some scenarios in headless Chromium within a namespace. */
async function tour(names: readonly string[]): Promise<Showing[]> {
  const child = spawnInNamespace(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'show-in-chromium.ts'), 'random', ...names],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: join(import.meta.dirname, '../..'),
    },
  );
  let text = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(errors);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Showing);
}

describe.skipIf(!isNamespacePossible() || findProgram(['chromium'], 'UNRESET_CHROMIUM') === undefined)(
  'a whole internet in a namespace',
  () => {
    it('gives Chromium real resets under real names, and trusted certificates', { timeout: 90_000 }, async () => {
      const names = ['filter-server-name', 'forged-dns', 'healthy', 'ipv6-broken', 'stale-address'];
      const showings = await tour(names);
      expect(showings.map(({ scenario }) => scenario)).toEqual(names);
      for (const { scenario, seed, shown, expected, log } of showings) {
        expect(expected, `${scenario} with seed ${seed} showed ${shown}\n${log.join('\n')}`).toContain(shown);
      }
    });
  },
);
