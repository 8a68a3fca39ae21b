import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/experiments/journal-entry';
import type { BrowserUnderTest, LaunchOptions, Page } from '../browsers/driver';
import { poll } from '../browsers/processes';
import { headerBytesOf } from '../lab/cookies';
import { writeExtensions } from '../lab/extensions';
import type { Internet, Place } from '../lab/internet';
import { type Lab, startLab } from '../lab/lab';
import { isInNamespace } from '../lab/namespace';
import { addProxy } from '../lab/proxy';
import type { Scenario } from '../lab/scenario';
import { addSite, drawNames, pageApp } from '../lab/site';
import { API, DRIVER_FAULTS, exportedReport, launchIn, Observer, OtherHand, STATE, settled } from './world';

/**
 * Nothing is left changed, whoever is killed and whenever. No door into the product is used: slow
 * servers hold each experiment in its middle, its journal is watched in `storage.local`, and what is
 * to die is killed the moment a state shows.
 */

type Mode = 'as-ever' | 'silent' | 'endless';
/** Headers over this are reset on the site of the extensions, bytes. */
const HEADER_LIMIT = 6_000;

/** A site for each browser of this file, so that they do not disturb each other. */
const hosts = { proxy: '', dns: '', extensions: '', byHand: '' };
/** A proxy that lets everything pass. */
let passing: Place;
const modes: Record<keyof typeof hosts, Mode> = { proxy: 'as-ever', dns: 'as-ever', extensions: 'as-ever', byHand: 'as-ever' };

const scenario: Scenario = {
  name: 'give-back',
  about: 'Sites that fall silent when told.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cannot-tell' },
  async configure(draw, internet) {
    for (const kind of Object.keys(hosts) as (keyof typeof hosts)[]) {
      const { host } = drawNames(internet);
      hosts[kind] = host;
      const page = pageApp(internet);
      await addSite(internet, {
        host,
        https(request, response, tools) {
          const isOfExtensions = kind === 'extensions' || kind === 'byHand';
          const isTooLarge = !isOfExtensions || headerBytesOf(request) > HEADER_LIMIT;
          if (modes[kind] === 'silent' && (!isOfExtensions || !isTooLarge)) return;
          if (modes[kind] === 'endless') {
            response.setHeader('content-type', 'text/html');
            response.write('<!doctype html><title>Endless</title>');
            return;
          }
          if (isTooLarge) tools.reset('always');
          else page(request, response, tools);
        },
      });
    }
    passing = addProxy(internet, { where: 'elsewhere' });
    return { url: `https://${hosts.proxy}${draw.path()}` };
  },
};

/** Points at which something was killed or meddled with, and states that were as before afterwards. */
const count = { killed: 0, restored: 0 };
/** The same points by what was changed and what was done. */
const points = new Map<string, number>();
let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
});
afterAll(async () => {
  await lab?.close();
  const kinds = [...points].map(([what, many]) => `${what} ${many}`).join(', ');
  process.stdout.write(`give back: broken off at ${count.killed} points (${kinds}), ${count.restored} states restored\n`);
});

function notePoint(what: string): void {
  count.killed += 1;
  points.set(what, (points.get(what) ?? 0) + 1);
}

/** Something that Unreset changes, and how a test sees it from outside. */
interface Kind {
  name: string;
  what: JournalEntry['undo']['what'];
  host: keyof typeof hosts;
  consents: readonly string[];
  /** An expression for a page of the extension: the state as JSON text. */
  state: string;
  /** Whether the change is in the profile on the disk. */
  isOnDisk(preferences: string): boolean;
  silence(isOn: boolean, internet: Internet): void;
}

/** A state to kill at did not come about: nothing was shown, neither way. Whatever was changed must be given back all the same. */
class NotReached extends Error {}
/** What leads to a kill point: its failing is the machine's. */
const reaching = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: Error) => {
    throw new NotReached(error.message, { cause: error });
  });
/** Points that did not come about are tried again this often. */
const REACH_AGAIN = 2;

