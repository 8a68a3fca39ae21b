import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CookieCopy } from '../../src/experiments/cookie-copies';
import { FEWEST_LOADS } from '../../src/experiments/odds';
import type { ExperimentDetails, ExperimentId, ExperimentRun } from '../../src/model/experiment';
import type { Report } from '../../src/model/report';
import type { Change, SessionState } from '../../src/model/session';
import { changesOf } from '../../src/session/changes';
import type { BrowserUnderTest, LaunchOptions, Page, Tab } from '../browsers/driver';
import { poll } from '../browsers/processes';
import { byPath, cookieBytesOf } from '../lab/cookies';
import type { Place } from '../lab/internet';
import { type Lab, startLab } from '../lab/lab';
import { isInNamespace } from '../lab/namespace';
import { addProxy } from '../lab/proxy';
import type { Scenario } from '../lab/scenario';
import { addServiceWorkerSite, textApp } from '../lab/service-worker';
import { addSite, drawNames, pageApp, resetApp, resetFront } from '../lab/site';
import { API, type BrowserName, DRIVER_FAULTS, launchIn, Observer, OtherHand, openReport, settled } from './world';

/**
 * Cookies, stored data and private windows in real browsers. What is deleted is what was found, and
 * comes back as it was; whoever is killed in the middle, everything is as before or as the person chose.
 */

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Cookie headers over this are reset, bytes. */
const LIMIT = 1_000;
/** Browsers write cookies and what a site stores to the disk this late, ms. */
const ON_DISK_MS = 45_000;

const sites = { cookies: '', stored: '', worker: { start: '', page: '' } };
/** A redirect that was kept, one for each browser. */
const cache: Record<BrowserName, { page: string; end(): void }> = {
  chromium: { page: '', end: () => undefined },
  firefox: { page: '', end: () => undefined },
};
let isOldGone = false;
/** Proxies that let everything pass. */
let proxies: readonly Place[] = [];
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

/** Stores something of every kind, then has the title `ready`. */
const STORING = `<!doctype html><title>wait</title><link rel="icon" href="data:,"><script>
(async () => {
  localStorage.setItem('kept', '1');
  await new Promise((done, fail) => {
    const opening = indexedDB.open('kept', 1);
    opening.onsuccess = () => { opening.result.close(); done(); };
    opening.onerror = fail;
  });
  await navigator.serviceWorker.register('/worker.js', { scope: '/' });
  await navigator.serviceWorker.ready;
  document.title = 'ready';
})();
</script>`;
/** What of it is there, as a page of the site sees it. */
const STORED = `Promise.all([indexedDB.databases(), navigator.serviceWorker.getRegistrations()]).then(([databases, workers]) => ({
  cookie: document.cookie.includes('stays=1'),
  storage: localStorage.getItem('kept') === '1' && databases.some(({ name }) => name === 'kept'),
  'service-worker': workers.length === 1,
}))`;
type Stored = Record<'cookie' | 'storage' | 'service-worker', boolean>;

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

    const stored = drawNames(internet).host;
    sites.stored = stored;
    await addSite(internet, {
      host: stored,
      https: byPath(
        {
          '/worker.js': textApp('text/javascript', `self.addEventListener('install', () => self.skipWaiting());`),
          '/look': textApp('text/html', '<!doctype html><title>ready</title>'),
          '/store': (request, response, tools) => {
            response.setHeader('set-cookie', 'stays=1; Path=/; Max-Age=86400; Secure; SameSite=Lax');
            textApp('text/html', STORING)(request, response, tools);
          },
        },
        resetApp(page, 'always'),
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
    proxies = [addProxy(internet, { where: 'elsewhere' }), addProxy(internet, { where: 'elsewhere' })];
    return { url: `https://${host}/page` };
  },
};

/** Points at which something was killed or taken back, by experiment and by what was done; and states that were as before or as chosen afterwards. */
const points = new Map<string, number>();
const count = { restored: 0 };
const notePoint = (kind: string): void => {
  points.set(kind, (points.get(kind) ?? 0) + 1);
  count.restored += 1;
};
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
});
afterAll(async () => {
  await lab?.close();
  const killed = [...points.values()].reduce((sum, one) => sum + one, 0);
  const each = [...points].map(([kind, number]) => `${kind} ${number}`).sort();
  process.stdout.write(`site data: killed at ${killed} points (${each.join(', ')}), ${count.restored} states restored\n`);
});

type Run<Id extends ExperimentId> = ExperimentRun<Id> & { detail: ExperimentDetails[Id] };

/** A call of the browser's own, of the nth whose arguments `all` are such; held before or after it has done what it does. */
interface Hold {
  call: string;
  is?: string;
  nth?: number;
  when: 'before' | 'after';
}

