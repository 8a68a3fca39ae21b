import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/experiments/journal-entry';
import { type ExperimentRun, STEADY_LOADS } from '../../src/model/experiment';
import type { BrowserUnderTest, LaunchOptions, Page, Tab } from '../browsers/driver';
import { poll } from '../browsers/processes';
import { headerBytesOf } from '../lab/cookies';
import { type InterferingExtension, writeExtensions } from '../lab/extensions';
import { forceExtension, isPolicyPossible } from '../lab/forced-extension';
import type { Place, Request } from '../lab/internet';
import { type Lab, startLab } from '../lab/lab';
import { isInNamespace } from '../lab/namespace';
import { addProxy } from '../lab/proxy';
import type { Scenario } from '../lab/scenario';
import { addSite, drawNames, pageApp } from '../lab/site';
import { DRIVER_FAULTS, exportedReport, launchIn, Observer, OtherHand, STATE, settled } from './world';

/** The search for the extension that breaks the page, on real extensions, and everything as before whoever is killed or meddles. */

type Run = ExperimentRun<'extension-search'>;

/** Headers over this are reset, bytes: one long header is too much. */
const ONE_IS_TOO_MUCH = 6_000;
/** Two long headers are too much, one is not. */
const TWO_ARE_TOO_MUCH = 9_000;
/** So soon after a reset a request is the browser's own second try, ms. */
const RESENT_WITHIN_MS = 60;
const LONG: InterferingExtension = { does: 'add-header', header: 'X-Long', bytes: ONE_IS_TOO_MUCH + 100 };

const idle = (many: number): InterferingExtension[] => Array.from({ length: many }, () => ({ does: 'nothing', hasWorker: false }));

const hosts = { one: '', two: '', half: '', turns: '', broken: '' };
/** Whether the page that fails by turns does so now. */
let isBadTurn = false;
/** Proxies that let everything pass. */
let proxies: readonly Place[] = [];
const scenario: Scenario = {
  name: 'extension-search',
  about: 'Sites that reset what is too long, and one that resets everything.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cannot-tell' },
  async configure(draw, internet) {
    for (const kind of Object.keys(hosts) as (keyof typeof hosts)[]) {
      const { host } = drawNames(internet);
      hosts[kind] = host;
      const page = pageApp(internet);
      const isReset = (request: Request) => {
        // The tab's own navigation, and not our request: as though an extension did it.
        if (kind === 'broken') return request.headers['sec-fetch-dest'] === 'document';
        const isTooMuch = headerBytesOf(request) > (kind === 'two' ? TWO_ARE_TOO_MUCH : ONE_IS_TOO_MUCH);
        return isTooMuch && (kind !== 'half' || isUnlucky()) && (kind !== 'turns' || isBadTurn);
      };
      // What was reset on a connection that stood ready the browser sends a second time by itself: that is still the same try.
      let lastResetAtMs = 0;
      const isUnlucky = () => {
        const isReset = performance.now() - lastResetAtMs < RESENT_WITHIN_MS || draw.isTrue(0.5);
        if (isReset) lastResetAtMs = performance.now();
        return isReset;
      };
      await addSite(internet, {
        host,
        async https(request, response, tools) {
          await gate.pass(request.url);
          if (isReset(request)) tools.reset('always');
          else page(request, response, tools);
        },
      });
    }
    proxies = [addProxy(internet, { where: 'elsewhere' }), addProxy(internet, { where: 'elsewhere' })];
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
/** Points at which a search was broken off or meddled with, by what was done. */
const points = new Map<string, number>();
const notePoint = (what: string): void => {
  count.killed += 1;
  points.set(what, (points.get(what) ?? 0) + 1);
};
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
});
afterAll(async () => {
  await lab?.close();
  process.stdout.write(`extension search: ${count.searches.join('; ')}\n`);
  const kinds = [...points].map(([what, many]) => `${what} ${many}`).join(', ');
  process.stdout.write(`extension search: broken off at ${count.killed} points (${kinds}), ${count.restored} states as before\n`);
});

const ALL = `(globalThis.browser ?? chrome).management.getAll().then((all) => JSON.stringify(all.filter(({ id }) => id !== (globalThis.browser ?? chrome).runtime.id).map(({ name, enabled }) => [name, enabled]).sort()))`;

