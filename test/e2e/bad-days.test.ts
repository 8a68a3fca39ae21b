import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from '../browsers/driver';
import { poll, temporaryDirectory } from '../browsers/processes';
import type { Scenario } from '../lab/scenario';
import { addSite, pageApp } from '../lab/site';
import { type BrowserName, exportedReport, openIncident, openWorld, STATE, settled, type World } from './world';

/** Servers and pages as bad as they come: each ends in a clear outcome, and nothing in them is believed. */

const HOSTILE_TITLE =
  '\u202e</title><img src=x onerror="document.documentElement.dataset.hacked=1"><script>document.documentElement.dataset.hacked=1</script>\u2066';
const LONG = 'a'.repeat(2000);
const urls = {
  http2: '',
  garbage: '',
  endless: '',
  dripping: '',
  longPath: '',
  international: '',
  hostile: '',
  longTitle: '',
  told: '',
  jar: '',
};
/** Cookies that came with each request for the page that sets some, newest last. */
const jars: string[] = [];
/** Whether that page is reset once its request was heard. */
let isJarBroken = false;
/** What another extension told, newest last. */
const told: string[] = [];

const scenario: Scenario = {
  name: 'bad-days',
  about: 'Servers that do what no server should.',
  shows: ['loaded'],
  expect: { verdict: 'cannot-tell' },
  async configure(draw, internet) {
    const raw = (port: number) => {
      const name = draw.domain();
      const address = draw.publicV4();
      internet.zone.set(name, { a: [address], aaaa: [], ttl: 600 });
      return { name, place: { address, port } };
    };
    const garbage = raw(80);
    internet.listen(garbage.place, ({ socket }) => {
      socket.resume();
      socket.once('data', () => socket.end(Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 37 + 128) % 256))));
    });
    urls.garbage = `http://${garbage.name}/`;
    const drip = raw(80);
    internet.listen(drip.place, ({ socket }) => {
      socket.resume();
      socket.write('HTTP/1.1 200 OK\r\n');
      let count = 0;
      const timer = setInterval(() => {
        count += 1;
        if (socket.destroyed) clearInterval(timer);
        else socket.write(`X-Drip-${count}: 1\r\n`);
      }, 300);
      socket.once('close', () => clearInterval(timer));
    });
    urls.dripping = `http://${drip.name}/`;
    const endless = await addSite(internet, {
      host: draw.domain(),
      https(_request, response) {
        response.setHeader('content-type', 'text/html');
        const timer = setInterval(() => response.write('<p>and on</p>'), 100);
        (response as unknown as { on(event: string, listen: () => void): void }).on('close', () => clearInterval(timer));
      },
    });
    urls.endless = endless.httpsUrl();
    const reset = await addSite(internet, { host: draw.domain(), https: (_request, _response, { reset: cut }) => cut('always') });
    const streams = await addSite(internet, {
      host: draw.domain(),
      isHttp2: true,
      https: (_request, _response, { reset: cut }) => cut('always'),
    });
    urls.http2 = streams.httpsUrl(draw.path());
    urls.longPath = reset.httpsUrl(`/${LONG}?${LONG}`);
    const foreign = await addSite(internet, {
      host: `xn--bcher-kva.${draw.domain()}`,
      https: (_request, _response, { reset: cut }) => cut('always'),
    });
    urls.international = foreign.httpsUrl('/%E2%80%AE%3Cscript%3E');
    const page = pageApp(internet);
    const titled = await addSite(internet, {
      host: draw.domain(),
      https(request, response, tools) {
        if (request.url?.startsWith('/told')) {
          told.push(decodeURIComponent(request.url.split('?')[1] ?? ''));
          response.setHeader('access-control-allow-origin', '*');
          response.end('');
          return;
        }
        if (request.url?.startsWith('/jar')) {
          jars.push(request.headers.cookie ?? '');
          if (isJarBroken) return tools.reset('always');
          response.setHeader('set-cookie', 'jar=mine; Secure; SameSite=Lax; Max-Age=600');
          response.setHeader('cache-control', 'no-store');
          response.setHeader('content-type', 'text/html');
          response.end('<!doctype html><title>Jar</title><link rel="icon" href="data:,">');
          return;
        }
        if (request.url !== '/hostile' && request.url !== '/long') return page(request, response, tools);
        const title = request.url === '/long' ? LONG : HOSTILE_TITLE.replaceAll('<', '&lt;');
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(
          `<!doctype html><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,"><img src="${reset.httpsUrl('/part.png')}">`,
        );
      },
    });
    urls.hostile = titled.httpsUrl('/hostile');
    urls.longTitle = titled.httpsUrl('/long');
    urls.jar = titled.httpsUrl('/jar');
    urls.told = titled.httpsUrl('/told');
    return { url: titled.httpsUrl('/') };
  },
};

