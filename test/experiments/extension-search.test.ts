import { describe, expect, test } from 'vitest';
import type { ExperimentContext } from '../../src/experiments/experiment';
import { extensionSearch, type InstalledExtension, seenBefore } from '../../src/experiments/extension-search';
import type { Found } from '../../src/experiments/giving-back';
import { createJournal } from '../../src/experiments/journal';
import type { Undo } from '../../src/experiments/journal-entry';
import type { ExperimentWord, ExtensionSearchDetail, Judgement } from '../../src/model/experiment';
import type { SessionState } from '../../src/model/session';

type Context = ExperimentContext<'extension-search'>;

interface Options {
  count: number;
  /** Any of these sets, all of it on, breaks the page. */
  breaking: readonly (readonly number[])[];
  isGuided?: boolean;
  /** Told before each load of the page. */
  onLoad?: (browser: Browser, load: number) => void;
  says?: (load: number) => Judgement | undefined;
  more?: Partial<InstalledExtension>[];
}

/** A browser with extensions and a journal on a disk; what the person does is done to `on`. */
class Browser {
  readonly on = new Map<string, boolean>();
  readonly installed: InstalledExtension[];
  readonly told: { progress: { done: number; left: number }; detail: ExtensionSearchDetail }[] = [];
  readonly stop = new AbortController();
  readonly switched: string[] = [];
  isAllowed = true;
  loads = 0;
  private ids = 0;
  private stored: unknown = [];
  private wakers: (() => void)[] = [];
  private hearers: ((word: ExperimentWord) => void)[] = [];

  constructor(readonly options: Options) {
    this.installed = [...Array.from({ length: options.count }, (_, index) => ({ id: `x${index}` })), ...(options.more ?? [])].map(
      (one, index) => ({
        id: `more${index}`,
        name: `Extension ${index}`,
        version: '1.0',
        abilities: ['headers'],
        isEnabled: true,
        mayDisable: true,
        isAble: true,
        hasOpenPages: false,
        ...one,
      }),
    );
    for (const { id, isEnabled } of this.installed) this.on.set(id, isEnabled);
  }

  /** What a person does in the browser's own list. */
  byHand(id: string, isEnabled: boolean | 'removed'): void {
    if (isEnabled === 'removed') this.on.delete(id);
    else this.on.set(id, isEnabled);
    const wakers = this.wakers;
    this.wakers = [];
    for (const wake of wakers) wake();
  }
  say(word: ExperimentWord): void {
    this.hearers.pop()?.(word);
  }
  states(): string {
    return [...this.on].map(([id, isOn]) => `${id}${isOn ? '+' : '-'}`).join(' ');
  }
  get last(): ExtensionSearchDetail {
    const last = this.told.at(-1);
    if (!last) throw new Error('nothing told');
    return last.detail;
  }
  fates(): Record<string, string> {
    return Object.fromEntries(this.last.extensions.map(({ id, state, why }) => [id, why ?? state]));
  }

  journal() {
    return createJournal({
      read: async () => structuredClone(this.stored),
      write: async (entries) => {
        this.stored = structuredClone(entries);
      },
      undoer: () => ({
        unsureMs: () => 30_000,
        isOursAlone: false,
        look: async (undo: Undo): Promise<Found> => {
          if (!this.isAllowed) throw new Error('the permission was taken back');
          if (undo.what !== 'extension-switch') return 'as-before';
          const isOn = this.on.get(undo.extensionId);
          return isOn === undefined ? 'anothers' : isOn === undo.wasEnabled ? 'as-before' : 'changed';
        },
        undo: async (undo: Undo) => {
          if (undo.what === 'extension-switch' && this.on.has(undo.extensionId)) this.on.set(undo.extensionId, undo.wasEnabled);
        },
      }),
      now: () => 5,
      newId: () => `entry${++this.ids}`,
      life: async () => 'life',
      wakeAt: () => undefined,
    });
  }
  changes() {
    return this.journal().changes();
  }

