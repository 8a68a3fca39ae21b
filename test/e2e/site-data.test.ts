import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CookieCopy } from '../../src/experiments/cookie-copies';
import type { ExperimentDetails, ExperimentId, ExperimentRun } from '../../src/model/experiment';
import type { Report } from '../../src/model/report';
import type { BrowserUnderTest, LaunchOptions, Page, Tab } from '../browsers/driver';
import { poll } from '../browsers/processes';
import { byPath, cookieBytesOf } from '../lab/cookies';
import { type Lab, startLab } from '../lab/lab';
import { isInNamespace } from '../lab/namespace';
import type { Scenario } from '../lab/scenario';
import { addServiceWorkerSite, textApp } from '../lab/service-worker';
import { addSite, drawNames, pageApp, resetApp, resetFront } from '../lab/site';
import { type BrowserName, DRIVER_FAULTS, launchIn, openReport, settled } from './world';

/**
 * Cookies, stored data and private windows in real browsers. What is deleted is what was found, and
 * comes back as it was; whoever is killed in the middle, everything is as before or as the person chose.
 */

const API = '(globalThis.browser ?? chrome)';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Cookie headers over this are reset, bytes. */
const LIMIT = 1_000;
/** Chromium writes cookies to the disk this late, ms. */
const ON_DISK_MS = 32_000;

const sites = { cookies: '', worker: { start: '', page: '' } };
/** A redirect that was kept, one for each browser. */
const cache: Record<BrowserName, { page: string; end(): void }> = {
  chromium: { page: '', end: () => undefined },
  firefox: { page: '', end: () => undefined },
};
let isOldGone = false;
/** Browsers to which a page never ends. */
const endless = new Set<BrowserName>();

/** Three that are too large, each of another kind, a namesake of one, and two that harm nobody. */
const COOKIES = (host: string, strict: string) => [
  `basket=${'b'.repeat(3_900)}; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=${strict}`,
  `basket=small; Path=/; Domain=${host}; Max-Age=86400; Secure; SameSite=Lax`,
  `seen=${'s'.repeat(3_000)}; Path=/; Domain=${host}; SameSite=Lax`,
  `theme=${'t'.repeat(2_500)}; Path=/; Max-Age=86400; Secure; SameSite=None; Partitioned`,
  'signed-in=yes; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax',
  'plain=1; Path=/; Max-Age=86400',
];

const scenario: Scenario = {
  name: 'site-data',
  about: 'A server that resets too many bytes of cookies, a service worker and a kept redirect that lead to a reset.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'] },
  async configure(draw, internet) {
    const page = pageApp(internet);
    const { host } = drawNames(internet);
    sites.cookies = host;
    await addSite(internet, {
      host,
      https: byPath(
        {
          '/start': (request, response) => {
            // A navigation by Firefox's own driver counts as one from elsewhere, and carries no strict ones.
            const strict = /Firefox/.test(request.headers['user-agent'] ?? '') ? 'Lax' : 'Strict';
            response.setHeader('set-cookie', COOKIES(host, strict));
            response.setHeader('content-type', 'text/html');
            response.end('<!doctype html><title>ready</title>');
          },
        },
        (request, response, tools) => {
          if (cookieBytesOf(request) > LIMIT) tools.reset('cookies too large');
          else if (request.url === '/aside' && endless.has(/Firefox/.test(request.headers['user-agent'] ?? '') ? 'firefox' : 'chromium')) {
            response.setHeader('content-type', 'text/html');
            response.write('<!doctype html><title>Endless</title>');
          } else {
            // As servers do to whoever comes without a session: it would replace the person's own.
            if (!/signed-in=yes/.test(request.headers.cookie ?? ''))
              response.setHeader('set-cookie', 'signed-in=no; Path=/; HttpOnly; Secure');
            page(request, response, tools);
          }
        },
      ),
    });

    const oldShell = '/old/shell.html';
    const served = await addServiceWorkerSite(internet, {
      host: drawNames(internet).host,
      workerScript: `self.addEventListener('fetch', (event) => { if (event.request.mode === 'navigate' && !event.request.url.endsWith('/fine')) event.respondWith(fetch(${JSON.stringify(oldShell)})); });`,
      wrap: (app) => resetApp(app, 'old release is gone', (request) => isOldGone && request.url === oldShell),
    });
    sites.worker = { start: served.site.httpsUrl(served.start), page: served.site.httpsUrl('/now') };

    for (const name of ['chromium', 'firefox'] as const) {
      const old = draw.port();
      const cached = drawNames(internet).host;
      let isOver = false;
      const site = await addSite(internet, {
        host: cached,
        https: (request, response, tools) => {
          if (isOver) return page(request, response, tools);
          response.statusCode = 301;
          response.setHeader('location', `https://${cached}:${old}${request.url}`);
          response.setHeader('cache-control', 'public, max-age=86400');
          response.end();
        },
      });
      await addSite(internet, {
        host: cached,
        v4: site.v4,
        ports: { https: old },
        http: 'closed',
        https: textApp('text/html', '<!doctype html><title>ready</title>'),
        front: resetFront(internet, 'accept', 'old port', () => isOver),
      });
      cache[name].page = site.httpsUrl('/kept');
      cache[name].end = () => {
        isOver = true;
        internet.hangUp(site.v4);
      };
    }
    return { url: `https://${host}/page` };
  },
};