/** One browser with Unreset, a failed tab, and a page from which storage and settings are watched. */
class Bench {
  page: Page | undefined;
  private readonly observer: Observer;
  private visits = 0;
  private before = '';
  /** What was done since the last state that was seen to be restored. */
  private done: string | undefined;

  constructor(
    readonly browser: BrowserUnderTest,
    readonly kind: Kind,
  ) {
    this.observer = new Observer(browser);
  }

  in<T>(expression: string): Promise<T> {
    return this.observer.in<T>(expression);
  }

  /** The state before the experiment that was begun last. */
  stateBefore(): string {
    return this.before;
  }
  async state(): Promise<string> {
    return this.observer.in(this.kind.state);
  }
  async journal(): Promise<JournalEntry[]> {
    const all = await this.observer.in<JournalEntry[]>(`chrome.storage.local.get('journal').then(({ journal }) => journal ?? [])`);
    return all.filter(({ undo }) => undo.what === this.kind.what);
  }

  /** Resolves at the very event that brings the journal of this kind into a state. */
  private async seen(predicate: string, what: string, timeoutMs = 18_000): Promise<void> {
    const page = await this.observer.page();
    await page.evaluate(`new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error('in vain for ' + ${JSON.stringify(what)})), ${timeoutMs});
      const look = (all) => {
        const mine = (all ?? []).filter(({ undo, changedAtMs }) => undo.what === ${JSON.stringify(this.kind.what)} && changedAtMs >= globalThis.since);
        if (!(${predicate})) return;
        clearTimeout(timer);
        chrome.storage.local.onChanged.removeListener(hear);
        done(true);
      };
      const hear = ({ journal }) => journal && look(journal.newValue);
      chrome.storage.local.onChanged.addListener(hear);
      chrome.storage.local.get('journal').then(({ journal }) => look(journal));
    })`);
  }
  /** At once: as a rule before anything is written down. */
  async clicked(): Promise<void> {}
  noted(): Promise<void> {
    return this.seen(`mine.some(({ state }) => state === 'changed')`, 'the note');
  }
  /** The first of those that were changed is back, perhaps not yet the others. */
  returning(): Promise<void> {
    return this.seen(`mine.some(({ state }) => state === 'returned')`, 'the return');
  }
  /** The change itself is there. */
  async inForce(): Promise<void> {
    await this.noted();
    const page = await this.observer.page();
    const isChanged = await page.evaluate<boolean>(
      `(async () => { const end = Date.now() + 8000; while (Date.now() < end) { if ((await ${this.kind.state}) !== ${JSON.stringify(this.before)}) return true; } return false; })()`,
    );
    expect(isChanged, 'the change came into force').toBe(true);
  }

  /** A fresh incident, its automatic checks done, and the click that begins the experiment. */
  async begin(): Promise<void> {
    // What was before the last experiment is not what is before this one: an extension may be gone since.
    this.before = '';
    this.kind.silence(false, lab.internet);
    await this.observer.page();
    const tab = await this.browser.openTab();
    // Rules of an extension that has just been switched on again come into force a moment later, and then the page fails again.
    let isSeen = false;
    for (let tries = 0; tries < 4 && !isSeen; tries += 1) {
      this.visits += 1;
      await tab.goto(`https://${hosts[this.kind.host]}/visit-${this.visits}`, 20_000);
      const tabId = await this.browser.extensionTabId(tab);
      const opened = await this.browser.openExtensionPage(`src/popup/index.html?tab=${tabId}`);
      this.page = opened.page;
      const state = await opened.page.waitFor<string>(
        `['running', 'done', 'no-incident', 'error'].includes(${STATE}) && ${STATE}`,
        20_000,
        'the incident',
      );
      isSeen = state === 'running' || state === 'done';
      if (!isSeen) await opened.page.close();
    }
    if (!this.page) throw new Error('no page');
    expect(await settled(this.page)).toBe('done');
    for (const consent of this.kind.consents.slice(0, -1)) await this.consent(consent);
    const page = await this.observer.page();
    this.before = await page.evaluate<string>(this.kind.state);
    await page.evaluate('globalThis.since = Date.now()');
    this.kind.silence(true, lab.internet);
    await this.page.click(`button[data-consent="${this.kind.consents.at(-1)}"]`);
  }
  private async consent(id: string): Promise<void> {
    const selector = `button[data-consent="${id}"]`;
    if (await this.page?.click(selector))
      await this.page?.waitFor(`document.querySelector(${JSON.stringify(selector)}) === null`, 10_000, 'the answer');
    if (this.page) await settled(this.page);
  }