  context(): Context {
    const { options } = this;
    const list = async () =>
      this.isAllowed
        ? this.installed.flatMap((one) => (this.on.has(one.id) ? [{ ...one, isEnabled: this.on.get(one.id) === true }] : []))
        : undefined;
    const set = async (id: string, isEnabled: boolean) => {
      if (!this.isAllowed) throw new Error('the permission was taken back');
      if (!this.on.has(id)) throw new Error('no such extension');
      this.switched.push(`${id}${isEnabled ? '+' : '-'}`);
      this.on.set(id, isEnabled);
    };
    return {
      incident: { host: 'shop.test' },
      signal: this.stop.signal,
      state: () => ({ measurements: {} }) as SessionState,
      now: () => 5,
      journal: this.journal(),
      judge: async () => {
        this.loads += 1;
        options.onLoad?.(this, this.loads);
        this.stop.signal.throwIfAborted();
        const said = options.says?.(this.loads);
        if (said) return said;
        return options.breaking.some((group) => group.every((index) => this.on.get(`x${index}`) === true)) ? 'fails' : 'works';
      },
      doors: {
        extensions: {
          list,
          ...(options.isGuided ? {} : { set }),
          changed: (signal: AbortSignal) =>
            new Promise<void>((resolve) => {
              if (signal.aborted) return resolve();
              const end = () => {
                signal.removeEventListener('abort', end);
                resolve();
              };
              this.wakers.push(end);
              signal.addEventListener('abort', end);
            }),
        },
      },
      tell: async (progress: { done: number; left: number }, detail: ExtensionSearchDetail) => {
        this.told.push(structuredClone({ progress, detail }));
      },
      word: (until: AbortSignal) =>
        new Promise<ExperimentWord>((resolve, reject) => {
          this.hearers.push(resolve);
          until.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
        }),
    } as unknown as Context;
  }
  run(before?: ExtensionSearchDetail, pinned: readonly string[] = []): Promise<void> {
    return extensionSearch.run(this.context(), { pinned }, before);
  }
}

const allOn = (count: number) => Array.from({ length: count }, (_, index) => `x${index}+`).join(' ');