/** Points at which something was killed or taken back, and states that were as before or as chosen afterwards. */
const count = { killed: 0, restored: 0 };
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
});
afterAll(async () => {
  await lab?.close();
  process.stdout.write(`site data: killed at ${count.killed} points, ${count.restored} states restored\n`);
});

type Run<Id extends ExperimentId> = ExperimentRun<Id> & { detail: ExperimentDetails[Id] };

/** A failed tab, and the page over it. */
class Bench {
  observer: Page | undefined;
  page: Page;
  private constructor(
    readonly browser: BrowserUnderTest,
    readonly tab: Tab,
    page: Page,
    readonly sessionId: string,
  ) {
    this.page = page;
  }

  static async open(browser: BrowserUnderTest, urls: readonly string[], between: () => void = () => undefined): Promise<Bench> {
    const tab = await browser.openTab();
    for (const url of urls.slice(0, -1)) {
      await tab.goto(url, 20_000);
      await tab.page.waitFor(`document.title === 'ready'`, 10_000);
    }
    between();
    await tab.goto(urls.at(-1) as string, 20_000);
    const tabId = await browser.extensionTabId(tab);
    for (let tries = 0; tries < 5; tries += 1) {
      const { page } = await browser.openExtensionPage(`src/popup/index.html?tab=${tabId}`);
      if ((await settled(page)) === 'done') {
        const sessionId = await page.evaluate<string>('new URLSearchParams(location.search).get("session")');
        return new Bench(browser, tab, page, sessionId);
      }
      // The worker had not heard of it yet.
      await page.close();
    }
    throw new Error('the failure was not heard of');
  }

  /** A page of the extension without scripts of its own, so that it wakes nobody. */
  async observe(): Promise<Page> {
    if (this.observer?.isOpen() !== true) {
      this.observer = (await this.browser.openExtensionPage('manifest.json')).page;
      await this.observer.waitFor(`typeof ${API} === 'object' && ${API}.storage !== undefined`, 5000, 'a page of the extension');
    }
    return this.observer;
  }
  async storage<T>(key: string): Promise<T | undefined> {
    return (await this.observe()).evaluate<T | undefined>(
      `${API}.storage.local.get(${JSON.stringify(key)}).then((all) => Object.values(all)[0])`,
    );
  }
  async send(type: string, request: object): Promise<void> {
    const text = JSON.stringify({ type, sessionId: this.sessionId, ...request });
    await (await this.observe()).evaluate(`void ${API}.runtime.sendMessage(${text}).catch(() => undefined)`);
  }
  async ended<Id extends ExperimentId>(id: Id, status: readonly string[] = ['done', 'failed']): Promise<Run<Id>> {
    return poll(
      async () => {
        const state = await this.storage<{ experiments?: Record<string, Run<Id>> }>(`session:${this.sessionId}`);
        const run = state?.experiments?.[id];
        return run && status.includes(run.status) ? run : undefined;
      },
      40_000,
      `the end of ${id}`,
    );
  }
  async start<Id extends ExperimentId>(id: Id, status?: readonly string[]): Promise<Run<Id>> {
    await this.send('experiment.start', { experiment: id, options: {} });
    return this.ended(id, status);
  }