  /** Kills the worker, and no page of ours is there that would wake it. Without its alarm it sleeps until the browser starts anew. */
  async killWorker(options: { isAlarmKept: boolean } = { isAlarmKept: true }): Promise<void> {
    await Promise.all([this.page?.close(), this.browser.stopBackground()]);
    if (!options.isAlarmKept) await this.observer.in('chrome.alarms.clearAll()');
    this.done = 'worker killed';
  }
  wake(): Promise<unknown> {
    return this.observer.wake();
  }
  async killBrowser(what = 'SIGKILL'): Promise<void> {
    await this.browser.killAndRelaunch();
    this.done = what;
    this.page = undefined;
    this.observer.forget();
    await this.observer.in('globalThis.since = 0');
  }
  /** The worker and all pages of ours end, and the new version is told that it was installed. */
  async update(): Promise<void> {
    await this.browser.renew();
    this.observer.forget();
    this.done = 'updated';
    this.page = undefined;
  }
  /** The person, or somebody else, did this. */
  meddled(what: string): void {
    this.done = what;
  }
  /** The permission was taken back; it is given again with the browser's next start. */
  async grantAgain(): Promise<void> {
    await this.browser.grantAndRelaunch?.();
    this.page = undefined;
    this.observer.forget();
  }
  /** What is on the disk is not what is in the memory: some ten seconds later. */
  async onDisk(): Promise<void> {
    const isThere = () =>
      ['Preferences', 'Secure Preferences'].some((name) => {
        const file = join(this.browser.profileDirectory, 'Default', name);
        return existsSync(file) && this.kind.isOnDisk(readFileSync(file, 'utf8'));
      });
    await poll(isThere, 30_000, 'the change to reach the disk', 100);
  }
  isCounted(): void {
    if (this.done !== undefined) notePoint(`${this.kind.name}: ${this.done}`);
    this.done = undefined;
    count.restored += 1;
  }
  /** All is as it was, and the journal knows. */
  async isRestored(timeoutMs = 15_000, wanted = this.before): Promise<void> {
    await poll(async () => (await this.state()) === wanted, timeoutMs, `the state ${wanted}`);
    await poll(async () => (await this.journal()).every(({ state }) => state !== 'changed'), 5000, 'the journal to say so');
    this.isCounted();
  }
}

const PROXY_STATE = `chrome.proxy.settings.get({}).then(({ levelOfControl, value }) => JSON.stringify([levelOfControl, value.mode]))`;
/** Chromium writes a script as a data address. */
const hasOurScript = (preferences: string) => preferences.includes('x-ns-proxy-autoconfig');
const PROXY: Kind = {
  name: 'way past the proxy',
  what: 'proxy-setting',
  host: 'proxy',
  consents: ['go-direct'],
  state: PROXY_STATE,
  isOnDisk: hasOurScript,
  silence: (isOn) => {
    modes.proxy = isOn ? 'silent' : 'as-ever';
  },
};
const DNS: Kind = {
  name: 'own addresses',
  what: 'proxy-setting',
  host: 'dns',
  consents: ['read-browser-dns'],
  state: PROXY_STATE,
  isOnDisk: hasOurScript,
  silence: (isOn, { zone }) => {
    if (isOn) zone.silent.add(hosts.dns);
    else zone.silent.delete(hosts.dns);
  },
};
const extensionsOn = (host: 'extensions' | 'byHand'): Kind => ({
  name: 'extensions off',
  what: 'extension-switch',
  host,
  consents: ['see-extensions', 'switch-extensions-off'],
  state: `chrome.management.getAll().then((all) => JSON.stringify(all.filter(({ id }) => id !== chrome.runtime.id).map(({ id, enabled }) => [id, enabled]).sort()))`,
  isOnDisk: (preferences) => /"disable_reasons":(\[[^\]]+\]|[1-9])/.test(preferences),
  silence: (isOn) => {
    modes[host] = isOn ? 'silent' : 'as-ever';
  },
});