describe('the search', () => {
  test('names the one that breaks the page, and everything is on again', async () => {
    const browser = new Browser({ count: 8, breaking: [[5]] });
    await browser.run();
    expect(browser.last).toMatchObject({ part: 'over', rounds: 5, result: { kind: 'found', culprits: [['x5']] } });
    expect(browser.states()).toBe(allOn(8));
    const changes = await browser.changes();
    expect(new Set(changes.map(({ target }) => target)).size).toBe(8);
    expect(changes.every(({ state }) => state === 'returned')).toBe(true);
    // What is known can be told at any moment.
    expect(browser.told.map(({ progress }) => progress.done + progress.left).every((total) => total <= 8)).toBe(true);
  });

  test('names two that break it together, and two that each break it', async () => {
    const together = new Browser({ count: 8, breaking: [[2, 6]] });
    await together.run();
    expect(together.last.result).toEqual({ kind: 'found', culprits: [['x6', 'x2']] });
    const each = new Browser({ count: 8, breaking: [[2], [6]] });
    await each.run();
    expect(each.last.result?.culprits.flat().sort()).toEqual(['x2', 'x6']);
    expect(together.states() + each.states()).toBe(allOn(8) + allOn(8));
  });

  test('clears all of them in one round', async () => {
    const browser = new Browser({ count: 8, breaking: [[]] });
    await browser.run();
    expect(browser.last).toMatchObject({ rounds: 1, result: { kind: 'cleared' } });
    expect(new Set(Object.values(browser.fates()))).toEqual(new Set(['cleared']));
    expect(browser.states()).toBe(allOn(8));
  });

  test('leaves alone what may not or shall not be touched', async () => {
    const browser = new Browser({
      count: 2,
      breaking: [[0]],
      more: [
        { id: 'policy', mayDisable: false },
        { id: 'busy', hasOpenPages: true },
        { id: 'harmless', isAble: false },
        { id: 'off', isEnabled: false },
      ],
    });
    await browser.run(undefined, ['x1']);
    expect(browser.fates()).toEqual({ x0: 'culprit', x1: 'pinned', policy: 'fixed', busy: 'open-pages' });
    expect(browser.switched.every((one) => one.startsWith('x0'))).toBe(true);
    expect(browser.states()).toBe('x0+ x1+ policy+ busy+ harmless+ off-');
  });

  test('nobody to search among', async () => {
    const browser = new Browser({ count: 0, breaking: [[]] });
    await browser.run();
    expect(browser.last.result?.kind).toBe('nobody');
    expect(browser.loads).toBe(0);
  });

  test('a load that says neither never decides', async () => {
    const browser = new Browser({ count: 4, breaking: [[1]], says: (load) => (load > 10 ? 'unclear' : undefined) });
    await browser.run();
    expect(browser.last.result).toEqual({ kind: 'unclear', culprits: [] });
    expect(browser.states()).toBe(allOn(4));
    const once = new Browser({ count: 4, breaking: [[1]], says: (load) => (load % 3 === 0 ? 'unclear' : undefined) });
    await once.run();
    expect(once.last.result).toEqual({ kind: 'found', culprits: [['x1']] });
  });

  test('stopped at any load, everything is on again', async () => {
    let stops = 0;
    for (let at = 1; ; at += 1) {
      const browser = new Browser({
        count: 8,
        breaking: [[5]],
        onLoad(one, load) {
          if (load === at) one.stop.abort(new Error('stopped'));
        },
      });
      const ended = await browser.run().then(
        () => 'done',
        () => 'stopped',
      );
      expect(browser.states()).toBe(allOn(8));
      if (ended === 'done') break;
      stops += 1;
    }
    expect(stops).toBe(9 + 5 + 2);
  });

  test('broken off and given back, it goes on from what it told', async () => {
    for (let at = 10; at < 16; at += 1) {
      const browser = new Browser({
        count: 8,
        breaking: [[5]],
        onLoad(_, load) {
          if (load === at) throw new Error('the worker died');
        },
      });
      await expect(browser.run()).rejects.toThrow('died');
      const before = browser.last;
      const clearedBefore = before.extensions.filter(({ state }) => state === 'cleared').map(({ id }) => id);
      const again = new Browser({ count: 8, breaking: [[5]] });
      await again.run(before);
      expect(again.last.result).toEqual({ kind: 'found', culprits: [['x5']] });
      expect(again.loads).toBe(9 + 5 + 2 - (at - 1));
      // Cleared ones stay cleared, and on.
      for (const id of clearedBefore) expect(again.switched).not.toContain(`${id}-`);
    }
  });
});