/** A failed tab, and the page over it. */
class Bench {
  readonly observer: Observer;
  page: Page;
  /** The page with the button by which permissions are given again. */
  private granting: Page | undefined;
  private chains = 0;
  private constructor(
    readonly browser: BrowserUnderTest,
    readonly tab: Tab,
    page: Page,
    readonly sessionId: string,
  ) {
    this.page = page;
    this.observer = new Observer(browser);
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

  async storage<T>(key: string): Promise<T | undefined> {
    return this.observer.in<T | undefined>(`${API}.storage.local.get(${JSON.stringify(key)}).then((all) => Object.values(all)[0])`);
  }
  async send(type: string, request: object): Promise<void> {
    const text = JSON.stringify({ type, sessionId: this.sessionId, ...request });
    await this.observer.in(`void ${API}.runtime.sendMessage(${text}).catch(() => undefined)`);
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
  /** The run as the worker shows it, once nothing of it is under way: what a kill ended is written down only with the next change. */
  async settledRun(id: ExperimentId): Promise<ExperimentRun> {
    return poll(
      async () => {
        const run = (await this.shown()).state.experiments?.[id];
        return run?.status === 'running' || run?.status === 'waiting' ? undefined : run;
      },
      40_000,
      `the end of ${id}`,
    );
  }
  async start<Id extends ExperimentId>(id: Id, status?: readonly string[]): Promise<Run<Id>> {
    await this.send('experiment.start', { experiment: id, options: {} });
    return this.ended(id, status);
  }

  /** The walk as the worker shows it, and all changes of it; wakes the worker. */
  async shown(): Promise<{ state: SessionState; changes: readonly Change[] }> {
    const { state, changes } = await this.observer.in<{ state: SessionState; changes: readonly Change[] }>(
      `new Promise((done) => {
        const port = ${API}.runtime.connect({ name: 'session:${this.sessionId}' });
        port.onMessage.addListener((message) => { port.disconnect(); done(message); });
      })`,
    );
    return { state, changes: changesOf(state, changes) };
  }
  /** Makes one of the browser's own functions wait in this life of the worker. `name`: by which it says that it waits, and is let go. */
  private async install({ call, is = 'true', nth = 1, when }: Hold, name: string): Promise<void> {
    const page = await this.observer.page();
    await page.evaluate(`void ((window.held ??= {})['${name}'] = new Promise((done) => {
      const channel = new BroadcastChannel('${name}');
      channel.onmessage = ({ data }) => {
        if (data !== 'held') return;
        channel.close();
        done('${name}');
      };
    }))`);
    const [owner, method] = [call.slice(0, call.lastIndexOf('.')), call.slice(call.lastIndexOf('.') + 1)];
    await this.browser.inBackground(`(() => {
      const owner = ${API}.${owner};
      const original = owner.${method}.bind(owner);
      const channel = new BroadcastChannel('${name}');
      let left = ${nth};
      owner.${method} = async (...all) => {
        if (left === 0 || !(${is})) return original(...all);
        left -= 1;
        if (left > 0) return original(...all);
        const answer = ${when === 'after' ? 'await original(...all)' : 'undefined'};
        const released = new Promise((go) => { channel.onmessage = ({ data }) => data === 'go' && go(); });
        channel.postMessage('held');
        await released;
        return ${when === 'after' ? 'answer' : 'original(...all)'};
      };
      return true;
    })()`);
  }
  /** Resolves with the first of those that wait. */
  private async untilHeld(names: readonly string[]): Promise<string> {
    const page = await this.observer.page();
    return page.evaluate<string>(`Promise.race([
      ...${JSON.stringify(names)}.map((name) => window.held[name]),
      new Promise((_, fail) => setTimeout(() => fail(new Error('in vain for ${names.join()}')), 15000)),
    ])`);
  }
  /** Has a call wait, and resolves when what `begin` sets off has come there. */
  async held(hold: Hold, begin: () => Promise<unknown>): Promise<void> {
    await this.install(hold, 'hold');
    // One order after the other: Firefox's driver does one at a time.
    await begin();
    await this.untilHeld(['hold']);
  }
  async release(name = 'hold'): Promise<void> {
    await this.observer.in(`new BroadcastChannel('${name}').postMessage('go'), true`);
  }
  /** The same at several calls, in whatever order they come; each is let go once `work` is done there. */
  async heldAtEach(
    steps: readonly { at: string; hold: Hold }[],
    begin: () => Promise<unknown>,
    work: (at: string) => Promise<unknown>,
  ): Promise<void> {
    this.chains += 1;
    const left = new Map(steps.map((step, index) => [`hold-${this.chains}-${index}`, step]));
    for (const [name, { hold }] of left) await this.install(hold, name);
    await begin();
    while (left.size > 0) {
      const name = await this.untilHeld([...left.keys()]).catch((error: Error) => {
        throw new Error(`${error.message}: ${[...left.values()].map(({ at }) => at).join(', ')}`);
      });
      await work(left.get(name)?.at ?? '');
      left.delete(name);
      await this.release(name);
    }
  }
  /** Has the browser write its cookies, up to one that was set last. */
  async writeCookies(name: string): Promise<void> {
    if (this.browser.name === 'chromium') {
      await this.observer.in(
        `Promise.all(Array.from({ length: ${CHANGES_TO_WRITE} }, (_, index) =>
          ${API}.cookies.set({ url: 'https://n' + index + '.example/', name: 'n', value: '1', expirationDate: Date.now() / 1000 + 86400 }))).then(() => true)`,
      );
    }
    await onDisk(this.browser, COOKIE_FILES, name);
  }
  async killWorker(): Promise<void> {
    await this.browser.stopBackground();
    await this.observer.wake();
  }
  async killBrowser(): Promise<void> {
    await this.browser.killAndRelaunch();
    this.observer.forget();
    this.granting = undefined;
    await this.observer.wake();
  }
  /** A newer version of Unreset takes the place of this one, in the browser that goes on. */
  async update(): Promise<void> {
    await this.browser.renew();
    this.observer.forget();
    this.granting = undefined;
    await this.observer.wake();
  }
  async takeBack(permission: string): Promise<void> {
    const page = await this.observer.page();
    expect(await page.evaluate(`${API}.permissions.remove({ permissions: ['${permission}'] })`)).toBe(true);
  }
  /** Gives a permission again by a click, as a person does. */
  async grant(permission: string): Promise<void> {
    if (this.granting?.isOpen() !== true) {
      this.granting = (await this.browser.openExtensionPage('src/popup/index.html?home=1')).page;
      await this.granting.waitFor(`document.querySelector('main')?.dataset.state === 'no-incident'`, 10_000, 'the first page');
    }
    await this.granting.evaluate(`(() => {
      document.getElementById('grant')?.remove();
      const button = document.body.appendChild(document.createElement('button'));
      button.id = 'grant';
      button.onclick = () => { window.granted = ${API}.permissions.request({ permissions: ['${permission}'] }); };
      return true;
    })()`);
    expect(await this.granting.click('#grant')).toBe(true);
    expect(await this.granting.evaluate('window.granted')).toBe(true);
  }

  copies(): Promise<CookieCopy[]> {
    return this.storage<CookieCopy[]>('cookie-copies').then((all) => all ?? []);
  }
  /** Resolves at the very event that brings the newest deletion into a state. */
  async seen(state: CookieCopy['state'], begin: () => Promise<unknown>): Promise<void> {
    const page = await this.observer.page();
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
  async cookies(): Promise<string[]> {
    const gecko = this.browser.name === 'firefox' ? ', firstPartyDomain: null' : '';
    const all = await this.observer.in<object[]>(`${API}.cookies.getAll({ domain: '${sites.cookies}', partitionKey: {}${gecko} })`);
    return all.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
  }
  /** Brings back what was deleted last. */
  async undo(): Promise<void> {
    const id = (await this.copies()).at(-1)?.id;
    await this.observer.in(
      `void ${API}.runtime.sendMessage({ type: 'cookies.bring-back', id: ${JSON.stringify(id)} }).catch(() => undefined)`,
    );
  }
  private card(id: string): string {
    return `document.querySelector('[data-experiment="${id}"]')`;
  }
  /** Clicks a button of a card and waits until the card says so. */
  async press(id: string, action: string, until: string): Promise<string> {
    const button = `[data-experiment="${id}"] [data-action="${action}"]`;
    // A view that comes just now may put another button in its place.
    await poll(() => this.page.click(button), 10_000, `the button ${action}`);
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
const nameOf = (cookie: string) => /"name","([^"]*)"/.exec(cookie)?.[1];

/** Files of the profile in a folder, or of a name and what the browser keeps beside it. */
function filesAt(browser: BrowserUnderTest, place: string): string[] {
  const path = join(browser.profileDirectory, place);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    return readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name));
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(basename(path)))
    .map((name) => join(dirname(path), name));
}
/** Waits until the browser has written such bytes; `of`: files that count. */
function onDisk(browser: BrowserUnderTest, places: Record<BrowserName, string>, text: string, of = /./): Promise<true> {
  return poll(
    () =>
      filesAt(browser, places[browser.name])
        .filter((file) => of.test(file))
        .some((file) => {
          try {
            return statSync(file).isFile() && readFileSync(file).includes(text);
          } catch {
            // The browser makes and drops files meanwhile.
            return false;
          }
        }) || undefined,
    ON_DISK_MS,
    `${text} on the disk`,
    300,
  );
}
const COOKIE_FILES = { chromium: 'Default/Cookies', firefox: 'cookies.sqlite' };
/** Chromium writes cookies after half a minute, or with so many changes (`kCommitAfterBatchSize`). */
const CHANGES_TO_WRITE = 520;