async function launch(kind: Kind, options: Partial<LaunchOptions> = {}): Promise<Bench> {
  // The browser's own reloads of failed pages would wake the worker before the test does.
  const browserArguments = ['--disable-auto-reload', ...(options.browserArguments ?? [])];
  return new Bench(await launchIn(lab, 'chromium', { permissions: 'all', ...options, browserArguments }), kind);
}

/** Before it is written down, after that, after the change, and in the middle of giving back. */
const POINTS = ['clicked', 'noted', 'inForce', 'returning'] as const;

/** Tries a kill point until it came about; that what was changed is given back must hold each time. */
async function atPoint(bench: Bench, point: () => Promise<void>): Promise<void> {
  for (let again = 0; ; again += 1) {
    try {
      return await point();
    } catch (error) {
      if (!(error instanceof NotReached) || again === REACH_AGAIN) throw error;
      process.stdout.write(`give back: a point was not reached (${error.message}), trying again\n`);
      await bench.killBrowser();
      // Nothing was ever begun where no state was noted.
      if (bench.stateBefore() !== '') await bench.isRestored();
    }
  }
}

/** The worker killed at each state of the change, and woken by whatever comes next. */
async function killWorkerAtEachState(bench: Bench): Promise<void> {
  for (const point of POINTS) {
    await atPoint(bench, async () => {
      await reaching(bench.begin());
      await reaching(bench[point]());
      await bench.killWorker();
      await bench.wake();
      await bench.isRestored();
    });
  }
}

/** Unreset itself renewed at each state of the change. */
async function updateAtEachState(bench: Bench): Promise<void> {
  for (const point of POINTS) {
    await atPoint(bench, async () => {
      await reaching(bench.begin());
      await reaching(bench[point]());
      await bench.update();
      await bench.isRestored();
    });
  }
}

/** SIGKILL around the note and in the middle of giving back; what follows the change is `killBrowserAfterChange`. */
async function killBrowserAtEachState(bench: Bench): Promise<void> {
  for (const point of ['clicked', 'noted', 'returning'] as const) {
    await atPoint(bench, async () => {
      await reaching(bench.begin());
      await reaching(bench[point]());
      await bench.killBrowser();
      await bench.isRestored();
    });
  }
}

/** After so long the disk holds what was changed, ms. */
const DISK_HOLDS_MS = 15_000;

/** When browsers are killed after a change, and after its return, ms. */
const LATER_MS = [0, 5_000, DISK_HOLDS_MS] as const;

/** SIGKILL so long after the change, with nobody left who would have given it back before. */
async function killBrowserAfterChange(bench: Bench, afterMs: number): Promise<void> {
  await atPoint(bench, async () => {
    await reaching(bench.begin());
    await reaching(bench.inForce());
    await bench.killWorker({ isAlarmKept: false });
    await after(afterMs);
    if (afterMs >= DISK_HOLDS_MS) await reaching(bench.onDisk());
    await bench.killBrowser(`SIGKILL ${afterMs / 1000} s after the change`);
    await bench.isRestored();
  });
}

/** SIGKILL so long after the return of a change that the disk holds: the disk may bring it back. */
async function killBrowserAfterReturn(bench: Bench, afterMs: number): Promise<void> {
  await atPoint(bench, async () => {
    await reaching(bench.begin());
    await reaching(bench.inForce());
    await bench.killWorker({ isAlarmKept: false });
    await reaching(bench.onDisk());
    await bench.wake();
    await bench.isRestored();
    await after(afterMs);
    await bench.killBrowser(`SIGKILL ${afterMs / 1000} s after the return`);
    await bench.isRestored();
  });
}