describe('the person’s hand in the middle', () => {
  const act = (what: (browser: Browser) => void, at: number) => (browser: Browser, load: number) => {
    if (load === at) what(browser);
  };

  test('one that is removed is out of the search', async () => {
    for (let at = 10; at < 15; at += 1) {
      const browser = new Browser({ count: 8, breaking: [[5]], onLoad: act((one) => one.byHand('x2', 'removed'), at) });
      await browser.run();
      expect(browser.last.result).toEqual({ kind: 'found', culprits: [['x5']] });
      if (at < 14) expect(browser.fates().x2).toBe('removed');
      expect(browser.states()).toBe(allOn(8).replace('x2+ ', ''));
    }
  });

  test('the culprit removed: the page works now', async () => {
    const browser = new Browser({ count: 8, breaking: [[5]], onLoad: act((one) => one.byHand('x5', 'removed'), 11) });
    await browser.run();
    expect(browser.last.result?.kind).toBe('works-now');
    expect(browser.fates().x5).toBe('removed');
  });

  test('one switched on again stays on, one switched off stays off', async () => {
    const on = new Browser({ count: 8, breaking: [[5]], onLoad: act((one) => one.byHand('x7', true), 10) });
    await on.run();
    expect(on.fates().x7).toBe('switched-on');
    expect(on.last.result).toEqual({ kind: 'found', culprits: [['x5']] });
    expect(on.states()).toBe(allOn(8));

    // The eleventh load has the first half on.
    const off = new Browser({ count: 8, breaking: [[5]], onLoad: act((one) => one.byHand('x1', false), 11) });
    await off.run();
    expect(off.fates().x1).toBe('switched-off');
    expect(off.last.result).toEqual({ kind: 'found', culprits: [['x5']] });
    expect(off.states()).toBe(allOn(8).replace('x1+', 'x1-'));
    expect((await off.changes()).find(({ state }) => state === 'kept')?.target).toBe('Extension 1');
  });

  test('the culprit switched on by hand while all are off: all others are cleared', async () => {
    const browser = new Browser({ count: 4, breaking: [[2]], onLoad: act((one) => one.byHand('x2', true), 10) });
    await browser.run();
    expect(browser.last.result?.kind).toBe('cleared');
    expect(browser.fates()).toEqual({ x0: 'cleared', x1: 'cleared', x2: 'switched-on', x3: 'cleared' });
  });

  test('the permission taken back: it ends, and the journal still knows what is off', async () => {
    const browser = new Browser({
      count: 4,
      breaking: [[2]],
      onLoad: act((one) => {
        one.isAllowed = false;
      }, 11),
    });
    await expect(browser.run()).rejects.toThrow('permission');
    expect((await browser.changes()).some(({ state }) => state === 'changed')).toBe(true);
    browser.isAllowed = true;
    await browser.journal().returnEverything();
    expect(browser.states()).toBe(allOn(4));
  });
});

describe('the person’s word at the end', () => {
  test('keep it off: it stays off, the page is tried once more, and it can be restored', async () => {
    const browser = new Browser({ count: 4, breaking: [[2]] });
    await browser.run();
    await extensionSearch.act?.(browser.context(), browser.last, { word: 'keep-off', target: 'x2' });
    expect(browser.states()).toBe('x0+ x1+ x2- x3+');
    expect(browser.last).toMatchObject({ afterKeepingOff: 'works', result: { kind: 'found' } });
    await browser.journal().returnEverything({ isAll: true });
    expect(browser.states()).toBe('x0+ x1+ x2- x3+');
    await extensionSearch.act?.(browser.context(), browser.last, { word: 'restore', target: 'x2' });
    expect(browser.states()).toBe(allOn(4));
    expect(browser.last.extensions[2]?.isKeptOff).toBeUndefined();
    expect((await browser.changes()).some(({ state }) => state === 'kept')).toBe(false);
    expect((await browser.changes()).at(-1)?.state).toBe('returned');
  });

  test('a stop while the page is tried once more is the later word: it is on again', async () => {
    const browser = new Browser({ count: 4, breaking: [[2]], onLoad: (one) => browserStop(one) });
    let isActing = false;
    const browserStop = (one: Browser) => isActing && one.stop.abort();
    await browser.run();
    isActing = true;
    const acting = extensionSearch.act?.(browser.context(), browser.last, { word: 'keep-off', target: 'x2' });
    await expect(acting).rejects.toThrow();
    expect(browser.states()).toBe(allOn(4));
    expect(browser.last.extensions[2]?.isKeptOff).toBeUndefined();
  });

  test('what was given back meanwhile is not called kept off', async () => {
    let isActing = false;
    const browser = new Browser({ count: 4, breaking: [[2]] });
    await browser.run();
    const context = browser.context();
    const judge = context.judge;
    context.judge = async (...options) => {
      isActing = true;
      await context.journal.returnEverything({ isAll: true });
      return judge(...options);
    };
    await expect(extensionSearch.act?.(context, browser.last, { word: 'keep-off', target: 'x2' })).rejects.toThrow('given back');
    expect(isActing).toBe(true);
    expect(browser.states()).toBe(allOn(4));
    expect(browser.last.extensions[2]?.isKeptOff).toBeUndefined();
  });

  test('of nothing that was searched', async () => {
    const browser = new Browser({ count: 2, breaking: [[1]], more: [{ id: 'other', isAble: false }] });
    await browser.run();
    const act = (target: string) => extensionSearch.act?.(browser.context(), browser.last, { word: 'keep-off', target });
    await expect(act('other')).rejects.toThrow();
    expect(browser.states()).toBe('x0+ x1+ other+');
  });
});