/** A browser with extensions, a failed tab and the page of its walk. */
class Bench {
  private readonly observer: Observer;
  private failing: Tab | undefined;
  page: Page | undefined;
  private visits = 0;
  /** How all extensions stood when the search began. */
  before = '';

  constructor(
    readonly browser: BrowserUnderTest,
    /** Folders of the other extensions, in the order of the launch. */
    readonly paths: readonly string[],
    private readonly remove: () => Promise<void>,
  ) {
    this.observer = new Observer(browser);
  }

  /** The name in the manifest of one of the other extensions, by its place. */
  nameOf(place: number): string {
    return (JSON.parse(readFileSync(join(this.paths[place] ?? '', 'manifest.json'), 'utf8')) as { name: string }).name;
  }

  in<T>(expression: string): Promise<T> {
    return this.observer.in<T>(expression);
  }
  wake(): Promise<unknown> {
    return this.observer.wake();
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

  /** Of the page that failed last. */
  get path(): string {
    return `/visit-${this.visits}`;
  }

  /** Fails the page, opens its walk, and waits for its checks. */
  async open(kind: keyof typeof hosts): Promise<Page> {
    await this.observer.page();
    // One that fails in half of the visits fails in one of these.
    for (let tries = 0; tries < (kind === 'half' ? 20 : 5); tries += 1) {
      const tab = await this.browser.openTab();
      this.visits += 1;
      // Rules of an extension that was just switched on come into force a moment later.
      const shown = await tab.goto(`https://${hosts[kind]}/visit-${this.visits}`, 20_000);
      if (shown.outcome !== 'failed') {
        await tab.page.close();
        continue;
      }
      const tabId = await this.browser.extensionTabId(tab);
      const { page } = await this.browser.openExtensionPage(`src/popup/index.html?tab=${tabId}`);
      const state = await page.waitFor<string>(
        `['running', 'done', 'no-incident', 'error'].includes(${STATE}) && ${STATE}`,
        20_000,
        'the incident',
      );
      if (state === 'running' || state === 'done') {
        this.page = page;
        this.failing = tab;
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
    if (heldAfter !== undefined) gate.close(this.path);
    expect(await page.click('[data-action="start-search"]')).toBe(true);
    if (heldAfter !== undefined) await this.heldAfter(heldAfter);
    return page;
  }
  /** Lets loads pass until so many were judged; the next is held. */
  async heldAfter(loads: number): Promise<void> {
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
      // Not the next step by itself: it stands among the others.
      await page.evaluate(
        `[...document.querySelectorAll('button.link')].find(({ textContent }) => textContent.includes(chrome.i18n.getMessage('step_disable_extensions_title')))?.click()`,
      );
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
    this.observer.forget();
    this.failing = undefined;
    this.page = undefined;
  }
  /** Closes the walk's page and its tab: the next search has one of its own. */
  async leave(): Promise<void> {
    for (const page of [this.page, this.failing?.page]) if (page?.isOpen()) await page.close();
    this.failing = undefined;
    this.page = undefined;
  }
  /** What is on the disk is not what is in the memory: some ten seconds later. */
  async untilOffOnDisk(): Promise<void> {
    const isThere = () =>
      ['Preferences', 'Secure Preferences'].some((name) => {
        const file = join(this.browser.profileDirectory, 'Default', name);
        return existsSync(file) && /"disable_reasons":(\[[^\]]+\]|[1-9])/.test(readFileSync(file, 'utf8'));
      });
    await poll(isThere, 20_000, 'the change to reach the disk', 100);
  }
  /** All others by name, and whether each is on. */
  async switches(): Promise<Map<string, boolean>> {
    return new Map(JSON.parse(await this.state()) as [string, boolean][]);
  }
  async setByHand(name: string, isEnabled: boolean): Promise<void> {
    await this.byHand(`chrome.management.setEnabled(named(${JSON.stringify(name)}).id, ${isEnabled})`);
  }
  newestWalk(): Promise<string> {
    return this.in<string>(`chrome.storage.local.get('sessions').then(({ sessions }) => sessions[0].id)`);
  }
  /** The newest walk in a page of its own. */
  async showNewest(): Promise<Page> {
    const id = await this.newestWalk();
    const { page } = await this.browser.openExtensionPage(`src/popup/index.html?session=${id}`);
    this.page = page;
    return page;
  }
  async resume(): Promise<Page> {
    const page = await this.showNewest();
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
  return new Bench(browser, written.chromium, written.remove);
}
/** How many extensions belong to each cause that was found. */
const culpritsOf = (run: Run) => (run.detail?.result?.culprits ?? []).map((set) => set.length);
const namesOf = (run: Run) => (run.detail?.extensions ?? []).flatMap(({ state, name }) => (state === 'culprit' ? [name] : []));
const note = (what: string, run: Run, startedAt: number) => {
  const tries = run.detail?.tries ?? [];
  count.searches.push(`${what}: ${run.detail?.rounds} rounds, ${tries.length} loads, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
};

/** What breaks a search off. */
type Killed = 'worker' | 'browser' | 'update';
const KILLED = { worker: 'worker killed', browser: 'SIGKILL', update: 'updated' } as const;

/** Breaks it off now, with no page of ours left that would wake the worker. */
async function kill(bench: Bench, what: Killed): Promise<void> {
  if (what === 'browser') {
    await bench.browser.killAndRelaunch();
    bench.forget();
  } else if (what === 'update') {
    await bench.browser.renew();
    bench.forget();
  } else {
    await Promise.all([bench.page?.close(), bench.browser.stopBackground()]);
    await bench.wake();
  }
  notePoint(KILLED[what]);
}
/** Kills as soon as so many loads were judged, and what was left off is on again by itself. */
async function breakOff(bench: Bench, atLoads: number, what: Killed): Promise<void> {
  await bench.begin('one', atLoads);
  await kill(bench, what);
  await bench.isRestored();
  await bench.leave();
}

/** One of four is to blame: its place among them. */
const FOUR: readonly InterferingExtension[] = [...idle(1), LONG, ...idle(2)];
const CULPRIT = 1;
/**
 * Every step of a search among four, by the loads that were judged before it: all on (nothing is written down yet), all off, a half
 * on, a quarter on, once more to be sure, and again and again without the culprit.
 */
const STEPS = [0, 7, 8, 9, 10, 11] as const;

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
      // By its name, with a letter to its maker that needs no word more.
      const letter = await page.waitFor<string>(
        `document.querySelector('[data-culprit="${culprit?.id}"] textarea')?.value`,
        5000,
        'the letter',
      );
      for (const part of [`${culprit?.name} ${culprit?.version}`, hosts.one, 'ERR_CONNECTION_RESET']) expect(letter).toContain(part);
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
      await kill(bench, 'browser');
      await bench.isRestored(withoutIt);

      // Later they want it on again: it is on, nothing is left to be given back, and the report tells the change and its return.
      const later = await bench.showNewest();
      await later.waitFor(`document.querySelector('[data-action="restore"]') !== null`, 10_000, 'the button that switches it on again');
      await later.click('[data-action="restore"]');
      await later.waitFor(`document.querySelector('[data-action="keep-off"]') !== null`, 10_000, 'the word to be kept');
      await bench.isRestored();
      expect((await bench.run())?.detail?.extensions.some(({ isKeptOff }) => isKeptOff)).toBe(false);
      const switchesOfIt = (await bench.journal()).filter(({ target }) => target === culprit?.name);
      expect(switchesOfIt.length).toBeGreaterThan(0);
      expect(switchesOfIt.filter(({ state }) => state !== 'returned' && state !== 'confirmed')).toEqual([]);
      const told = (await exportedReport(bench.browser, later)).changes.filter(({ target }) => target === culprit?.name);
      expect(told.length).toBe(switchesOfIt.length);
      for (const change of told) expect(change).toMatchObject({ what: 'extension-switch', returnedAt: expect.any(String) });
      // And it stays so over another death of the browser.
      await kill(bench, 'browser');
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test.each(['worker', 'browser'] as const)(
    'the %s killed at every step: everything is as before',
    {
      retry: DRIVER_FAULTS,
      timeout: 240_000,
    },
    async (what) => {
      const bench = await launch(FOUR);
      try {
        for (const loads of STEPS) await breakOff(bench, loads, what);

        // The first of four is on again, perhaps not yet the others.
        const stopped = await bench.begin('one', 7);
        // Listened for before it is asked for: on a busy machine all would be back before anybody listens.
        await bench.in(`(globalThis.firstBack = new Promise((done) => chrome.management.onEnabled.addListener(() => done(true))), true)`);
        await stopped.click('[data-action="stop-experiment"]');
        await bench.in('globalThis.firstBack');
        await kill(bench, what);
        await bench.isRestored();
        await bench.leave();

        // The person wants it off, and the load that follows is under way.
        const page = await bench.begin('one');
        expect(culpritsOf(await bench.over())).toEqual([1]);
        await bench.isRestored();
        gate.close(bench.path);
        await page.waitFor(`document.querySelector('[data-action="keep-off"]') !== null`, 5000, 'the button that keeps it off');
        await page.click('[data-action="keep-off"]');
        await gate.holds();
        expect((await bench.switches()).get(bench.nameOf(CULPRIT))).toBe(false);
        await kill(bench, what);
        await bench.isRestored();
      } finally {
        await bench.close();
      }
    },
  );

  test('Unreset updated in the middle: everything is as before, and the new version goes on', {
    retry: DRIVER_FAULTS,
    timeout: 240_000,
  }, async () => {
    const bench = await launch(FOUR);
    try {
      for (const loads of [7, 9, 11]) await breakOff(bench, loads, 'update');
      // The new version goes on where the old one was.
      const page = await bench.resume();
      gate.open();
      await page.click('[data-action="resume-experiment"]');
      const run = await bench.over();
      expect(namesOf(run)).toEqual([bench.nameOf(CULPRIT)]);
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test('the proxy set by another at every step stays as they set it, and all extensions are as before', {
    retry: DRIVER_FAULTS,
    timeout: 120_000,
  }, async () => {
    const bench = await launch(FOUR);
    const other = await OtherHand.enter(lab, bench.browser);
    try {
      await bench.begin('one', STEPS[0]);
      for (const [index, loads] of STEPS.entries()) {
        await bench.heldAfter(loads);
        expect(await other.isAsSet(), `as they set it, after ${loads} loads`).toBe(true);
        await other.set(lab.internet.reach(proxies[index % proxies.length] as Place));
        notePoint('proxy set by another');
        gate.step();
      }
      gate.open();
      const run = await bench.over();
      expect(run.status).toBe('done');
      expect(namesOf(run)).toEqual([bench.nameOf(CULPRIT)]);
      await bench.isRestored();
      expect(await other.isAsSet(), 'as they set it in the end').toBe(true);
      // As they take theirs back, nothing of ours comes to light.
      await other.clear();
    } finally {
      await bench.close();
      await other.remove();
    }
  });

  test('the browser killed 0, 5 and 15 s after all went off, and after all were on again', {
    retry: DRIVER_FAULTS,
    timeout: 300_000,
  }, async () => {
    const bench = await launch(FOUR);
    const delaysMs = [0, 5_000, 15_000];
    try {
      for (const delayMs of delaysMs) {
        await bench.begin('one', 7);
        await after(delayMs);
        expect(await bench.state()).not.toContain('true');
        await kill(bench, 'browser');
        await bench.isRestored();
      }
      for (const delayMs of delaysMs) {
        const page = await bench.begin('one', 7);
        // The disk holds them as off, and brings that back if the browser dies now.
        await bench.untilOffOnDisk();
        await page.click('[data-action="stop-experiment"]');
        await bench.isRestored();
        await after(delayMs);
        await kill(bench, 'browser');
        await bench.isRestored();
      }
    } finally {
      await bench.close();
    }
  });

  test('broken off, it goes on where it was; stopped by its button and by the banner', {
    retry: DRIVER_FAULTS,
    timeout: 120_000,
  }, async () => {
    const bench = await launch([...idle(2), LONG, ...idle(5)]);
    try {
      await breakOff(bench, 11, 'worker');
      const before = await bench.run();
      expect(before?.detail?.tries.length).toBe(11);
      const page = await bench.resume();
      gate.open();
      await page.click('[data-action="resume-experiment"]');
      const run = await bench.over();
      expect(culpritsOf(run)).toEqual([1]);
      expect(run.detail?.tries.length).toBeLessThanOrEqual(7 + 5 + STEADY_LOADS.withoutCulprits);
      await bench.isRestored();

      // The person stops it.
      const again = await bench.begin('one', 9);
      await again.click('[data-action="stop-experiment"]');
      expect((await bench.over()).status).toBe('stopped');
      notePoint('stopped');
      await bench.isRestored();

      // Everything given back by the banner.
      const banner = await bench.begin('one', 8);
      await banner.waitFor(`document.querySelector('[data-action="give-back"]') !== null`, 5000, 'the banner');
      await banner.click('[data-action="give-back"]');
      expect((await bench.over()).status).toBe('stopped');
      notePoint('given back');
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test('with its page closed the badge tells of it, opened again the page says how far it is, and another one ends it first', {
    retry: DRIVER_FAULTS,
    timeout: 120_000,
  }, async () => {
    const bench = await launch(FOUR);
    const badge = () => bench.in<string>('chrome.action.getBadgeText({})');
    try {
      expect(await badge()).toBe('');
      await (await bench.begin('one', 8)).close();
      expect(await bench.state()).toContain('false');
      expect(await badge()).not.toBe('');
      const { progress } = (await bench.run()) as Run;
      expect(progress.done).toBeGreaterThan(0);
      expect(progress.left).toBeGreaterThan(0);
      const page = await bench.showNewest();
      const shown = await page.waitFor<number>(
        `document.querySelector('[data-experiment="extension-search"][data-status="running"] progress')?.value`,
        10_000,
        'how far it is',
      );
      expect(shown).toBe(progress.done);

      const [id, other] = [await bench.newestWalk(), `'private-window'`];
      await bench.in(
        `void chrome.runtime.sendMessage({ type: 'experiment.start', sessionId: '${id}', experiment: ${other}, options: {} }).catch(() => undefined)`,
      );
      const started = await poll(
        () =>
          bench.in<Run | undefined>(
            `chrome.storage.local.get('session:${id}').then((all) => Object.values(all)[0].experiments?.[${other}])`,
          ),
        15_000,
        'the other one',
      );
      expect((await bench.run())?.status).toBe('stopped');
      const switches = await bench.journal();
      expect(switches.length).toBeGreaterThan(0);
      for (const { returnedAtMs } of switches) expect(returnedAtMs).toBeLessThanOrEqual(started.startedAtMs);
      notePoint('another one started');
      await bench.isRestored();
      await poll(async () => (await badge()) === '', 5000, 'the state of the badge');
    } finally {
      gate.open();
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

  test('one switched by hand at every step stays as the person wants it', { retry: DRIVER_FAULTS, timeout: 240_000 }, async () => {
    const bench = await launch(FOUR);
    try {
      for (const isCulprit of [false, true]) {
        for (const loads of STEPS) {
          await bench.begin('one', loads);
          const now = await bench.switches();
          const places = isCulprit ? [CULPRIT] : [0, 2, 3];
          // One that is on right now, where there is one: so each is switched the other way.
          const names = places.map((place) => bench.nameOf(place));
          const name = names.find((one) => now.get(one) === true) ?? (names[0] as string);
          const isOn = now.get(name) === true;
          await bench.setByHand(name, !isOn);
          gate.open();
          const run = await bench.over();
          notePoint(isOn ? 'switched off by hand' : 'switched on by hand');
          expect(run.status).toBe('done');
          expect(run.detail?.extensions.find((one) => one.name === name)).toMatchObject({
            state: 'left-alone',
            why: isOn ? 'switched-off' : 'switched-on',
          });
          expect(culpritsOf(run)).toEqual(isCulprit ? [] : [1]);
          const wanted = new Map(JSON.parse(bench.before) as [string, boolean][]).set(name, !isOn);
          await bench.isRestored(JSON.stringify([...wanted]));
          await bench.setByHand(name, true);
          await bench.leave();
        }
      }
    } finally {
      await bench.close();
    }
  });

  test('one removed at every step: the others are as before', { retry: DRIVER_FAULTS, timeout: 180_000 }, async () => {
    const bench = await launch(FOUR);
    try {
      for (const [index, loads] of STEPS.entries()) {
        const place = index % 2 === 0 ? 3 : CULPRIT;
        const name = bench.nameOf(place);
        await bench.begin('one', loads);
        const run = await bench.run();
        await bench.browser.removeByHand?.(run?.detail?.extensions.find((one) => one.name === name)?.id ?? '');
        gate.open();
        const withoutIt = await bench.over();
        notePoint('removed');
        expect(withoutIt.detail?.extensions.find((one) => one.name === name)?.why).toBe('removed');
        expect(culpritsOf(withoutIt)).toEqual(place === CULPRIT ? [] : [1]);
        await bench.isRestored(JSON.stringify((JSON.parse(bench.before) as [string, boolean][]).filter(([one]) => one !== name)));
        await bench.leave();
        await bench.browser.installNow?.(bench.paths[place] as string);
      }
    } finally {
      await bench.close();
    }
  });

  test('the permission taken back at every step: all are on once it is given again', {
    retry: DRIVER_FAULTS,
    timeout: 180_000,
  }, async () => {
    const bench = await launch(FOUR);
    try {
      for (const loads of STEPS) {
        await bench.begin('one', loads);
        await bench.in(`chrome.permissions.remove({ permissions: ['management'] })`);
        gate.open();
        const failed = await bench.over();
        notePoint('permission taken back');
        expect(failed.status).toBe('failed');
        // Nothing was written down before the first was to go off.
        expect((await bench.journal()).some(({ state }) => state === 'changed')).toBe(loads > 0);
        await bench.browser.grantAndRelaunch?.();
        bench.forget();
        await bench.isRestored();
      }
    } finally {
      await bench.close();
    }
  });

  // A policy must be seen by this browser and by nobody else on the machine.
  test.skipIf(!isPolicyPossible())(
    'one that an organisation keeps on is never switched, and it is said that it was left alone',
    { retry: DRIVER_FAULTS, timeout: 120_000 },
    async () => {
      const locked = await writeExtensions([LONG], lab.internet.draw, (place) => lab.internet.reach(place));
      const forced = await forceExtension(locked.chromium[0] as string);
      // Too much for one site together with the one that is locked; for the other that one alone is too much.
      const bench = await launch([...idle(1), { ...LONG, header: 'X-Half', bytes: ONE_IS_TOO_MUCH - 1500 }, ...idle(1)], {
        isUpdating: true,
      });
      try {
        await poll(() => bench.in<boolean>(`chrome.management.get('${forced.id}').then(() => true, () => false)`), 20_000, 'the policy');
        const facts = await bench.in(
          `chrome.management.get('${forced.id}').then(({ name, enabled, mayDisable, installType }) => ({ name, enabled, mayDisable, installType }))`,
        );
        expect(facts).toMatchObject({ enabled: true, mayDisable: false, installType: 'admin' });
        const { name } = facts as { name: string };
        await bench.in(
          `(globalThis.wentOff = [], chrome.management.onDisabled.addListener(({ id }) => globalThis.wentOff.push(id)), true)`,
        );
        for (const kind of ['one', 'two'] as const) {
          const page = await bench.begin(kind);
          expect(await page.evaluate(`document.querySelector('[data-extension="${forced.id}"]')`)).toBeNull();
          const run = await bench.over();
          expect(run.status).toBe('done');
          expect(run.detail?.extensions.find(({ id }) => id === forced.id)).toMatchObject({ state: 'left-alone', why: 'fixed' });
          expect(run.detail?.result?.kind).toBe(kind === 'one' ? 'cleared' : 'found');
          expect(culpritsOf(run)).toEqual(kind === 'one' ? [] : [1]);
          const said = await page.waitFor<string>(`document.querySelector('.search-left')?.textContent`, 5000, 'what was left alone');
          expect(said).toBe(`${name}: an organisation keeps it on`);
          const result = await page.evaluate<string>(`document.querySelector('.search-result')?.innerText`);
          if (kind === 'one') expect(result).toContain('left alone were not tried');
          await bench.isRestored();
        }
        const wentOff = await bench.in<string[]>('globalThis.wentOff');
        expect(new Set(wentOff).size).toBe(3);
        expect(wentOff).not.toContain(forced.id);
        expect((await bench.journal()).map(({ target }) => target)).not.toContain(name);
      } finally {
        await bench.close();
        await forced.remove();
        await locked.remove();
      }
    },
  );

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
      expect(namesOf(run)).toEqual([bench.nameOf(before)]);
      expect(run.detail?.rounds).toBeLessThanOrEqual(Math.ceil(Math.log2(many)) + 2);
      expect(run.detail?.tries.filter(({ isMeasure }) => !isMeasure)).toHaveLength(run.detail?.rounds ?? 0);
      // Every switch is told, with its return.
      expect((await bench.journal()).length).toBeGreaterThanOrEqual(many);
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test('is offered for a page that fails and loads by turns, though it loads whenever the walk looks', {
    retry: DRIVER_FAULTS,
    timeout: 120_000,
  }, async () => {
    // The browser's own reloads would be turns too.
    const bench = await launch([LONG, ...idle(1)], { browserArguments: ['--disable-auto-reload'] });
    try {
      gate.open();
      const tab = await bench.browser.openTab();
      const outcomes: string[] = [];
      for (const isBad of [true, false, true]) {
        isBadTurn = isBad;
        outcomes.push((await tab.goto(`https://${hosts.turns}/by-turns`, 20_000)).outcome);
      }
      expect(outcomes).toEqual(['failed', 'loaded', 'failed']);
      isBadTurn = false;
      const { page } = await bench.browser.openExtensionPage(`src/popup/index.html?tab=${await bench.browser.extensionTabId(tab)}`);
      expect(await settled(page)).toBe('done');
      await page.waitFor(`document.querySelector('[data-action="start-search"]') !== null`, 5000, 'the card of the search');
      // The page of a tab unfolds its checklist by itself.
      const outcomeOf = (check: string) => `document.querySelector('[data-check="${check}"]')?.dataset.outcome`;
      await page.waitFor(`${outcomeOf('unsteady-fault')} === 'implicated'`, 5000, 'the word on what comes and goes');
      expect(await page.evaluate(outcomeOf('passing-fault'))).toBe('inconclusive');
    } finally {
      isBadTurn = false;
      await bench.close();
    }
  });