/** Nothing is left open, and the exported report tells every change and its return. */
async function isConfirmedAndTold(bench: Bench): Promise<void> {
  await bench.begin();
  await bench.isRestored(20_000);
  const page = bench.page as Page;
  await settled(page);
  await poll(
    async () => (await bench.journal()).every(({ state }) => state === 'confirmed' || state === 'left-to-another'),
    75_000,
    'the journal to be sure',
    500,
  );
  const { changes } = await exportedReport(bench.browser, page);
  const told = changes.filter(({ what }) => what === bench.kind.what);
  expect(told.length).toBeGreaterThan(0);
  for (const change of told) {
    expect(['returned', 'confirmed', 'left-to-another']).toContain(change.state);
    expect(change.returnedAt).toBeTruthy();
  }
}

describe.concurrent('killed at any moment, Chromium is as it was before', () => {
  test('the proxy setting of the way past the proxy', { retry: DRIVER_FAULTS, timeout: 600_000 }, async () => {
    const bench = await launch(PROXY);
    try {
      await killWorkerAtEachState(bench);
      await updateAtEachState(bench);
      await killBrowserAtEachState(bench);
      for (const afterMs of LATER_MS) await killBrowserAfterChange(bench, afterMs);
      for (const afterMs of LATER_MS) await killBrowserAfterReturn(bench, afterMs);
      await isConfirmedAndTold(bench);
    } finally {
      await bench.browser.close();
    }
  });

  test('the extensions that were switched off', { retry: DRIVER_FAULTS, timeout: 600_000 }, async () => {
    const other = await writeExtensions(
      [{ does: 'add-header', header: 'X-Long', bytes: HEADER_LIMIT + 2000 }, { does: 'nothing' }, { does: 'nothing' }],
      lab.internet.draw,
      (place) => lab.internet.reach(place),
    );
    const bench = await launch(extensionsOn('extensions'), { otherExtensions: other.chromium });
    try {
      await killWorkerAtEachState(bench);
      await updateAtEachState(bench);
      await killBrowserAtEachState(bench);
      for (const afterMs of LATER_MS) await killBrowserAfterChange(bench, afterMs);
      for (const afterMs of LATER_MS) await killBrowserAfterReturn(bench, afterMs);
      await isConfirmedAndTold(bench);
    } finally {
      await bench.browser.close();
      await other.remove();
    }
  });

  test('the extensions that were switched off, where the person has a hand in it', { retry: DRIVER_FAULTS, timeout: 600_000 }, async () => {
    const other = await writeExtensions(
      [
        { does: 'add-header', header: 'X-Long', bytes: HEADER_LIMIT + 2000 },
        ...POINTS.map(() => ({ does: 'nothing' }) as const),
        { does: 'nothing' },
      ],
      lab.internet.draw,
      (place) => lab.internet.reach(place),
    );
    const bench = await launch(extensionsOn('byHand'), { otherExtensions: other.chromium });
    let hand: OtherHand | undefined;
    const switches = (id: string, isEnabled: boolean) => `chrome.management.setEnabled(${JSON.stringify(id)}, ${isEnabled})`;
    try {
      // The permission taken back: what is off is on as soon as it is given again.
      for (const point of POINTS) {
        await atPoint(bench, async () => {
          await reaching(bench.begin());
          await reaching(bench[point]());
          await bench.in(`chrome.permissions.remove({ permissions: ['management'] })`);
          await bench.grantAgain();
          bench.meddled('permission taken back');
          await bench.isRestored();
        });
      }
      // One switched on by hand while it is off, and one switched off by hand once it is back: both stay so.
      const idOf = (folder: string) => {
        const { name } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { name: string };
        return bench.in<string>(`chrome.management.getAll().then((all) => all.find((one) => one.name === ${JSON.stringify(name)}).id)`);
      };
      const others = await Promise.all(other.chromium.slice(1).map(idOf));
      const first = others[0] as string;
      await atPoint(bench, async () => {
        await reaching(bench.begin());
        await reaching(bench.inForce());
        await bench.in(switches(first, true));
        bench.meddled('switched on by hand');
        await bench.isRestored(20_000);
        await bench.in(switches(first, false));
        bench.meddled('switched off by hand');
        const wanted = bench.stateBefore().replace(`${JSON.stringify(first)},true`, `${JSON.stringify(first)},false`);
        // The journal looks once more.
        await bench.in(`chrome.alarms.create('journal', { when: Date.now() })`);
        await poll(
          async () =>
            (await bench.journal()).some(
              ({ state, undo }) => state === 'left-to-another' && 'extensionId' in undo && undo.extensionId === first,
            ),
          20_000,
          'the journal to leave it',
        );
        await bench.isRestored(0, wanted);
        await bench.in(switches(first, true));
      });
      // One removed: the others are as before.
      for (const point of POINTS) {
        await atPoint(bench, async () => {
          await reaching(bench.begin());
          await reaching(bench[point]());
          const gone = others.pop() as string;
          await bench.browser.removeByHand?.(gone);
          bench.meddled('removed');
          const wanted = JSON.stringify((JSON.parse(bench.stateBefore()) as [string, boolean][]).filter(([id]) => id !== gone));
          await bench.isRestored(20_000, wanted);
        });
      }
      // The proxy set by another: it stays, and all are on again.
      hand = await OtherHand.enter(lab, bench.browser);
      for (const point of POINTS) {
        await reaching(bench.begin());
        await reaching(bench[point]());
        await hand.set(lab.internet.reach(passing));
        bench.meddled('proxy set by another');
        bench.kind.silence(false, lab.internet);
        await bench.isRestored(20_000);
        await settled(bench.page as Page);
        expect(await hand.isAsSet(), 'as they set it').toBe(true);
        await hand.clear();
      }
    } finally {
      await bench.browser.close();
      await other.remove();
      await hand?.remove();
    }
  });

  test('the proxy script that reads addresses, the person who wants it back, header rules', {
    retry: DRIVER_FAULTS,
    timeout: 600_000,
  }, async () => {
    const bench = await launch(DNS);
    try {
      await killWorkerAtEachState(bench);
      await killBrowserAtEachState(bench);
      for (const afterMs of LATER_MS) await killBrowserAfterChange(bench, afterMs);
      for (const afterMs of LATER_MS) await killBrowserAfterReturn(bench, afterMs);

      // Nobody wakes the worker: the alarm does.
      await bench.begin();
      await bench.inForce();
      await bench.killWorker();
      await bench.isRestored(40_000);

      // The person gives it back in the middle.
      await bench.begin();
      await bench.inForce();
      await bench.page?.waitFor(`document.querySelector('[data-action="give-back"]') !== null`, 3000, 'the banner');
      const badge = await bench.in<string>('chrome.action.getBadgeText({})');
      expect(badge).not.toBe('');
      await bench.page?.click('[data-action="give-back"]');
      await bench.isRestored(2000);
      expect(await bench.in<string>('chrome.action.getBadgeText({})')).toBe('');
      expect(await settled(bench.page as Page)).toBe('done');

      // Rules of our own that a killed worker left in force.
      await bench.in('globalThis.since = 0');
      const rules = () => bench.browser.inBackground<number>('chrome.declarativeNetRequest.getSessionRules().then((all) => all.length)');
      await bench.browser.inBackground(
        `Promise.all([chrome.storage.local.get('journal'), chrome.storage.session.get('life')]).then(async ([{ journal = [] }, { life }]) => {
          await chrome.storage.local.set({ journal: [...journal, { id: 'rules', undo: { what: 'header-rules', ruleId: 7001 }, target: '', changedAtMs: 1, deadlineAtMs: 2, state: 'changed', changedInLife: life }] });
          await chrome.declarativeNetRequest.updateSessionRules({ addRules: [{ id: 7003, priority: 1, action: { type: 'modifyHeaders', requestHeaders: [{ header: 'cookie', operation: 'remove' }] }, condition: { initiatorDomains: [chrome.runtime.id], resourceTypes: ['xmlhttprequest'] } }] });
        })`,
      );
      expect(await rules()).toBe(1);
      await bench.killWorker();
      await bench.wake();
      await poll(async () => (await rules()) === 0, 5000, 'the rules to go');
      bench.isCounted();
    } finally {
      DNS.silence(false, lab.internet);
      await bench.browser.close();
    }
  });
});