describe('where only the person may switch', () => {
  /** Somebody who does what the search asks, one switch at a time. */
  const obey = async (browser: Browser, run: Promise<void>, limit = 400) => {
    let isOver = false;
    void run.finally(() => {
      isOver = true;
    });
    let done = 0;
    while (!isOver && done < limit) {
      await new Promise((resolve) => setImmediate(resolve));
      const { ask } = browser.told.at(-1)?.detail ?? {};
      const off = ask?.off.find((id) => browser.on.get(id) === true);
      const on = ask?.on.find((id) => browser.on.get(id) === false);
      if (off) browser.byHand(off, false);
      else if (on) browser.byHand(on, true);
      else continue;
      done += 1;
    }
    await run;
    return done;
  };

  test('it asks, follows, tries again by itself, and sees to it that all are on again', async () => {
    const browser = new Browser({ count: 8, breaking: [[5]], isGuided: true });
    const switches = await obey(browser, browser.run());
    expect(browser.last).toMatchObject({ mode: 'guided', part: 'over', rounds: 5, result: { kind: 'found', culprits: [['x5']] } });
    expect(browser.states()).toBe(allOn(8));
    expect(switches).toBeGreaterThan(8);
    expect(await browser.changes()).toEqual([]);
  });

  test('one that the person wants to leave on', async () => {
    const browser = new Browser({ count: 3, breaking: [[1]], isGuided: true });
    const run = browser.run();
    while (browser.told.at(-1)?.detail.ask?.off.length !== 3) await new Promise((resolve) => setImmediate(resolve));
    browser.say({ word: 'leave', target: 'x0' });
    await obey(browser, run);
    expect(browser.fates()).toEqual({ x0: 'pinned', x1: 'culprit', x2: 'cleared' });
    expect(browser.states()).toBe(allOn(3));
  });

  test('the culprit is left off at the end when the person says so', async () => {
    const browser = new Browser({ count: 2, breaking: [[0]], isGuided: true });
    let isSaid = false;
    const context: () => Context = browser.context.bind(browser);
    browser.context = () => {
      const made = context();
      const { tell } = made;
      made.tell = async (progress, detail) => {
        await tell(progress, detail);
        if (detail.part === 'restore' && detail.ask?.on.includes('x0') && !isSaid) {
          isSaid = true;
          setImmediate(() => browser.say({ word: 'keep-off', target: 'x0' }));
        }
      };
      return made;
    };
    await obey(browser, browser.run());
    expect(browser.last.part).toBe('over');
    expect(isSaid).toBe(true);
  });
});

test('what the walk saw counts only where it was the tab, or fails in turns', () => {
  const reset = { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' } as const;
  const failed = { outcome: 'failed', error: reset } as never;
  const loaded = { outcome: 'loaded' } as never;
  const answer = { outcome: 'response' } as never;
  expect(seenBefore({})).toEqual({ fails: 0, works: 0 });
  expect(seenBefore({ 'tab-replay': { plain: failed, pastCache: failed } })).toEqual({ fails: 2, works: 0 });
  expect(
    seenBefore({
      'tab-replay': { plain: failed },
      'extensions-off': { switchedOff: ['x'], off: [loaded], on: [failed, failed] },
      repetition: { inARow: [answer, answer], burst: [], reused: [] },
    }),
  ).toEqual({ fails: 3, works: 0 });
  expect(seenBefore({ 'tab-replay': { plain: failed }, repetition: { inARow: [answer, failedRequest()], burst: [], reused: [] } })).toEqual(
    {
      fails: 1 + 1,
      works: 1,
    },
  );
});

function failedRequest() {
  return { outcome: 'failure', error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' } } as never;
}