  test('one of four that breaks it in half of the tries', { retry: DRIVER_FAULTS, timeout: 300_000 }, async () => {
    const bench = await launch(FOUR);
    try {
      await bench.begin('half');
      const startedAt = Date.now();
      const run = await bench.until(({ status }) => status !== 'running', 'the end of the search', 240_000);
      const place = run.detail?.extensions.findIndex(({ name }) => name === bench.nameOf(CULPRIT)) ?? -1;
      const withIt = (run.detail?.tries ?? []).filter(({ on }) => on[place] === '1').map(({ result }) => result);
      const failed = withIt.filter((result) => result === 'fails').length;
      note(`one of 4, with which ${failed} of ${withIt.length} loads failed`, run, startedAt);
      expect(failed).toBeGreaterThan(withIt.length / 5);
      expect(failed).toBeLessThan((withIt.length * 4) / 5);
      expect(run.detail?.result?.kind).toBe('found');
      expect(namesOf(run)).toEqual([bench.nameOf(CULPRIT)]);
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });

  test('two of 32 that each break it', { retry: DRIVER_FAULTS, timeout: 300_000 }, async () => {
    const places = [9, 25] as const;
    const bench = await launch([...idle(9), LONG, ...idle(15), { ...LONG, header: 'X-Longer' }, ...idle(6)], { timeoutMs: 200_000 });
    try {
      await bench.begin('one');
      const startedAt = Date.now();
      const run = await bench.over();
      note('two that each break it of 32', run, startedAt);
      expect(culpritsOf(run)).toEqual([1, 1]);
      expect(namesOf(run).sort()).toEqual(places.map((place) => bench.nameOf(place)).sort());
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
    const bench = new Bench(browser, written.firefox, written.remove);
    try {
      const startedAt = Date.now();
      // The permission was given in an earlier life of the event page; only what it hears from its start wakes it.
      await browser.stopBackground();
      await bench.begin('one');
      let switches = 0;
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
        // The event page goes to sleep while the person is busy elsewhere.
        if (switches % 3 === 0) {
          // The page that shows the walk connects again, and that alone sets it going: nothing is switched, and its alarm is half a minute away.
          if (bench.page?.isOpen() !== true) await bench.showNewest();
          await bench.until(({ status }) => status === 'waiting', 'the search to wait');
          const { changedAtMs = 0 } = (await bench.run()) ?? {};
          await browser.stopBackground();
          await bench.until((now) => now.status === 'waiting' && (now.changedAtMs ?? 0) > changedAtMs, 'the search to go on', 15_000);
          notePoint('event page ended, walk shown');
        } else if (switches % 3 === 1) {
          // Their next switch wakes it.
          await Promise.all([bench.page?.close(), browser.stopBackground()]);
          notePoint('event page ended, no page open');
        } else {
          // So it does after an update, with which all pages of ours went.
          await browser.renew();
          bench.forget();
          notePoint('event page ended by an update');
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
      await bench.isRestored();
    } finally {
      await bench.close();
    }
  });
});