describe('chromium: another extension', () => {
  test.each([PROXY, DNS])(
    'that takes the proxy from our $name keeps it, and ours does not come back when it goes',
    {
      // Ours stands for some seconds only: what comes too late says nothing.
      retry: 2,
      timeout: 120_000,
    },
    async (kind) => {
      const { draw } = lab.internet;
      const proxy = lab.internet.reach({ address: draw.publicV4(), port: draw.port() });
      const bench = await launch(kind);
      const other = await OtherHand.enter(lab, bench.browser);
      try {
        for (const point of POINTS) {
          await atPoint(bench, async () => {
            await reaching(bench.begin());
            const before = bench.stateBefore();
            await reaching(bench[point]());
            await other.set(proxy);
            kind.silence(false, lab.internet);
            await poll(async () => (await bench.journal()).every(({ state }) => state !== 'changed'), 15_000, 'the journal to leave it');
            if (point === 'inForce') expect((await bench.journal()).some(({ state }) => state === 'left-to-another')).toBe(true);
            expect(await other.isAsSet(), 'as they set it').toBe(true);
            await settled(bench.page as Page);
            await other.clear();
            bench.meddled('taken by another');
            await bench.isRestored(5000, before);
          });
        }
      } finally {
        await bench.browser.close();
        await other.remove();
      }
    },
  );
});

