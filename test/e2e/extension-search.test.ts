import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/experiments/journal';
import type { ExperimentRun } from '../../src/model/experiment';
import type { BrowserUnderTest, LaunchOptions, Page, Tab } from '../browsers/driver';
import { poll } from '../browsers/processes';
import { headerBytesOf } from '../lab/cookies';
import { type InterferingExtension, writeExtensions } from '../lab/extensions';
import type { Request } from '../lab/internet';
import { type Lab, startLab } from '../lab/lab';
import { isInNamespace } from '../lab/namespace';
import type { Scenario } from '../lab/scenario';
import { addSite, drawNames, pageApp } from '../lab/site';
import { DRIVER_FAULTS, launchIn, STATE, settled } from './world';

/** The search for the extension that breaks the page, on real extensions, and everything as before whoever is killed or meddles. */

type Run = ExperimentRun<'extension-search'>;

/** Headers over this are reset, bytes: one long header is too much. */
const ONE_IS_TOO_MUCH = 6_000;
/** Two long headers are too much, one is not. */
const TWO_ARE_TOO_MUCH = 9_000;
const LONG: InterferingExtension = { does: 'add-header', header: 'X-Long', bytes: ONE_IS_TOO_MUCH + 100 };

const hosts = { one: '', two: '', broken: '' };
const scenario: Scenario = {
  name: 'extension-search',
  about: 'Sites that reset what is too long, and one that resets everything.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cannot-tell' },
  async configure(draw, internet) {
    for (const kind of ['one', 'two', 'broken'] as const) {
      const { host } = drawNames(internet);
      hosts[kind] = host;
      const page = pageApp(internet);
      const isReset = (request: Request) =>
        // The tab's own navigation, and not our request: as though an extension did it.
        kind === 'broken'
          ? request.headers['sec-fetch-dest'] === 'document'
          : headerBytesOf(request) > (kind === 'one' ? ONE_IS_TOO_MUCH : TWO_ARE_TOO_MUCH);
      await addSite(internet, {
        host,
        async https(request, response, tools) {
          await gate.pass(request.url);
          if (isReset(request)) tools.reset('always');
          else page(request, response, tools);
        },
      });
    }
    return { url: `https://${hosts.one}${draw.path()}` };
  },
};

/** Holds the loads of one page, so that a test knows where the search is. The browser may send one load twice when it is reset. */
class Gate {
  path = '';
  private isClosed = false;
  private readonly waiting: (() => void)[] = [];

  close(path: string): void {
    this.path = path;
    this.isClosed = true;
  }
  /** Lets those pass that wait. */
  step(): void {
    for (const go of this.waiting.splice(0)) go();
  }
  open(): void {
    this.isClosed = false;
    this.step();
  }
  async pass(path: string | undefined): Promise<void> {
    if (this.isClosed && path === this.path) await new Promise<void>((go) => this.waiting.push(go));
  }
  /** Resolves when a load is held. */
  async holds(): Promise<void> {
    await poll(() => this.waiting.length > 0, 30_000, 'the load that is held', 5);
  }
}
const gate = new Gate();

const count = { killed: 0, restored: 0, searches: [] as string[] };
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
});
afterAll(async () => {
  await lab?.close();
  process.stdout.write(`extension search: ${count.searches.join('; ')}\n`);
  process.stdout.write(`extension search: broken off at ${count.killed} points, ${count.restored} states as before\n`);
});

const ALL = `(globalThis.browser ?? chrome).management.getAll().then((all) => JSON.stringify(all.filter(({ id }) => id !== (globalThis.browser ?? chrome).runtime.id).map(({ name, enabled }) => [name, enabled]).sort()))`;

/** A browser with extensions, a failed tab and the page of its walk. */
class Bench {
  private observer: Tab | undefined;
  page: Page | undefined;
  private visits = 0;
  /** How all extensions stood when the search began. */
  before = '';

  constructor(
    readonly browser: BrowserUnderTest,
    private readonly remove: () => Promise<void>,
  ) {}