  copies(): Promise<CookieCopy[]> {
    return this.storage<CookieCopy[]>('cookie-copies').then((all) => all ?? []);
  }
  /** Resolves at the very event that brings the newest deletion into a state. */
  async seen(state: CookieCopy['state'], begin: () => Promise<unknown>): Promise<void> {
    const page = await this.observe();
    await page.evaluate(`void (window.whenSeen = new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error('in vain for ${state}')), 10000);
      const hear = (changes) => {
        if (changes['cookie-copies']?.newValue?.at(-1)?.state !== '${state}') return;
        clearTimeout(timer);
        ${API}.storage.local.onChanged.removeListener(hear);
        done(true);
      };
      ${API}.storage.local.onChanged.addListener(hear);
    }))`);
    // One order after the other: Firefox's driver does one at a time.
    await begin();
    await page.evaluate('window.whenSeen');
  }
  /** Every cookie of the site with every attribute, as text. */
  async cookies(filter: (cookie: { session: boolean }) => boolean = () => true): Promise<string[]> {
    const gecko = this.browser.name === 'firefox' ? ', firstPartyDomain: null' : '';
    const all = await (await this.observe()).evaluate<{ session: boolean }[]>(
      `${API}.cookies.getAll({ domain: '${sites.cookies}', partitionKey: {}${gecko} })`,
    );
    return all
      .filter(filter)
      .map((one) => JSON.stringify(Object.entries(one).sort()))
      .sort();
  }
  /** Brings back what was deleted last. */
  async undo(): Promise<void> {
    const id = (await this.copies()).at(-1)?.id;
    await (await this.observe()).evaluate(
      `void ${API}.runtime.sendMessage({ type: 'cookies.bring-back', id: ${JSON.stringify(id)} }).catch(() => undefined)`,
    );
  }
  private card(id: string): string {
    return `document.querySelector('[data-experiment="${id}"]')`;
  }
  /** Clicks a button of a card and waits until the card says so. */
  async press(id: string, action: string, until: string): Promise<string> {
    await this.page.waitFor(`${this.card(id)}?.querySelector('[data-action="${action}"]') !== null`, 10_000, `the button ${action}`);
    expect(await this.page.click(`[data-experiment="${id}"] [data-action="${action}"]`)).toBe(true);
    await this.page.waitFor(
      `(${this.card(id)} ?? { querySelector: () => null }).querySelector(${JSON.stringify(until)}) !== null`,
      40_000,
      `${action} to be done`,
    );
    return this.page.evaluate<string>(`${this.card(id)}.textContent`);
  }
}

const launch = (name: BrowserName, options: Partial<LaunchOptions> = {}) => launchIn(lab, name, { permissions: 'all', ...options });
const cookieUrls = (path = '/page') => [`https://${sites.cookies}/start`, `https://${sites.cookies}${path}`];
const isKept = (cookie: { session: boolean }) => !cookie.session;
const nameOf = (cookie: string) => /"name","([^"]*)"/.exec(cookie)?.[1];