describe.each(['chromium', 'firefox'] as const)('%s: a tab of ours', (name) => {
  test('is closed after the worker’s death, and not brought back after the browser’s', {
    retry: DRIVER_FAULTS,
    timeout: 120_000,
  }, async () => {
    const browser = await launchIn(lab, name, {
      permissions: 'all',
      browserArguments: name === 'chromium' ? ['--restore-last-session'] : [],
      firefoxPreferences: {
        ...lab.browser.firefoxPrefs,
        'browser.sessionstore.resume_from_crash': true,
        'browser.sessionstore.interval': 500,
        'browser.sessionstore.max_resumed_crashes': 9,
        'browser.startup.page': 3,
      },
    });
    const urls = () =>
      browser.inBackground<string[]>(
        `${API}.tabs.query({}).then((all) => all.map(({ url, pendingUrl }) => pendingUrl || url || '').filter((url) => url.includes(${JSON.stringify(hosts.proxy)})))`,
      );
    const states = () =>
      browser.inBackground<string[]>(
        `${API}.storage.local.get('journal').then(({ journal }) => (journal ?? []).filter(({ undo }) => undo.what === 'probe-tab').map(({ state }) => state))`,
      );
    /** A tab that failed, and a page that has it tested by a tab of ours, which a page without end keeps open. */
    const begin = async (path: string) => {
      modes.proxy = 'as-ever';
      const tab = await browser.openTab();
      await tab.goto(`https://${hosts.proxy}${path}`, 20_000);
      const tabId = await browser.extensionTabId(tab);
      modes.proxy = 'endless';
      const page = await browser.openExtensionPage(`src/popup/index.html?tab=${tabId}`);
      await poll(async () => (await urls()).some((one) => one.includes('#')), 8000, 'the tab of ours');
      return page;
    };
    try {
      const first = await begin('/mine');
      await first.page.close();
      await browser.stopBackground();
      notePoint('tab of ours: worker killed');
      // Asking wakes it, and the journal comes first.
      await poll(async () => (await urls()).every((one) => !one.includes('#')), 3000, 'the tab of ours to go');
      await poll(async () => (await states()).every((state) => state !== 'changed'), 3000, 'the journal');
      count.restored += 1;

      // The browser killed once it has noted its tabs on the disk.
      await begin('/mine-too');
      await after(3_000);
      const isStillOpen = (await urls()).some((one) => one.includes('#'));
      await browser.killAndRelaunch();
      notePoint('tab of ours: SIGKILL');
      expect(isStillOpen, 'killed with a tab of ours open').toBe(true);
      // The person's own tab is back.
      await poll(async () => (await urls()).some((one) => one.endsWith('/mine-too')), 10_000, 'the restored tabs');
      await poll(async () => (await urls()).every((one) => !one.includes('#')), 10_000, 'only the person’s own tabs');
      await poll(async () => (await states()).every((state) => state !== 'changed'), 10_000, 'the journal');
      count.restored += 1;
    } finally {
      modes.proxy = 'as-ever';
      await browser.close();
    }
  });
});