async function isWhole(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 'overflow').toBeLessThanOrEqual(0);
  expect(await page.evaluate('document.documentElement.dataset.hacked ?? ""')).toBe('');
  expect(await page.evaluate(`document.querySelectorAll('img[onerror], main script').length`)).toBe(0);
}

/** Another extension that talks to Unreset, and tells the lab what came of it. */
function writeCurious(name: BrowserName, tellAt: string): string {
  const folder = join(temporaryDirectory('curious'), 'curious');
  mkdirSync(folder);
  const manifest = {
    manifest_version: 3,
    name: 'Curious',
    version: '1.0',
    permissions: ['management'],
    host_permissions: ['<all_urls>'],
    background: name === 'firefox' ? { scripts: ['background.js'] } : { service_worker: 'background.js' },
    browser_specific_settings: { gecko: { id: 'curious@test.example', data_collection_permissions: { required: ['none'] } } },
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'background.js'),
    `const api = globalThis.browser ?? chrome;
const attempt = async () => {
  const unreset = (await api.management.getAll()).find(({ name, enabled }) => enabled && name.startsWith('Unreset'));
  if (!unreset) return false;
  const said = {};
  said.message = await api.runtime.sendMessage(unreset.id, { type: 'incident.list' }).then((answer) => ({ answer }), () => 'refused');
  said.port = await new Promise((done) => {
    const port = api.runtime.connect(unreset.id, { name: 'session:1' });
    port.onMessage.addListener((answer) => done({ answer }));
    port.onDisconnect.addListener(() => done('refused'));
  });
  await fetch(${JSON.stringify(tellAt)} + '?' + encodeURIComponent(JSON.stringify(said)));
  return true;
};
const go = async () => { while (!(await attempt().catch(() => false))) await new Promise((done) => setTimeout(done, 300)); };
api.runtime.onStartup.addListener(() => undefined);
go();
`,
  );
  return folder;
}