  /** A page from which storage and extensions are watched, that wakes nothing by itself. */
  async watch(): Promise<Page> {
    if (this.observer?.page.isOpen() !== true) {
      this.observer = await this.browser.openExtensionPage('manifest.json');
      await this.observer.page.waitFor('typeof chrome === "object" && chrome.storage !== undefined', 5000, 'a page of the extension');
    }
    return this.observer.page;
  }
  async in<T>(expression: string): Promise<T> {
    return (await this.watch()).evaluate<T>(expression);
  }
  state(): Promise<string> {
    return this.in(ALL);
  }
  async run(): Promise<Run | undefined> {
    return this.in<Run | undefined>(
      `chrome.storage.local.get(null).then((all) => Object.entries(all).filter(([key]) => key.startsWith('session:')).map(([, walk]) => walk).sort((a, b) => b.startedAtMs - a.startedAtMs)[0]?.experiments?.['extension-search'])`,
    );
  }
  journal(): Promise<JournalEntry[]> {
    return this.in(
      `chrome.storage.local.get('journal').then(({ journal }) => (journal ?? []).filter(({ undo }) => undo.what === 'extension-switch'))`,
    );
  }

  /** Fails the page, opens its walk, and waits for its checks. */
  async open(kind: keyof typeof hosts): Promise<Page> {
    await this.watch();
    for (let tries = 0; tries < 5; tries += 1) {
      const tab = await this.browser.openTab();
      this.visits += 1;
      // Rules of an extension that was just switched on come into force a moment later.
      const shown = await tab.goto(`https://${hosts[kind]}/visit-${this.visits}`, 20_000);
      if (shown.outcome !== 'failed') continue;
      const tabId = await this.browser.extensionTabId(tab);
      const { page } = await this.browser.openExtensionPage(`src/popup/index.html?tab=${tabId}`);
      const state = await page.waitFor<string>(
        `['running', 'done', 'no-incident', 'error'].includes(${STATE}) && ${STATE}`,
        20_000,
        'the incident',
      );
      if (state === 'running' || state === 'done') {
        this.page = page;
        expect(await settled(page)).toBe('done');
        // An error page loads itself again and again, which a test cannot tell from the search.
        await tab.goto('about:blank', 5_000);
        return page;
      }
      await page.close();
    }
    throw new Error('the page did not fail');
  }

  /** Goes to the card of the search and presses its button. */
  async begin(kind: keyof typeof hosts, heldAfter?: number): Promise<Page> {
    gate.open();
    const page = await this.open(kind);
    await page.waitFor(
      `document.querySelector('[data-check="extension-that-breaks-it"], [data-check="able-extension"]') !== null`,
      5000,
      'the checklist',
    );
    await this.toCard(page);
    this.before = await this.state();
    if (heldAfter !== undefined) gate.close(`/visit-${this.visits}`);
    expect(await page.click('[data-action="start-search"]')).toBe(true);
    if (heldAfter !== undefined) await this.heldAfter(heldAfter);
    return page;
  }
  /** Lets loads pass until so many were judged; the next is held. */
  private async heldAfter(loads: number): Promise<void> {
    for (;;) {
      await gate.holds();
      const run = await this.run();
      if (run?.status === 'running' && (run.detail?.tries.length ?? 0) >= loads) return;
      gate.step();
    }
  }
  private async toCard(page: Page): Promise<void> {
    const card = `document.querySelector('[data-action="start-search"]')`;
    if (!(await page.evaluate<boolean>(`${card} !== null`))) {
      // As a person goes there from the checklist.
      await page.evaluate(`document.querySelectorAll('details.area[data-area="extensions"]').forEach((one) => { one.open = true; })`);
      await page.click('[data-check="extension-that-breaks-it"] button.link');
    }
    await page.waitFor(`${card} !== null`, 8000, 'the card of the search');
  }

  async until(predicate: (run: Run) => boolean, what: string, timeoutMs = 40_000): Promise<Run> {
    return poll(
      async () => {
        const run = await this.run();
        return run !== undefined && predicate(run) ? run : undefined;
      },
      timeoutMs,
      what,
      20,
    );
  }
  over(): Promise<Run> {
    return this.until(({ status }) => status !== 'running', 'the end of the search', 120_000);
  }
  /** All stand as given, and the journal leaves nothing changed: within the time of its own second try, should the first not have come into force. */
  async isRestored(wanted = this.before, timeoutMs = 45_000): Promise<void> {
    // Without the permission nobody can look.
    let seen = '';
    const isAsWanted = async () => {
      seen = await this.state().catch((error: Error) => error.message);
      return seen === wanted;
    };
    await poll(isAsWanted, timeoutMs, `the state ${wanted}`).catch((error: Error) => {
      throw new Error(`${error.message}; it is ${seen}`);
    });
    await poll(async () => (await this.journal()).every(({ state }) => state !== 'changed'), 5000, 'the journal to say so');
    count.restored += 1;
  }
  byHand(expression: string): Promise<unknown> {
    return this.in(
      `chrome.management.getAll().then((all) => { const named = (name) => all.find((one) => one.name === name); return ${expression}; }).then(() => true)`,
    );
  }
  /** What was watched is gone with the browser. */
  forget(): void {
    this.observer = undefined;
    this.page = undefined;
  }
  /** The newest walk in a page of its own. */
  async resume(): Promise<Page> {
    const id = await this.in<string>(`chrome.storage.local.get('sessions').then(({ sessions }) => sessions[0].id)`);
    const { page } = await this.browser.openExtensionPage(`src/popup/index.html?session=${id}`);
    await page.waitFor(`document.querySelector('[data-action="resume-experiment"]') !== null`, 10_000, 'the button that goes on');
    return page;
  }
  async close(): Promise<void> {
    await this.browser.close();
    await this.remove();
  }
}