describe.each(['chromium', 'firefox'] as const)('%s: a private window of ours', (name) => {
  test('is gone whoever is killed, closes it or stops, and the journal knows', { retry: DRIVER_FAULTS, timeout: 600_000 }, async () => {
    const browser = await launchIn(lab, name, { permissions: 'all', isPrivateAllowed: true });
    const observer = new Observer(browser);
    const inside = observer.in.bind(observer);
    const windows = () => inside<number>(`${API}.windows.getAll().then((all) => all.filter(({ incognito }) => incognito).length)`);
    const states = () =>
      inside<string[]>(
        `${API}.storage.local.get('journal').then(({ journal }) => (journal ?? []).filter(({ undo }) => undo.what === 'private-window').map(({ state }) => state))`,
      );
    /** A walk whose page is loaded without end in a private window of ours. */
    const begin = async (path: string) => {
      modes.proxy = 'as-ever';
      const tab = await browser.openTab();
      await tab.goto(`https://${hosts.proxy}${path}`, 20_000);
      const { page } = await browser.openExtensionPage(`src/popup/index.html?tab=${await browser.extensionTabId(tab)}`);
      expect(await settled(page)).toBe('done');
      const sessionId = await page.evaluate<string>('new URLSearchParams(location.search).get("session")');
      modes.proxy = 'endless';
      await page.evaluate(
        `void ${API}.runtime.sendMessage({ type: 'experiment.start', sessionId: ${JSON.stringify(sessionId)}, experiment: 'private-window', options: {} })`,
      );
      return { tab, page, sessionId };
    };
    const reached = {
      noted: () => poll(async () => (await states()).includes('changed'), 10_000, 'the note', 5),
      open: () => poll(async () => (await windows()) === 1, 10_000, 'the private window', 5),
    };
    type Walk = Awaited<ReturnType<typeof begin>>;
    const stop = ({ sessionId }: Walk) =>
      inside(`${API}.runtime.sendMessage({ type: 'experiment.stop', sessionId: ${JSON.stringify(sessionId)} }).then(() => true)`);
    const endings: Readonly<Record<string, (walk: Walk) => Promise<unknown>>> = {
      'worker killed': async ({ page }) => {
        await Promise.all([page.close(), browser.stopBackground()]);
        await observer.wake();
      },
      SIGKILL: async () => {
        await browser.killAndRelaunch();
        observer.forget();
      },
      async updated() {
        await browser.renew();
        observer.forget();
      },
      async 'closed by hand'(walk) {
        await inside(
          `${API}.windows.getAll().then((all) => Promise.all(all.filter(({ incognito }) => incognito).map(({ id }) => ${API}.windows.remove(id)))).then(() => true)`,
        );
        // Else it would be opened once more, for the next load.
        await stop(walk);
      },
      stopped: stop,
      'given back': () => inside(`${API}.runtime.sendMessage({ type: 'changes.give-back' }).then(() => true)`),
    };
    try {
      for (const [ending, end] of Object.entries(endings)) {
        for (const point of ['noted', 'open'] as const) {
          const walk = await begin(`/private-${point}-${ending.replaceAll(' ', '-')}`);
          await reached[point]();
          await end(walk);
          notePoint(`private window: ${ending}`);
          await poll(async () => (await states()).every((state) => state !== 'changed'), 15_000, 'the journal to say so');
          // The browser lists a window until it has taken it down.
          await poll(async () => (await windows()) === 0, 5_000, 'the state given back: no private window');
          count.restored += 1;
          for (const page of [walk.page, walk.tab.page]) if (page.isOpen()) await page.close();
        }
      }
    } finally {
      modes.proxy = 'as-ever';
      await browser.close();
    }
  });
});
