import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/model/report';
import { temporaryDirectory } from '../browsers/processes';
import { ROOT } from '../start/build';

/** `npm start` as a person types it; npm itself only passes on the exit code. */
function start(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; said: string; seconds: number }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'test/bootstrap.mjs'), 'start', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      said += data.toString();
    });
  }
  return new Promise((done) => {
    child.once('close', (code) => done({ code, said, seconds: (performance.now() - startedAt) / 1000 }));
  });
}

/** A server on this machine that resets whatever comes, or takes it and says nothing. */
async function serve<T>(does: 'reset' | 'silence', use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (does === 'reset') socket.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
  }
}

describe('wrong usage ends with 2, at once, and says the mend', () => {
  const empty = temporaryDirectory('empty');
  test.each<[string, string[], RegExp]>([
    ['an unknown option', ['--fast'], /unknown option "--fast"; use npm start/],
    ['a word that is no option', ['http://example.org/'], /unknown option/],
    ['a missing value', ['--url'], /--url needs a value/],
    ['a missing value before the next option', ['--url', '--headless'], /--url needs a value/],
    ['an empty value', ['--url='], /--url needs a value/],
    ['an address without scheme', ['--url', 'example.org'], /did you mean http:\/\/example\.org/],
    ['an address of no web page', ['--url', 'file:///etc/hosts'], /must begin with http/],
    ['no address', ['--url', ':::'], /needs a whole address/],
    ['an unknown browser', ['--browser', 'lynx'], /chromium or firefox/],
    ['a folder without a manifest', ['--url', 'http://example.org/', '--with-extension', empty], /no manifest\.json/],
    ['a folder that is not there', ['--url', 'http://example.org/', '--with-extension', join(empty, 'no')], /no manifest\.json/],
    ['an extension for the lab', ['--with-extension', join(ROOT, 'dist/chromium')], /goes with --url/],
    ['a time of nothing', ['--timeout', '0'], /seconds above 0/],
    ['a time in words', ['--timeout', 'soon'], /seconds above 0/],
    ['an unknown allowance', ['--allow', 'some'], /all or none/],
    ['a report in no folder', ['--report', join(empty, 'no', 'report.json')], /no folder/],
    ['a folder as report', ['--report', empty], /is a folder/],
  ])('%s', async (_, args, mend) => {
    const { code, said, seconds } = await start(args);
    expect(said).toMatch(mend);
    expect(code).toBe(2);
    expect(seconds).toBeLessThan(5);
  });
});

describe.each(['chromium', 'firefox'])('%s', (browser) => {
  test('a report that is written ends with 0, and is as the export made it', { timeout: 120_000 }, async () => {
    const report = join(temporaryDirectory('report'), 'report.json');
    const { code, said } = await serve('reset', (url) => start(['--url', url, '--browser', browser, '--headless', '--report', report]));
    expect(code, said).toBe(0);
    const written = JSON.parse(readFileSync(report, 'utf8')) as Report;
    expect(written.incident.host).toBe('127.0.0.1');
    expect(['reset', 'reset-or-close', 'empty-response']).toContain(written.incident.failure);
    expect(said).toContain(report);
  });

  test('no report in time ends with 3 and leaves no file', { timeout: 60_000 }, async () => {
    const report = join(temporaryDirectory('report'), 'report.json');
    const { code, said, seconds } = await serve('silence', (url) =>
      start(['--url', url, '--browser', browser, '--headless', '--report', report, '--timeout', '9']),
    );
    expect(code, said).toBe(3);
    expect(seconds).toBeLessThan(30);
    expect(existsSync(report)).toBe(false);
  });

  test('a browser that does not start ends with 3 and says so', { timeout: 60_000 }, async () => {
    const variable = `UNRESET_${browser.toUpperCase()}`;
    const { code, said } = await start(['--url', 'http://127.0.0.1:9/', '--browser', browser, '--headless', '--timeout', '20'], {
      [variable]: '/bin/false',
    });
    expect(code, said).toBe(3);
    expect(said).toMatch(/did not start/);
  });
});