async function launch(extensions: readonly InterferingExtension[], options: Partial<LaunchOptions> = {}): Promise<Bench> {
  const written = await writeExtensions(extensions, lab.internet.draw, (place) => lab.internet.reach(place));
  const browser = await launchIn(lab, 'chromium', { permissions: 'all', otherExtensions: written.chromium, ...options });
  return new Bench(browser, written.remove);
}
const idle = (many: number): InterferingExtension[] => Array.from({ length: many }, () => ({ does: 'nothing', hasWorker: false }));
const culpritsOf = (run: Run) => (run.detail?.result?.culprits ?? []).map((set) => set.length);
const note = (what: string, run: Run, startedAt: number) => {
  const tries = run.detail?.tries ?? [];
  count.searches.push(`${what}: ${run.detail?.rounds} rounds, ${tries.length} loads, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
};

/** Kills the worker (or the browser) as soon as so many loads were judged, and what it left off is on again by itself. */
async function breakOff(bench: Bench, atLoads: number, what: 'worker' | 'browser'): Promise<void> {
  await bench.begin('one', atLoads);
  if (what === 'browser') {
    await bench.browser.killAndRelaunch();
    bench.forget();
  } else {
    await Promise.all([bench.page?.close(), bench.browser.stopBackground()]);
    await bench.in(`chrome.runtime.sendMessage({ type: 'wake' }).catch(() => undefined).then(() => true)`);
  }
  count.killed += 1;
  await bench.isRestored();
}

describe('the search in Chromium', () => {
  test('one of eight, and its walk after it', { retry: DRIVER_FAULTS, timeout: 120_000 }, async () => {
    const bench = await launch([...idle(5), LONG, ...idle(2)]);
    try {
      const startedAt = Date.now();
      const page = await bench.begin('one');
      const run = await bench.over();
      note('one of 8', run, startedAt);
      expect(run.detail?.result?.kind).toBe('found');
      expect(culpritsOf(run)).toEqual([1]);
      expect(run.detail?.rounds).toBeLessThanOrEqual(3 + 2);
      // One load a round where it fails each time.
      expect(run.detail?.tries.filter(({ isMeasure }) => !isMeasure)).toHaveLength(run.detail?.rounds ?? 0);
      await bench.isRestored();
      expect(bench.before).not.toContain('false');

      // The person keeps it off: it stays off over a restart, and the page loads.
      const culprit = run.detail?.extensions.find(({ state }) => state === 'culprit');
      const withoutIt = bench.before.replace(`${JSON.stringify(culprit?.name)},true`, `${JSON.stringify(culprit?.name)},false`);
      await page.waitFor(`document.querySelector('[data-action="keep-off"]') !== null`, 5000, 'the button that keeps it off');
      await page.click('[data-action="keep-off"]');
      const kept = await bench.until(
        ({ status, detail }) => status === 'done' && detail?.afterKeepingOff !== undefined,
        'the word to be kept',
      );
      expect(kept.detail?.afterKeepingOff).toBe('works');
      expect(await bench.state()).toBe(withoutIt);
      expect((await bench.journal()).filter(({ state }) => state === 'kept').map(({ target }) => target)).toEqual([culprit?.name]);
      await after(12_000);
      await bench.browser.killAndRelaunch();
      bench.forget();
      count.killed += 1;
      await bench.isRestored(withoutIt);
    } finally {
      await bench.close();
    }
  });

  test('broken off at any moment, everything is as before, and it goes on', { retry: DRIVER_FAULTS, timeout: 200_000 }, async () => {
    const bench = await launch([...idle(2), LONG, ...idle(5)]);
    try {
      for (const loads of [0, 8, 11]) await breakOff(bench, loads, 'worker');

      // It goes on where it was.
      const before = await bench.run();
      expect(before?.detail?.tries.length).toBe(11);
      const page = await bench.resume();
      gate.open();
      await page.click('[data-action="resume-experiment"]');
      const run = await bench.over();
      expect(culpritsOf(run)).toEqual([1]);
      expect(run.detail?.tries.length).toBeLessThanOrEqual(7 + 5);
      await bench.isRestored();

      for (const loads of [8, 10]) await breakOff(bench, loads, 'browser');

      // The person stops it.
      const again = await bench.begin('one', 9);
      await again.click('[data-action="stop-experiment"]');
      expect((await bench.over()).status).toBe('stopped');
      count.killed += 1;
      await bench.isRestored();

      // Everything given back by the banner.
      const banner = await bench.begin('one', 8);
      await banner.waitFor(`document.querySelector('[data-action="give-back"]') !== null`, 5000, 'the banner');
      await banner.click('[data-action="give-back"]');
      expect((await bench.over()).status).toBe('stopped');
      count.killed += 1;
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test('one with a page of its own open is left alone, and its page stays', { retry: DRIVER_FAULTS, timeout: 120_000 }, async () => {
    const bench = await launch([...idle(2), LONG]);
    try {
      const idleOnes = await bench.in<{ id: string; name: string }[]>(
        `chrome.management.getAll().then((all) => all.filter(({ id, permissions }) => id !== chrome.runtime.id && permissions.includes('webRequest')).map(({ id, name }) => ({ id, name })))`,
      );
      const [open] = idleOnes as [{ id: string; name: string }];
      const tab = await bench.browser.openTab();
      await tab.goto(`chrome-extension://${open.id}/manifest.json`, 10_000);
      await bench.begin('one');
      const run = await bench.over();
      expect(culpritsOf(run)).toEqual([1]);
      expect(run.detail?.extensions.find(({ name }) => name === open.name)).toMatchObject({ state: 'left-alone', why: 'open-pages' });
      expect(await tab.page.evaluate('location.href')).toBe(`chrome-extension://${open.id}/manifest.json`);
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test('the person’s hand in the middle is respected', { retry: DRIVER_FAULTS, timeout: 200_000 }, async () => {
    const bench = await launch([...idle(2), LONG, ...idle(5)]);
    const off = (text: string, name: string) => text.replace(`${JSON.stringify(name)},true`, `${JSON.stringify(name)},false`);
    try {
      // Switched on again while all are off.
      await bench.begin('one', 7);
      const begun = await bench.run();
      const idleNames = (begun?.detail?.extensions ?? []).filter(({ abilities }) => abilities.includes('observe')).map(({ name }) => name);
      const [first, second, third] = idleNames as [string, string, string];
      await bench.byHand(`chrome.management.setEnabled(named(${JSON.stringify(first)}).id, true)`);
      gate.open();
      const run = await bench.over();
      count.killed += 1;
      expect(culpritsOf(run)).toEqual([1]);
      expect(run.detail?.extensions.find(({ name }) => name === first)?.why).toBe('switched-on');
      await bench.isRestored();

      // Switched off by hand while the first loads are made, when all are on.
      await bench.begin('one', 2);
      await bench.byHand(`chrome.management.setEnabled(named(${JSON.stringify(second)}).id, false)`);
      gate.open();
      const withoutSecond = await bench.over();
      count.killed += 1;
      expect(culpritsOf(withoutSecond)).toEqual([1]);
      expect(withoutSecond.detail?.extensions.find(({ name }) => name === second)).toMatchObject({
        state: 'left-alone',
        why: 'switched-off',
      });
      await bench.isRestored(off(bench.before, second));

      // Removed.
      await bench.begin('one', 8);
      const { id } = begun?.detail?.extensions.find(({ name }) => name === third) ?? { id: '' };
      await bench.browser.removeByHand?.(id);
      gate.open();
      const withoutThird = await bench.over();
      count.killed += 1;
      expect(culpritsOf(withoutThird)).toEqual([1]);
      expect(withoutThird.detail?.extensions.find(({ name }) => name === third)?.why).toBe('removed');
      const left = JSON.stringify((JSON.parse(bench.before) as [string, boolean][]).filter(([name]) => name !== third));
      await bench.isRestored(left);

      // The permission taken back: once it is given again, all are on.
      await bench.begin('one', 8);
      await bench.in(`chrome.permissions.remove({ permissions: ['management'] })`);
      gate.open();
      const failed = await bench.over();
      count.killed += 1;
      expect(failed.status).toBe('failed');
      expect((await bench.journal()).some(({ state }) => state === 'changed')).toBe(true);
      await bench.browser.grantAndRelaunch?.();
      bench.forget();
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test.each([
    [1, 0],
    [2, 1],
    [32, 20],
    [100, 61],
  ])('one of %i', { retry: DRIVER_FAULTS, timeout: 300_000 }, async (many, before) => {
    const bench = await launch([...idle(before), LONG, ...idle(many - before - 1)], { timeoutMs: 200_000 });
    try {
      await bench.begin('one');
      const startedAt = Date.now();
      const run = await bench.over();
      note(`one of ${many}`, run, startedAt);
      expect(culpritsOf(run)).toEqual([1]);
      expect(run.detail?.rounds).toBeLessThanOrEqual(Math.ceil(Math.log2(many)) + 2);
      expect(run.detail?.tries.filter(({ isMeasure }) => !isMeasure)).toHaveLength(run.detail?.rounds ?? 0);
      // Every switch is told, with its return.
      expect((await bench.journal()).length).toBeGreaterThanOrEqual(many);
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test('two only together, two that each break it, and none', { retry: DRIVER_FAULTS, timeout: 120_000 }, async () => {
    const other: InterferingExtension = { does: 'add-header', header: 'X-Longer', bytes: ONE_IS_TOO_MUCH - 1500 };
    const half: InterferingExtension = { does: 'add-header', header: 'X-Half', bytes: ONE_IS_TOO_MUCH - 1500 };
    const bench = await launch([...idle(2), half, ...idle(2), other, ...idle(2)]);
    try {
      let startedAt = Date.now();
      await bench.begin('two');
      const together = await bench.over();
      note('two together of 8', together, startedAt);
      expect(culpritsOf(together)).toEqual([2]);
      await bench.isRestored();

      startedAt = Date.now();
      await bench.begin('broken');
      const none = await bench.over();
      note('none of 8', none, startedAt);
      expect(none.detail).toMatchObject({ rounds: 1, result: { kind: 'cleared', culprits: [] } });
      await bench.isRestored();
    } finally {
      await bench.close();
    }
    const each = await launch([...idle(1), LONG, ...idle(3), { ...LONG, header: 'X-Longer' }, ...idle(2)]);
    try {
      const startedAt = Date.now();
      await each.begin('one');
      const run = await each.over();
      note('two that each break it of 8', run, startedAt);
      expect(culpritsOf(run)).toEqual([1, 1]);
      await each.isRestored();
    } finally {
      await each.close();
    }
  });
});

describe('the search in Firefox', () => {
  test('guides the person, follows their hand, and sees that all are on again', { retry: DRIVER_FAULTS, timeout: 150_000 }, async () => {
    const written = await writeExtensions([...idle(1), LONG, ...idle(1)], lab.internet.draw, (place) => lab.internet.reach(place));
    const browser = await launchIn(lab, 'firefox', { permissions: 'all', otherExtensions: written.firefox });
    const bench = new Bench(browser, written.remove);
    try {
      const startedAt = Date.now();
      // The permission was given in an earlier life of the event page; only what it hears from its start wakes it.
      await browser.stopBackground();
      await bench.begin('one');
      let switches = 0;
      let isKilled = false;
      for (;;) {
        const run = await bench.until(
          ({ status, detail }) =>
            status === 'done' || status === 'failed' || (detail?.ask?.off.length ?? 0) > 0 || (detail?.ask?.on.length ?? 0) > 0,
          'what to switch next',
        );
        if (run.status === 'done' || run.status === 'failed') break;
        const { off = [], on = [] } = run.detail?.ask ?? {};
        const [id] = [...off, ...on];
        const name = run.detail?.extensions.find((one) => one.id === id)?.name ?? '';
        if (switches === 4 && !isKilled) {
          // The event page goes to sleep while the person is busy elsewhere; their next switch wakes it.
          isKilled = true;
          await Promise.all([bench.page?.close(), browser.stopBackground()]);
          count.killed += 1;
        }
        const before = JSON.stringify(run.detail?.ask);
        await browser.switchByHand?.(name, off.length === 0);
        switches += 1;
        expect(switches).toBeLessThan(40);
        await bench.until(
          ({ status, detail }) => status === 'done' || status === 'failed' || JSON.stringify(detail?.ask) !== before,
          'the search to follow',
          60_000,
        );
      }
      const run = (await bench.run()) as Run;
      note(`guided, one of 3, ${switches} switches`, run, startedAt);
      expect(run.status).toBe('done');
      expect(culpritsOf(run)).toEqual([1]);
      expect(isKilled).toBe(true);
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });
});