describe.concurrent.each(['chromium', 'firefox'] as BrowserName[])('%s: cookies', (name) => {
  test('only the oversized ones are named, deleted and brought back, killed at any moment', {
    retry: DRIVER_FAULTS,
    timeout: 240_000,
  }, async () => {
    const browser = await launch(name);
    try {
      let bench = await Bench.open(browser, cookieUrls());
      const visitedAtMs = Date.now();
      const before = await bench.cookies();
      expect(before.map(nameOf).sort()).toEqual(['basket', 'basket', 'plain', 'seen', 'signed-in', 'theme']);
      expect(
        before.find((one) => nameOf(one) === 'signed-in'),
        'no check without cookies replaced a session',
      ).toContain('["value","yes"]');

      const found = await bench.press('cookie-search', 'start', '[data-action="delete"]');
      expect(found).toMatch(/basket[\s\S]*seen|seen[\s\S]*basket/);
      await bench.page.evaluate(`${AXE}; true`);
      expect(
        await bench.page.evaluate(
          `window.axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map(({ id }) => id))`,
        ),
      ).toEqual([]);
      const { detail } = await bench.ended('cookie-search');
      expect(detail.culprits?.map(({ name: one, bytes }) => `${one} ${bytes}`).sort()).toEqual(['basket 3907', 'seen 3005', 'theme 2506']);
      expect(await bench.cookies(), 'searching touches no cookie').toEqual(before);

      const deleted = await bench.press('cookie-search', 'delete', '[data-action="undo"]');
      expect(deleted).toContain('Deleted, and the page works now');
      expect((await bench.cookies()).map(nameOf).sort()).toEqual(['basket', 'plain', 'signed-in']);
      expect((await bench.tab.goto(`https://${sites.cookies}/page`, 20_000)).outcome).toBe('loaded');
      // The copy is a credential: an alarm sees to its end, and no report holds it.
      const wakeAtMs = await (await bench.observe()).evaluate<number>(
        `${API}.alarms.get('cookie-copies').then((alarm) => alarm.scheduledTime)`,
      );
      expect(wakeAtMs).toBeLessThanOrEqual(Date.now() + 24 * 3_600_000);
      await openReport(bench.page);
      const file = readFileSync(await browser.download(() => bench.page.click('button[data-export="json"]'), 10_000), 'utf8');
      expect(file).not.toMatch(/[bst]{20}/);
      const told = (JSON.parse(file) as Report).changes.filter(({ what }) => what === 'cookies');
      expect(told).toMatchObject([{ count: 3, target: '', state: 'kept' }]);
      expect((JSON.parse(file) as Report).observations.cookieless).toMatchObject({ value: 'works', by: 'cookie-search' });
      await bench.page.click('[data-action="back"]');
      await bench.press('cookie-search', 'undo', '[data-action="delete"]');
      expect(await bench.cookies(), 'back with every attribute').toEqual(before);
      count.restored += 1;
      expect((await bench.copies()).map(({ state }) => state)).toEqual(['restored']);

      const all = before.length;
      const wake = async () =>
        (await bench.observe()).evaluate(`${API}.runtime.sendMessage({ type: 'wake' }).catch(() => undefined).then(() => true)`);
      const word = (said: string) => bench.send('experiment.word', { experiment: 'cookie-search', word: said });
      /** All as before, or all three gone and their copy there; nothing in between. */
      const isWhole = async (chosen: 'deleted' | 'back' | 'either', isAfterRestart: boolean, at: string) => {
        const wanted = isAfterRestart ? (await cookiesOnDisk(before)).sort() : before;
        let seen = '';
        await poll(
          async () => {
            const all = await bench.copies();
            const now = await bench.cookies(isAfterRestart ? isKept : undefined);
            const copy = all.at(-1);
            const isSettled = all.every(({ state }) => state === 'removed' || state === 'restored');
            const isBack = JSON.stringify(now) === JSON.stringify(wanted);
            const hasGone = now.every((one) => !/[bst]{9}/.test(one)) && copy?.state === 'removed';
            const isDeleted = hasGone && copy.cookies.length >= (isAfterRestart ? 2 : 3);
            seen = `${now.map(nameOf).join()}, ${JSON.stringify({ ...copy, cookies: copy?.cookies.length })}`;
            return isSettled && (chosen === 'deleted' ? isDeleted : chosen === 'back' ? isBack : isBack || isDeleted);
          },
          10_000,
          'all to be as before or as chosen',
        ).catch((error: Error) => {
          throw new Error(`${at}: ${error.message}: ${seen}`);
        });
        const copy = (await bench.copies()).at(-1);
        count.killed += 1;
        count.restored += 1;
        // Ready for the next one.
        if (copy?.state === 'removed') {
          // Whoever comes back finds the undo on the first page, whatever became of the walk.
          if (isAfterRestart) await bringBackAtHome(bench);
          else await bench.undo();
          await poll(async () => (await bench.copies()).at(-1)?.state === 'restored', 10_000, 'the return');
        }
      };
      await bench.page.close();
      for (const [state, said] of [
        ['removing', 'delete'],
        ['removed', 'delete'],
        ['restoring', 'undo'],
        ['restored', 'undo'],
      ] as const) {
        if (said === 'undo') await bench.seen('removed', () => word('delete'));
        if (said === 'undo') await bench.ended('cookie-search');
        await bench.seen(state, () => (said === 'undo' ? bench.undo() : word(said)));
        await browser.stopBackground();
        await wake();
        await isWhole(state === 'removed' ? 'deleted' : state === 'restored' ? 'back' : 'either', false, `worker killed at ${state}`);
        expect((await bench.cookies()).length).toBe(all);
      }

      // What is older than the disk's own delay is on the disk.
      await after(Math.max(0, visitedAtMs + (name === 'chromium' ? ON_DISK_MS : 3_000) - Date.now()));
      for (const [state, said, laterMs] of [
        ['removing', 'delete', 0],
        ['removed', 'delete', 0],
        ['removed', 'delete', 5_000],
        ['restoring', 'undo', 0],
        ['restored', 'undo', 0],
        ['restored', 'undo', 5_000],
      ] as const) {
        if (name === 'firefox' && laterMs > 0) continue;
        if (said === 'undo') {
          await bench.seen('removed', () => word('delete'));
          await bench.ended('cookie-search');
        }
        await bench.seen(state, () => (said === 'undo' ? bench.undo() : word(said)));
        await after(laterMs);
        await browser.killAndRelaunch();
        bench.observer = undefined;
        await bench.observe();
        await isWhole(
          state === 'removed' ? 'deleted' : state === 'restored' ? 'back' : 'either',
          true,
          `browser killed ${laterMs} ms after ${state}`,
        );
      }

      // The permission taken back in the middle, and given again.
      if (name === 'chromium') {
        bench = await Bench.open(browser, cookieUrls());
        const again = await bench.cookies();
        await bench.press('cookie-search', 'start', '[data-action="delete"]');
        await (await bench.observe()).evaluate(
          `void ${API}.storage.local.onChanged.addListener((changes) => { if (changes['cookie-copies']?.newValue?.at(-1)?.state === 'removing') void ${API}.permissions.remove({ permissions: ['cookies'] }); })`,
        );
        await bench.seen('removing', () => word2(bench, 'delete'));
        // Asked for again by a click; then what was broken off is ended.
        const action = (await bench.ended('cookie-search')).status === 'done' ? 'repeat-experiment' : 'start';
        await bench.press('cookie-search', action, '[data-action="delete"], .retest-not-possible');
        await poll(
          async () => (await bench.copies()).every(({ state }) => state === 'removed' || state === 'restored'),
          10_000,
          'the copies to settle',
        );
        const now = await bench.cookies();
        expect([again.length, again.length - 3]).toContain(now.length);
        count.killed += 1;
        count.restored += 1;
      }
    } finally {
      await browser.close();
    }
  });
});