describe.each<BrowserName>(['chromium', 'firefox'])('%s', (name) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(name, scenario);
  });
  afterAll(() => world?.close());

  test('garbage, pages and headers without end, endless and foreign addresses: each tested to a clear outcome', async () => {
    const kinds = ['garbage', 'endless', 'dripping', 'longPath', 'international'] as const;
    const pages: Page[] = [];
    for (const kind of kinds) {
      const { page } = await world.browser.openExtensionPage(`src/popup/index.html?url=${encodeURIComponent(urls[kind])}`);
      pages.push(page);
    }
    const ends = await Promise.all(pages.map((page) => settled(page)));
    expect(Object.fromEntries(kinds.map((kind, index) => [kind, ends[index]]))).toEqual(
      Object.fromEntries(kinds.map((kind) => [kind, 'done'])),
    );
    for (const page of pages) {
      await isWhole(page);
      await page.close();
    }
  });

  test('a page whose HTTP/2 connection is reset, of which Firefox tells the person nothing', async () => {
    const tab = await world.browser.openTab();
    await tab.goto(urls.http2, 20_000);
    const popup = await openIncident(world, tab);
    expect(await settled(popup)).toBe('done');
    const { incident } = await exportedReport(world.browser, popup);
    expect(incident.host).toBe(new URL(urls.http2).hostname);
    expect(['reset', 'reset-or-close', 'closed', 'http2']).toContain(incident.failure);
    if (popup.isOpen()) await popup.close();
    await tab.page.close();
  });

  test.each(['hostile', 'longTitle'] as const)('a page with a %s title and a part that is reset', async (kind) => {
    const tab = await world.browser.openTab();
    await tab.goto(urls[kind], 20_000);
    const popup = await openIncident(world, tab);
    expect(await settled(popup)).toBe('done');
    await isWhole(popup);
    await popup.close();
    await tab.page.close();
  });

  test('a file on the disk has no incident', async () => {
    const file = join(temporaryDirectory('file'), 'page.html');
    writeFileSync(file, '<!doctype html><title>Mine</title><p>On the disk.');
    const tab = await world.browser.openTab();
    await tab.goto(pathToFileURL(file).href, 10_000);
    expect(await tab.page.evaluate('document.title')).toBe('Mine');
    const popup = await world.browser.openPopupFor(tab);
    expect(await settled(popup)).toBe('no-incident');
    await popup.close();
    await tab.page.close();
  });

  test('a page of the web cannot talk to us, nor read our files', async () => {
    const tab = await world.browser.openTab();
    await tab.goto(world.lab.url, 20_000);
    expect(await tab.page.evaluate(`typeof (globalThis.browser ?? globalThis.chrome)?.runtime?.sendMessage`)).toBe('undefined');
    expect(
      await tab.page.evaluate(`fetch(${JSON.stringify(`${world.browser.extensionUrl}manifest.json`)}).then(() => 'read', () => 'refused')`),
    ).toBe('refused');
    await tab.page.close();
  });

  test('what an older version stored is read on, with fields that only a later one knows', async () => {
    const old = JSON.parse(readFileSync(join(import.meta.dirname, 'storage-of-0.1.0.json'), 'utf8')) as Record<string, unknown>;
    const withFuture = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(withFuture)
        : typeof value === 'object' && value !== null
          ? {
              ...Object.fromEntries(
                Object.entries(value).map(([key, one]) => [
                  key,
                  ['runs', 'measurements', 'consents', 'answers'].includes(key) ? one : withFuture(one),
                ]),
              ),
              fromTheFuture: [1],
            }
          : value;
    const stored = Object.fromEntries(Object.entries(old).map(([key, value]) => [key, withFuture(value)]));
    const session = Object.keys(old).find((key) => key.startsWith('session:')) ?? '';
    const { incident } = old[session] as { incident: { host: string } };
    await world.browser.inBackground(
      `(globalThis.browser ?? chrome).storage.local.set(${JSON.stringify({ ...stored, 'a later key': { of: 'nobody' } })}).then(() => true)`,
    );
    // The order to stop comes from a page, and the tests before closed theirs.
    await world.browser.openTab();
    await world.browser.stopBackground();
    const { page } = await world.browser.openExtensionPage(`src/popup/index.html?session=${session.slice('session:'.length)}`);
    expect(await settled(page)).toBe('done');
    expect(await page.evaluate('document.querySelector("main").innerText')).toContain(incident.host);
    expect(await page.evaluate(`document.querySelector('[data-verdict]') !== null`)).toBe(true);
    await page.close();
    const home = await world.browser.openExtensionPage('src/popup/index.html?home=1');
    await home.page.waitFor(`document.body.innerText.includes(${JSON.stringify(incident.host)})`, 8000, 'the old incident in the list');
    const kept = await world.browser.inBackground<string[]>(
      `(globalThis.browser ?? chrome).storage.local.get(null).then((all) => Object.keys(all))`,
    );
    expect(kept.filter((key) => key.startsWith('quarantine:'))).toEqual([]);
    expect(kept).toContain('a later key');
    await home.page.close();
  });
});

describe.each<BrowserName>(['chromium', 'firefox'])('%s: another extension', (name) => {
  test('that sends us messages or connects gets nothing', async () => {
    told.length = 0;
    const world = await openWorld(name, scenario, {
      permissions: 'all',
      get otherExtensions() {
        return [writeCurious(name, urls.told)];
      },
    });
    try {
      // In Chromium its worker is woken by the browser's start.
      const said = await poll(() => told.at(-1), 20_000, 'the other extension’s word');
      expect(JSON.parse(said)).toEqual({ message: 'refused', port: 'refused' });
    } finally {
      await world.close();
    }
  });
});

describe('firefox: a page in a container', () => {
  test('is asked again without anybody’s cookies, never with those of another jar', async () => {
    const world = await openWorld('firefox', scenario, { permissions: 'all' });
    try {
      jars.length = 0;
      const mine = await world.browser.openTab();
      await mine.goto(urls.jar, 20_000);
      await mine.goto(urls.jar, 20_000);
      expect(jars).toEqual(['', 'jar=mine']);
      isJarBroken = true;
      jars.length = 0;
      const contained = await world.browser.openTab({ containerId: 2 });
      await contained.goto(urls.jar, 20_000);
      const ofTab = jars.length;
      expect(ofTab).toBeGreaterThan(0);
      // Nothing is kept of a container, so there is no incident until the person asks for a test.
      const popup = await world.browser.openPopupFor(contained);
      expect(await settled(popup)).toBe('no-incident');
      await popup.click('[data-action="test-tab"]');
      await popup.waitFor(`${STATE} === 'done'`, 45_000, 'the checks');
      expect(jars.length, 'our own requests were heard').toBeGreaterThan(ofTab);
      expect(jars.filter((jar) => jar !== '')).toEqual([]);
    } finally {
      isJarBroken = false;
      await world.close();
    }
  });
});