const COPIES = `'cookie-copies' in all[0]`;
const statusOfSearch = (status: ExperimentRun['status']) =>
  `Object.values(all[0]).some((one) => one?.experiments?.['cookie-search']?.status === '${status}')`;
/** Every step of deleting and of bringing back, what set it off, and how the cookies must be after a kill there and after the permission was taken back there. */
const COOKIE_STEPS: readonly {
  at: string;
  hold: Hold;
  said: 'start' | 'delete' | 'undo';
  killed: CookieEnd;
  refused: CookieEnd;
}[] = [
  {
    at: 'in the search',
    hold: {
      call: 'storage.local.set',
      is: `Object.values(all[0]).some((one) => one?.experiments?.['cookie-search']?.detail?.requests === 3)`,
      when: 'after',
    },
    said: 'start',
    killed: 'back',
    refused: 'back',
  },
  {
    at: 'before the word is noted',
    hold: { call: 'storage.local.set', is: statusOfSearch('running'), when: 'before' },
    said: 'delete',
    killed: 'back',
    refused: 'back',
  },
  {
    at: 'before the copy',
    hold: { call: 'storage.local.set', is: COPIES, when: 'before' },
    said: 'delete',
    killed: 'back',
    refused: 'back',
  },
  {
    at: 'with the copy',
    hold: { call: 'storage.local.set', is: COPIES, when: 'after' },
    said: 'delete',
    killed: 'back',
    refused: 'back',
  },
  {
    at: 'in mid-deletion',
    hold: { call: 'cookies.remove', when: 'after' },
    said: 'delete',
    killed: 'back',
    refused: 'back',
  },
  {
    at: 'after the last deletion',
    // One with a namesake is set anew with a time long past.
    hold: { call: 'cookies.set', is: 'all[0].expirationDate === 1', when: 'after' },
    said: 'delete',
    killed: 'back',
    refused: 'back',
  },
  {
    at: 'deleted',
    hold: { call: 'storage.local.set', is: COPIES, nth: 2, when: 'after' },
    said: 'delete',
    killed: 'deleted',
    refused: 'deleted',
  },
  { at: 'tried again', hold: { call: 'tabs.create', when: 'after' }, said: 'delete', killed: 'deleted', refused: 'deleted' },
  {
    at: 'judged',
    hold: { call: 'storage.local.set', is: statusOfSearch('done'), when: 'before' },
    said: 'delete',
    killed: 'deleted',
    refused: 'deleted',
  },
  {
    at: 'before the return',
    hold: { call: 'storage.local.set', is: COPIES, when: 'before' },
    said: 'undo',
    killed: 'deleted',
    refused: 'back',
  },
  {
    at: 'returning',
    hold: { call: 'storage.local.set', is: COPIES, when: 'after' },
    said: 'undo',
    killed: 'back',
    refused: 'back',
  },
  { at: 'after the first return', hold: { call: 'cookies.set', when: 'after' }, said: 'undo', killed: 'back', refused: 'back' },
  {
    at: 'after the last return',
    hold: { call: 'cookies.set', nth: -1, when: 'after' },
    said: 'undo',
    killed: 'back',
    refused: 'back',
  },
  {
    at: 'returned',
    hold: { call: 'storage.local.set', is: COPIES, nth: 2, when: 'after' },
    said: 'undo',
    killed: 'back',
    refused: 'back',
  },
];
type CookieEnd = 'back' | 'deleted';
/** What browsers write late has been written in some of these, and in others not. */
const LATER_MS = [5_000, 15_000];