/** By the button on the page that shows no walk. */
async function bringBackAtHome({ browser }: Bench): Promise<void> {
  const { page } = await browser.openExtensionPage('src/popup/index.html?home=1');
  await page.waitFor(`document.querySelector('[data-kept-cookies="1"] [data-action="bring-back"]') !== null`, 10_000, 'the undo');
  expect(await page.evaluate<string>(`document.querySelector('[data-kept-cookies]').textContent`)).toContain(sites.cookies);
  expect(await page.click('[data-action="bring-back"]')).toBe(true);
  await page.waitFor(`document.querySelector('[data-kept-cookies="0"] .note') !== null`, 10_000, 'the word of the return');
  await page.close();
}

const word2 = (bench: Bench, said: string) => bench.send('experiment.word', { experiment: 'cookie-search', word: said });
/** A browser's start ends sessions by itself. */
const cookiesOnDisk = async (cookies: readonly string[]) => cookies.filter((one) => one.includes('["session",false]'));

describe.concurrent.each(['chromium', 'firefox'] as BrowserName[])('%s: stored data and private windows', (name) => {
  test('the narrowest step that mends it, and nothing after it', { retry: 2, timeout: 120_000 }, async () => {
    const browser = await launch(name);
    try {
      // Firefox goes past a service worker that fails a navigation.
      if (name === 'chromium') {
        // Here alone: both browsers run at once, and the other's start must not bring back what is gone.
        isOldGone = false;
        const bench = await Bench.open(browser, [sites.worker.start, sites.worker.page], () => {
          isOldGone = true;
        });
        const { detail } = await bench.start('site-data');
        expect(detail).toMatchObject({ before: 'fails', mendedBy: 'service-worker' });
        expect(detail.cleared.map(({ what, judgement }) => `${what} ${judgement}`)).toEqual(['cache fails', 'service-worker works']);
        expect((await bench.tab.goto(sites.worker.page, 20_000)).outcome).toBe('loaded');
        count.restored += 1;
      }
      const bench = await Bench.open(browser, [cache[name].page, cache[name].page], cache[name].end);
      const { detail } = await bench.start('site-data');
      // A tab of ours has a cache of its own in Chromium: it works there before, so nothing is said to have mended it.
      if (name === 'firefox') expect(detail).toMatchObject({ before: 'fails', mendedBy: 'cache' });
      else {
        expect(detail).toMatchObject({ before: 'works' });
        expect(detail.mendedBy).toBeUndefined();
      }
      expect(detail.cleared).toHaveLength(1);
      expect((await bench.tab.goto(cache[name].page, 20_000)).outcome).toBe('loaded');
      count.restored += 1;
    } finally {
      await browser.close();
    }
  });

  test('a private window is judged where Unreset is allowed, asked about where not, and never left open', {
    retry: DRIVER_FAULTS,
    timeout: 120_000,
  }, async () => {
    const windows = (bench: Bench) =>
      bench
        .observe()
        .then((page) => page.evaluate<number>(`${API}.windows.getAll().then((all) => all.filter(({ incognito }) => incognito).length)`));
    const allowed = await launch(name, { isPrivateAllowed: true });
    try {
      const bench = await Bench.open(allowed, cookieUrls('/aside'));
      const { detail } = await bench.start('private-window');
      expect(detail).toEqual({ outcome: 'works' });
      expect(await windows(bench)).toBe(0);

      // Killed while the window is open.
      endless.add(name);
      await bench.send('experiment.start', { experiment: 'private-window', options: {} });
      await poll(async () => (await windows(bench)) === 1, 8000, 'the private window');
      await bench.page.close();
      await allowed.stopBackground();
      await (await bench.observe()).evaluate(`${API}.runtime.sendMessage({ type: 'wake' }).catch(() => undefined).then(() => true)`);
      await poll(async () => (await windows(bench)) === 0, 8000, 'the private window to go');
      count.killed += 1;
      count.restored += 1;
      const everything = JSON.stringify(await (await bench.observe()).evaluate(`${API}.storage.local.get(null)`));
      expect(everything.match(/about:blank#unreset/g), 'no address of a private window').toBeNull();
    } finally {
      endless.delete(name);
      await allowed.close();
    }
    const withheld = await launch(name);
    try {
      const bench = await Bench.open(withheld, cookieUrls());
      const { detail } = await bench.start('private-window');
      // Firefox opens none for an extension that may not look into them.
      expect(detail).toEqual(name === 'chromium' ? { isAsked: true } : { isAsked: true, isByHand: true });
    } finally {
      await withheld.close();
    }
  });
});