const CULPRIT = /[bst]{9}/;
/** The cookies of a site and their return, whatever is done to whoever deletes them. */
class CookieBench {
  /** As before, of what this life of the browser has. */
  private wanted: string[] = [];
  private isAnew = false;
  private constructor(readonly bench: Bench) {}

  static async open(browser: BrowserUnderTest): Promise<CookieBench> {
    const mine = new CookieBench(await Bench.open(browser, cookieUrls()));
    mine.wanted = await mine.bench.cookies();
    expect((await mine.bench.start('cookie-search')).detail.outcome).toBe('found');
    await mine.bench.page.close();
    return mine;
  }
  /** A browser's start may end sessions by itself; from then on only the others are looked at. */
  noteRestart(): void {
    this.isAnew = true;
    this.wanted = this.wanted.filter((one) => one.includes('["session",false]'));
  }
  private get culprits(): number {
    return this.wanted.filter((one) => CULPRIT.test(one)).length;
  }
  say(said: 'start' | 'delete' | 'undo'): Promise<void> {
    if (said === 'undo') return this.bench.undo();
    if (said === 'start') return this.bench.send('experiment.start', { experiment: 'cookie-search', options: {} });
    return this.bench.send('experiment.word', { experiment: 'cookie-search', word: 'delete' });
  }
  /** Deletes, and waits until the page was tried again after it. */
  async remove(): Promise<void> {
    await this.bench.seen('removed', () => this.say('delete'));
    await this.bench.ended('cookie-search');
  }
  /** The worker stands at a step. */
  async reach({ said, hold }: (typeof COOKIE_STEPS)[number]): Promise<void> {
    if (said === 'undo') await this.remove();
    // All that were deleted come back, also sessions that outlived a restart.
    const all = (await this.bench.copies()).at(-1)?.cookies.length ?? 0;
    await this.bench.held({ ...hold, nth: hold.nth === -1 ? all : (hold.nth ?? 1) }, () => this.say(said));
  }
  /** One word, held at every step that follows from it while `work` is done there. */
  async pass(steps: typeof COOKIE_STEPS, said: 'start' | 'delete' | 'undo', work: (at: string) => Promise<unknown>): Promise<void> {
    const all = (await this.bench.copies()).at(-1)?.cookies.length ?? 0;
    const holds = steps.map(({ at, hold }) => ({ at, hold: { ...hold, nth: hold.nth === -1 ? all : (hold.nth ?? 1) } }));
    await this.bench.heldAtEach(holds, () => this.say(said), work);
    await this.bench.ended('cookie-search');
  }
  /** All as before, or just the culprits gone and their copy there; nothing in between. */
  async expect(end: CookieEnd, at: string): Promise<void> {
    let seen = '';
    const others = this.wanted.filter((one) => !CULPRIT.test(one));
    await poll(
      async () => {
        const copies = await this.bench.copies();
        const now = (await this.bench.cookies()).filter((one) => !this.isAnew || one.includes('["session",false]'));
        const copy = copies.at(-1);
        seen = `${now.map(nameOf).join()}, ${JSON.stringify({ ...copy, cookies: copy?.cookies.length })}`;
        if (!copies.every(({ state }) => state === 'removed' || state === 'restored')) return false;
        if (end === 'back') return JSON.stringify(now) === JSON.stringify(this.wanted) && copy?.state !== 'removed';
        return JSON.stringify(now) === JSON.stringify(others) && copy?.state === 'removed' && copy.cookies.length >= this.culprits;
      },
      10_000,
      'the state to be as before or as chosen',
    ).catch((error: Error) => {
      throw new Error(`${at}: ${error.message}: ${seen}`);
    });
  }
  /** Brings it to each of the steps, does something there, and looks how the cookies are then. */
  async eachStep(kind: string, steps: typeof COOKIE_STEPS, end: 'killed' | 'refused', work: () => Promise<unknown>): Promise<void> {
    for (const step of steps) {
      await this.reach(step);
      await work();
      await this.expect(step[end], `${kind} ${step.at}`);
      notePoint(`cookies, ${kind}`);
      if (step[end] === 'deleted') {
        await this.bench.undo();
        await this.expect('back', 'for the next one');
      }
      const { status } = await this.bench.settledRun('cookie-search');
      if (status === 'interrupted') expect((await this.bench.start('cookie-search')).detail.outcome).toBe('found');
    }
  }
}

describe.concurrent.each(['chromium', 'firefox'] as BrowserName[])('%s: cookies', (name) => {
  const options = { retry: DRIVER_FAULTS, timeout: 240_000 };

  test('only the oversized ones are named, deleted and brought back, and once more after another search', options, async () => {
    const browser = await launch(name);
    try {
      const bench = await Bench.open(browser, cookieUrls());
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
      const wakeAtMs = await bench.observer.in<number>(`${API}.alarms.get('cookie-copies').then((alarm) => alarm.scheduledTime)`);
      expect(wakeAtMs).toBeLessThanOrEqual(Date.now() + 24 * 3_600_000);
      await openReport(bench.page);
      const file = readFileSync(await browser.download(() => bench.page.click('button[data-export="json"]'), 10_000), 'utf8');
      expect(file).not.toMatch(/[bst]{20}/);
      const told = (JSON.parse(file) as Report).changes.filter(({ what }) => what === 'cookies');
      expect(told).toMatchObject([{ count: 3, target: '', state: 'kept' }]);
      expect((JSON.parse(file) as Report).observations.cookieless).toMatchObject({ value: 'works', by: 'cookie-search' });
      await bench.page.click('[data-action="back"]');

      // A search begun anew forgets the deletion, not its undo.
      const { startedAtMs } = await bench.ended('cookie-search');
      await bench.press('cookie-search', 'repeat-experiment', '.retest');
      const again = () => bench.ended('cookie-search').then((run) => (run.startedAtMs > startedAtMs ? run : undefined));
      expect((await poll(again, 40_000, 'the other search')).detail.outcome).toBe('works-with-cookies');
      await bench.press('cookie-search', 'undo', '.note');
      expect(await bench.cookies(), 'back with every attribute').toEqual(before);
      expect((await bench.copies()).map(({ state }) => state)).toEqual(['restored']);

      // Found again, deleted again, brought back again.
      await bench.page.click('[data-experiment="cookie-search"] [data-action="repeat-experiment"]');
      await bench.press('cookie-search', 'delete', '[data-action="undo"]');
      expect((await bench.cookies()).map(nameOf).sort()).toEqual(['basket', 'plain', 'signed-in']);
      await bench.press('cookie-search', 'undo', '[data-action="delete"]');
      expect(await bench.cookies(), 'back after a repeat').toEqual(before);
      expect((await bench.copies()).map(({ state }) => state)).toEqual(['restored', 'restored']);
      count.restored += 2;
    } finally {
      await browser.close();
    }
  });

  test('the worker killed and the permission taken back at every step', options, async () => {
    const browser = await launch(name);
    try {
      const cookies = await CookieBench.open(browser);
      const { bench } = cookies;
      await cookies.eachStep('worker killed', COOKIE_STEPS, 'killed', () => bench.killWorker());
      await cookies.eachStep('permission taken back', COOKIE_STEPS, 'refused', async () => {
        await bench.takeBack('cookies');
        await bench.release();
        await bench.settledRun('cookie-search');
        await bench.grant('cookies');
      });
    } finally {
      await browser.close();
    }
  });

  // Sessions too, for the browser goes on.
  test('Unreset updated at every step', options, async () => {
    const browser = await launch(name);
    try {
      const cookies = await CookieBench.open(browser);
      await cookies.eachStep('Unreset updated', COOKIE_STEPS, 'killed', () => cookies.bench.update());
    } finally {
      await browser.close();
    }
  });

  // Side by side, because each step costs a start of the browser.
  test.each([
    ['the search and the deletion', COOKIE_STEPS.filter(({ said }) => said !== 'undo')],
    ['the return', COOKIE_STEPS.filter(({ said }) => said === 'undo')],
  ])('the browser killed at every step of %s', options, async (_, steps) => {
    const browser = await launch(name);
    try {
      const cookies = await CookieBench.open(browser);
      await cookies.bench.writeCookies('plain');
      await cookies.eachStep('browser killed', steps, 'killed', async () => {
        await cookies.bench.killBrowser();
        cookies.noteRestart();
      });
    } finally {
      await browser.close();
    }
  });

  test('the browser killed 5 and 15 s after the deletion and after the return', options, async () => {
    const browser = await launch(name);
    try {
      const cookies = await CookieBench.open(browser);
      const { bench } = cookies;
      await cookies.bench.writeCookies('plain');
      for (const laterMs of LATER_MS) {
        await cookies.remove();
        await after(laterMs);
        await bench.killBrowser();
        cookies.noteRestart();
        await cookies.expect('deleted', `browser killed ${laterMs} ms after the deletion`);
        notePoint('cookies, browser killed later');
        // Whoever comes back finds the undo on the first page, whatever became of the walk.
        await bringBackAtHome(bench);
        await cookies.expect('back', 'brought back on the first page');
        await after(laterMs);
        await bench.killBrowser();
        await cookies.expect('back', `browser killed ${laterMs} ms after the return`);
        notePoint('cookies, browser killed later');
      }
      // The same in another walk of the same host.
      await cookies.remove();
      await bench.tab.page.close().catch(() => undefined);
      const anew = await Bench.open(browser, [`https://${sites.cookies}/start`, `https://${sites.cookies}/other`]);
      await anew.page.waitFor(`document.querySelector('[data-kept-cookies="1"] [data-action="bring-back"]') !== null`, 10_000, 'the undo');
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

const urlOfStored = (path: string) => `https://${sites.stored}${path}`;
const clearingOf = (what: 'cache' | 'serviceWorkers' | 'localStorage', when: Hold['when']): Hold => ({
  call: 'browsingData.remove',
  is: `all[1].${what} === true`,
  when,
});
const noted = (what: string, judgement: 'fails' | undefined, when: Hold['when']): Hold => ({
  call: 'storage.local.set',
  is: `Object.values(all[0]).some((one) => { const last = one?.experiments?.['site-data']?.detail?.cleared?.at(-1); return last?.what === '${what}' && last.judgement === ${judgement && `'${judgement}'`}; })`,
  when,
});
interface ClearingStep {
  at: string;
  hold: Hold;
  /** To the run that waits. */
  word?: 'clear';
  /** What must be gone by then, of what a page of the site can see. */
  gone: readonly (keyof Stored)[];
  /** What is told as cleared. */
  told: readonly string[];
  /** A run that is killed there does this kind once more. */
  isBrokenOff?: true;
  /** Cleared just now: a browser that is killed may not have written that to its disk, and it is cleared once more. */
  isFresh?: true;
}
const DATA = { cache: 'cache', 'service-worker': 'serviceWorkers', storage: 'localStorage' } as const;
type Kind = keyof typeof DATA;
const KINDS = Object.keys(DATA) as readonly Kind[];
const isSeen = (kind: Kind): kind is Exclude<Kind, 'cache'> => kind !== 'cache';

/** Every step of clearing one kind, in the order of a run that is gone on with after each kill. */
function clearingSteps(kind: Kind): ClearingStep[] {
  const done = KINDS.slice(0, KINDS.indexOf(kind));
  const untouched = { gone: done.filter(isSeen), told: done };
  const noticed = { gone: untouched.gone, told: [...done, kind] };
  const cleared = { gone: noticed.told.filter(isSeen), told: noticed.told };
  const steps: ClearingStep[] = [
    { at: 'before the note', hold: noted(kind, undefined, 'before'), ...untouched },
    { at: 'after the note', hold: clearingOf(DATA[kind], 'before'), ...noticed, isBrokenOff: true },
    { at: 'after the change', hold: clearingOf(DATA[kind], 'after'), ...cleared, isBrokenOff: true, isFresh: true },
    { at: 'in the load after it', hold: { call: 'tabs.create', when: 'after' }, ...cleared, isBrokenOff: true, isFresh: true },
    { at: 'after what came of it is noted', hold: noted(kind, 'fails', 'after'), ...cleared },
  ];
  return steps.map((step) => ({ ...step, at: `${kind}: ${step.at}`, ...(kind === 'storage' ? { word: 'clear' } : {}) }));
}
const WHILE_IT_WAITS = 'while it waits';
/** The last of these is the one before it waits. */
const STEPS_UNASKED: readonly ClearingStep[] = [
  { at: 'in the first loads', hold: { call: 'tabs.create', nth: 2, when: 'after' }, gone: [], told: [] },
  ...clearingSteps('cache'),
  ...clearingSteps('service-worker'),
];
const STEPS_ASKED: readonly ClearingStep[] = clearingSteps('storage');

/** The same step of a run that was not broken off before: it has loaded the page until it was clear that it fails, and once after each. */
function inOneRun({ hold, told, word, isFresh }: ClearingStep): Hold {
  if (hold.call !== 'tabs.create' || !isFresh || word !== undefined) return hold;
  return { ...hold, nth: FEWEST_LOADS + told.length };
}
/** What comes of a run that goes on from a step without the permission; `isAsked`: it waits for the person before. */
interface ClearingEnd extends Pick<ClearingStep, 'gone' | 'told'> {
  status: ExperimentRun['status'];
  isAsked?: true;
  /** May be there or not. */
  unsure?: keyof Stored | undefined;
}
function endWithout({ hold, gone, told }: Pick<ClearingStep, 'hold' | 'gone' | 'told'>, name: BrowserName): ClearingEnd {
  const isCleared = hold.when === 'after';
  const next = KINDS[told.length];
  // The browser is asked all the same and refuses; that it may have begun to clear stays told.
  if (!isCleared) return { status: 'failed', gone, told: hold.call === 'browsingData.remove' ? told : [...told, next as Kind] };
  if (next === undefined) return { status: 'done', gone, told };
  const isAsked = next === 'storage' ? ({ isAsked: true } as const) : {};
  // Firefox takes its function away with the permission; Chromium lets us ask, and refuses.
  return name === 'chromium' ? { status: 'failed', gone, told: [...told, next], ...isAsked } : { status: 'done', gone, told, ...isAsked };
}

/** A site that has stored something of every kind, and a page of it that always fails. */
class ClearingBench {
  /** What was cleared since then is this run's. */
  private sinceMs = 0;
  private constructor(readonly bench: Bench) {}

  static async open(browser: BrowserUnderTest): Promise<ClearingBench> {
    const mine = new ClearingBench(await Bench.open(browser, [urlOfStored('/store'), urlOfStored('/broken')]));
    await mine.bench.page.close();
    return mine;
  }
  private async visit(path: string): Promise<Stored> {
    const tab = await this.bench.browser.openTab();
    await tab.goto(urlOfStored(path), 20_000);
    await tab.page.waitFor(`document.title === 'ready'`, 10_000, path);
    const stored = await tab.page.evaluate<Stored>(STORED);
    await tab.page.close();
    return stored;
  }
  /** Stores everything anew; what is told from now on is counted. */
  async store(): Promise<void> {
    this.sinceMs = Date.now();
    expect(await this.visit('/store'), 'stored').toEqual({ cookie: true, storage: true, 'service-worker': true });
  }
  begin(): Promise<void> {
    return this.bench.send('experiment.start', { experiment: 'site-data', options: {} });
  }
  say(word: 'clear' | 'leave'): Promise<void> {
    return this.bench.send('experiment.word', { experiment: 'site-data', word });
  }
  async untilItWaits(): Promise<void> {
    await this.begin();
    await this.bench.ended('site-data', ['waiting']);
  }
  /** Nothing stands changed but what was cleared; that is told, and nothing else is gone. */
  async expect(at: string, { status, gone, told, unsure }: ClearingEnd): Promise<void> {
    const { bench } = this;
    let seen = '';
    const { changes } = await poll(
      async () => {
        const now = await bench.shown();
        const run = now.state.experiments?.['site-data'];
        seen = JSON.stringify([run, now.changes]).slice(-1500);
        return run?.status === status && now.changes.every(({ state }) => state !== 'changed') ? now : undefined;
      },
      10_000,
      'the state to be given back',
    ).catch((error: Error) => {
      throw new Error(`${at}: ${error.message}: ${seen}`);
    });
    const cleared = changes.filter(({ what, changedAtMs }) => what === 'site-data' && changedAtMs >= this.sinceMs);
    expect([...new Set(cleared.map(({ target }) => target))], at).toEqual(told);
    const there: Stored = { cookie: true, storage: !gone.includes('storage'), 'service-worker': !gone.includes('service-worker') };
    // Before another tab is opened: the driver takes a blank one that is there.
    const blank = await bench.observer.in<number>(
      `${API}.tabs.query({}).then((all) => all.filter(({ url, openerTabId }) => url?.startsWith('about:blank') && openerTabId !== undefined).length)`,
    );
    expect(blank, `${at}: blank tabs of ours left open`).toBe(0);
    const seenThere = await this.visit('/look');
    expect(unsure === undefined ? seenThere : { ...seenThere, [unsure]: there[unsure] }, at).toEqual(there);
    const tabs = await bench.observer.in<(string | null)[]>(`${API}.tabs.query({}).then((all) => all.map(({ url }) => url))`);
    expect(tabs.filter((one) => one?.includes('/broken')).length, `${at}: tabs left open`).toBeLessThanOrEqual(1);
  }
  /** The permission taken back at a step of a run of its own, which then goes as far as it may. */
  async refuse(at: string, reach: () => Promise<unknown>, end: ClearingEnd): Promise<void> {
    await this.store();
    await reach();
    await this.bench.takeBack('browsingData');
    await this.bench.release();
    if (end.isAsked) {
      await this.bench.ended('site-data', ['waiting']);
      await this.say('clear');
    }
    await this.expect(`permission taken back, ${at}`, end);
    notePoint('clearing, permission taken back');
    await this.bench.grant('browsingData');
  }
  /** One run, killed at every step, or at some, so long after each, and gone on with. */
  async kill(
    kind: 'worker killed' | 'Unreset updated' | 'browser killed',
    { laterMs = 0, isStep = () => true }: { laterMs?: number; isStep?: (at: string) => boolean } = {},
  ): Promise<void> {
    const kill = async () => {
      await after(laterMs);
      if (kind === 'worker killed') await this.bench.killWorker();
      else if (kind === 'Unreset updated') await this.bench.update();
      else await this.bench.killBrowser();
    };
    const told = laterMs === 0 ? kind : `${kind} ${laterMs / 1000} s later`;
    const isMine = ({ at }: ClearingStep) => isStep(at);
    const killAt = async ({ at, hold, word, gone, told: cleared, isFresh }: ClearingStep) => {
      if (word !== undefined) await this.untilItWaits();
      await this.bench.held(hold, () => (word === undefined ? this.begin() : this.say(word)));
      await kill();
      const isUnsure = kind === 'browser killed' && isFresh && laterMs === 0;
      await this.expect(`${told}, ${at}`, { status: 'interrupted', gone, told: cleared, unsure: isUnsure ? gone.at(-1) : undefined });
      notePoint(`clearing, ${told}`);
    };
    for (const step of STEPS_UNASKED.filter(isMine)) await killAt(step);
    // One that waits for the person still does.
    if (isStep(WHILE_IT_WAITS)) {
      await this.untilItWaits();
      await kill();
      await this.expect(`${told}, ${WHILE_IT_WAITS}`, { status: 'waiting', gone: ['service-worker'], told: KINDS.slice(0, 2) });
      notePoint(`clearing, ${told}`);
    }
    for (const step of STEPS_ASKED.filter(isMine)) await killAt(step);
    // What was noted is not done twice; where the last was not, it is asked for once more.
    await this.begin();
    const { status } = await this.bench.ended('site-data', ['done', 'failed', 'waiting']);
    if (status === 'waiting') await this.say('clear');
    const { detail } = await this.bench.ended('site-data');
    expect(detail.mendedBy).toBeUndefined();
    expect(detail.cleared.map(({ what, isBrokenOff = false }) => `${what} ${isBrokenOff}`)).toEqual(
      KINDS.flatMap((what) => [
        ...clearingSteps(what)
          .filter((step) => isMine(step) && step.isBrokenOff)
          .map(() => `${what} true`),
        `${what} false`,
      ]),
    );
    await this.expect(`${told}, at the end`, { status: 'done', gone: ['service-worker', 'storage'], told: KINDS });
  }
  /** One run, held at every step while `work` is done there; nothing is cleared but by it. */
  async passEachStep(work: (at: string) => Promise<unknown>): Promise<void> {
    await this.store();
    const pass = (steps: readonly ClearingStep[], begin: () => Promise<unknown>) =>
      this.bench.heldAtEach(
        steps.map((step) => ({ at: step.at, hold: inOneRun(step) })),
        begin,
        work,
      );
    await pass(STEPS_UNASKED, () => this.begin());
    await this.bench.ended('site-data', ['waiting']);
    await work(WHILE_IT_WAITS);
    await pass(STEPS_ASKED, () => this.say('clear'));
    await this.bench.ended('site-data');
    await this.expect('at the end', { status: 'done', gone: ['service-worker', 'storage'], told: KINDS });
  }
}

describe.concurrent.each(['chromium', 'firefox'] as BrowserName[])('%s: clearing', (name) => {
  // Each step of the last one costs a start of the browser.
  const options = { retry: DRIVER_FAULTS, timeout: 480_000 };

  test.each(['worker killed', 'Unreset updated'] as const)('%s at every step of clearing', options, async (kind) => {
    const browser = await launch(name);
    try {
      const clearing = await ClearingBench.open(browser);
      await clearing.store();
      await clearing.kill(kind);
    } finally {
      await browser.close();
    }
  });

  test('the permission taken back at every step of clearing', options, async () => {
    const browser = await launch(name);
    try {
      const clearing = await ClearingBench.open(browser);
      for (const step of [...STEPS_UNASKED, ...STEPS_ASKED]) {
        const reach = async () => {
          if (step.word !== undefined) await clearing.untilItWaits();
          await clearing.bench.held(inOneRun(step), () => (step.word === undefined ? clearing.begin() : clearing.say(step.word)));
        };
        await clearing.refuse(step.at, reach, endWithout(step, name));
      }
      const waiting = { hold: noted('service-worker', 'fails', 'after'), gone: ['service-worker'], told: KINDS.slice(0, 2) } as const;
      await clearing.refuse(WHILE_IT_WAITS, () => clearing.untilItWaits(), endWithout(waiting, name));
    } finally {
      await browser.close();
    }
  });

  /** What is to be cleared has been written, and the cookie that is to stay. */
  const storeOnDisk = async (clearing: ClearingBench) => {
    await clearing.store();
    const { bench } = clearing;
    await onDisk(bench.browser, { chromium: 'Default/Local Storage', firefox: 'storage/default' }, 'kept', /Local Storage|\Wls\W/);
    await bench.writeCookies('stays');
  };

  test('the browser killed at every step of clearing', options, async () => {
    const browser = await launch(name);
    try {
      const clearing = await ClearingBench.open(browser);
      await storeOnDisk(clearing);
      await clearing.kill('browser killed');
    } finally {
      await browser.close();
    }
  });

  test.each(LATER_MS)('the browser killed %i ms after each clearing', options, async (laterMs) => {
    const browser = await launch(name);
    try {
      const clearing = await ClearingBench.open(browser);
      await storeOnDisk(clearing);
      await clearing.kill('browser killed', { laterMs, isStep: (at) => at.endsWith(': after the change') });
    } finally {
      await browser.close();
    }
  });
});

/** Every step of loading a page in private windows and beside them. */
const PRIVATE_STEPS: readonly { at: string; hold: Hold }[] = [
  { at: 'before the note', hold: { call: 'storage.local.set', is: notedWindow('changed'), when: 'before' } },
  { at: 'after the note', hold: { call: 'windows.create', when: 'before' } },
  { at: 'with the window', hold: { call: 'windows.create', when: 'after' } },
  { at: 'in the load', hold: { call: 'tabs.update', when: 'after' } },
  { at: 'before it is closed', hold: { call: 'windows.remove', when: 'before' } },
  { at: 'closed', hold: { call: 'windows.remove', when: 'after' } },
  { at: 'in a load outside', hold: { call: 'tabs.create', when: 'after' } },
  { at: 'with another window', hold: { call: 'windows.create', nth: 2, when: 'after' } },
  {
    at: 'before the end is noted',
    hold: {
      call: 'storage.local.set',
      is: `Object.values(all[0]).some((one) => one?.experiments?.['private-window']?.status === 'done')`,
      when: 'before',
    },
  },
];
function notedWindow(state: string): string {
  return `all[0].journal?.some(({ undo, state }) => undo.what === 'private-window' && state === '${state}')`;
}

describe.concurrent.each(['chromium', 'firefox'] as BrowserName[])('%s: the proxy set by another at every step', (name) => {
  test('stays as they set it, and everything else is as before or as chosen', { retry: DRIVER_FAULTS, timeout: 240_000 }, async () => {
    const browser = await launch(name, { isPrivateAllowed: true });
    let other: OtherHand | undefined;
    try {
      const mine = await OtherHand.enter(lab, browser);
      other = mine;
      let sets = 0;
      /** They set it, each time another than before. */
      const setAt = (kind: string) => async (at: string) => {
        expect(await mine.isAsSet(), `as they set it, ${kind} ${at}`).toBe(true);
        await mine.set(lab.internet.reach(proxies[sets % proxies.length] as Place));
        sets += 1;
        notePoint(`${kind}, proxy set by another`);
      };

      const cookies = await CookieBench.open(browser);
      for (const said of ['start', 'delete', 'undo'] as const) {
        const steps = COOKIE_STEPS.filter((step) => step.said === said);
        await cookies.pass(steps, said, setAt('cookies'));
        await cookies.expect(said === 'delete' ? 'deleted' : 'back', `after ${said}`);
      }
      await cookies.bench.tab.page.close();

      const clearing = await ClearingBench.open(browser);
      await clearing.passEachStep(setAt('clearing'));
      await clearing.bench.tab.page.close();

      const bench = await Bench.open(browser, cookieUrls('/private'));
      await bench.page.close();
      const start = () => bench.send('experiment.start', { experiment: 'private-window', options: {} });
      await bench.heldAtEach(PRIVATE_STEPS, start, setAt('private window'));
      expect((await bench.ended('private-window')).detail).toEqual({ outcome: 'works' });
      const windows = await bench.observer.in<number>(
        `${API}.windows.getAll().then((all) => all.filter(({ incognito }) => incognito).length)`,
      );
      expect(windows).toBe(0);
      expect(await bench.storage<{ state: string }[]>('journal')).not.toContainEqual(expect.objectContaining({ state: 'changed' }));

      expect(await mine.isAsSet(), 'as they set it in the end').toBe(true);
      // As they take theirs back, nothing of ours comes to light.
      await mine.clear();
    } finally {
      await browser.close();
      await other?.remove();
    }
  });
});

describe.concurrent.each(['chromium', 'firefox'] as BrowserName[])('%s: stored data and private windows', (name) => {
  test('the narrowest step that mends it, and nothing after it', { retry: DRIVER_FAULTS, timeout: 120_000 }, async () => {
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
      bench.observer.in<number>(`${API}.windows.getAll().then((all) => all.filter(({ incognito }) => incognito).length)`);
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
      await bench.observer.wake();
      await poll(async () => (await windows(bench)) === 0, 8000, 'the private window to go');
      notePoint('private window, worker killed');
      const everything = JSON.stringify(await bench.observer.in(`${API}.storage.local.get(null)`));
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
