import { describe, expect, it } from 'vitest';
import type { SessionDoors } from '../../src/background/doors';
import { createTurn } from '../../src/background/doors/turns';
import { createExperiments } from '../../src/background/experiments';
import { parseSession } from '../../src/background/session-store';
import type { WalkHold } from '../../src/background/walks';
import type { AnyExperiment } from '../../src/experiments';
import type { Experiment, ExperimentContext } from '../../src/experiments/experiment';
import type { Journal } from '../../src/experiments/journal';
import type { ExperimentRun, ExperimentRuns } from '../../src/model/experiment';
import type { Incident } from '../../src/model/incident';
import type { TabAttempt } from '../../src/model/measurement';
import type { SessionState } from '../../src/model/session';

const incident = {
  id: 'i1',
  url: 'https://shop.test/',
  method: 'GET',
  kind: 'main-frame',
  error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
} as Incident;

const loaded = { outcome: 'loaded' } as TabAttempt;
const failed = (failure: 'reset' | 'refused' | 'closed') => ({ outcome: 'failed', error: { raw: '', failure } }) as TabAttempt;

type Run = Experiment<'cookie-search'>['run'];
const detail = { count: 1, bytes: 9, requests: 3 };

/** A worker with one walk, in which `cookie-search` and `private-window` are these. */
function createWorld(options: {
  run?: Run;
  act?: Experiment<'cookie-search'>['act'];
  attempts?: TabAttempt[];
  before?: ExperimentRuns;
  incident?: Partial<Incident>;
}) {
  let experiments: ExperimentRuns = options.before ?? {};
  const seen: string[] = [];
  let held = 0;
  const hold = async (): Promise<WalkHold> => {
    held += 1;
    return {
      state: () =>
        ({ incident: { ...incident, ...options.incident }, environment: {}, consents: {}, experiments }) as unknown as SessionState,
      async setExperiment(id, run) {
        experiments = { ...experiments, [id]: run };
        seen.push(`${id} ${run.status} ${run.progress.done}`);
      },
      openDoors: () =>
        ({
          forProbe: async () => ({
            canSetOwnHeaders: true,
            tab: { replay: async () => options.attempts?.shift() ?? loaded },
          }),
          close: async () => undefined,
        }) as unknown as SessionDoors,
      async release() {
        held -= 1;
      },
    };
  };
  const mine: Experiment<'cookie-search'> = { id: 'cookie-search', run: options.run ?? (async () => undefined) };
  if (options.act) mine.act = options.act;
  const other: Experiment<'private-window'> = {
    id: 'private-window',
    run: async ({ tell }) => tell({ done: 1, left: 0 }, { other: true } as never),
  };
  const runner = createExperiments({
    all: [mine, other] as AnyExperiment[],
    walks: { hold },
    keeping: { journal: {} as Journal },
    turn: createTurn(),
    settings: async () => ({ isControlsAllowed: true, isProbeTabAllowed: true }),
    doors: {},
    now: () => 5,
  });
  const run = (id: keyof ExperimentRuns = 'cookie-search') => experiments[id] as ExperimentRun;
  /** Resolves at the status; the test's own time limit is the end of patience. */
  const until = async (status: ExperimentRun['status'], id: keyof ExperimentRuns = 'cookie-search') => {
    while (experiments[id]?.status !== status) await new Promise((resolve) => setImmediate(resolve));
  };
  const under = async () => {
    while (!seen.includes('cookie-search running 1')) await new Promise((resolve) => setImmediate(resolve));
  };
  return { runner, run, until, under, seen, held: () => held };
}

/** Goes on until stopped, then takes its time to give back. */
const untilStopped =
  (givenBack: string[]): Run =>
  async ({ signal, tell }) => {
    await tell({ done: 1, left: 3 }, { round: 1 } as never);
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await new Promise((resolve) => setImmediate(resolve));
    givenBack.push('cookie-search');
    signal.throwIfAborted();
  };

describe('createExperiments', () => {
  it('runs one to its end and keeps its account', async () => {
    const world = createWorld({ run: async ({ tell }) => tell({ done: 2, left: 1 }, { found: 'x' } as never) });
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('done');
    expect(world.run()).toMatchObject({ progress: { done: 2, left: 0 }, detail: { found: 'x' }, endedAtMs: 5 });
    // With nothing under way there is nothing to end.
    await world.runner.stop();
    expect(world.held()).toBe(0);
  });

  it('answers a stop only when everything is given back', async () => {
    const givenBack: string[] = [];
    const world = createWorld({ run: untilStopped(givenBack) });
    await world.runner.start('s1', 'cookie-search', {});
    await world.under();
    await world.runner.stop();
    expect(givenBack).toEqual(['cookie-search']);
    expect(world.run()).toMatchObject({ status: 'stopped', detail: { round: 1 } });
    expect(world.held()).toBe(0);
  });

  it('never runs two: the start of another ends the first in order', async () => {
    const givenBack: string[] = [];
    const world = createWorld({ run: untilStopped(givenBack) });
    await world.runner.start('s1', 'cookie-search', {});
    await world.under();
    await world.runner.start('s2', 'private-window', {});
    await world.until('done', 'private-window');
    expect(givenBack).toEqual(['cookie-search']);
    const ended = world.seen.indexOf('cookie-search stopped 1');
    const begun = world.seen.findIndex((one) => one.startsWith('private-window'));
    expect(ended).toBeGreaterThan(-1);
    expect(begun).toBeGreaterThan(ended);
  });

  it('hears no word for a wait that is over, and keeps it for the next', async () => {
    const heard: string[] = [];
    const world = createWorld({
      run: async ({ word }) => {
        const over = new AbortController();
        const first = word(over.signal).catch((error: Error) => heard.push(error.message));
        await new Promise((resolve) => setImmediate(resolve));
        over.abort(new Error('over'));
        await first;
        await world.runner.word('s1', 'cookie-search', { word: 'leave' });
        heard.push((await word()).word);
        await expect(word(AbortSignal.abort(new Error('before it began')))).rejects.toThrow('before it began');
      },
    });
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('done');
    expect(heard).toEqual(['over', 'leave']);
  });

  it('says why one could not go on', async () => {
    const world = createWorld({
      run: async () => {
        throw new Error('the permission was taken back');
      },
    });
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('failed');
    expect(world.run()).toMatchObject({ error: 'the permission was taken back' });
    await expect(world.runner.start('s1', 'site-data', {})).rejects.toThrow('no such experiment');
  });

  it('waits for the person and goes on at their word', async () => {
    const words: string[] = [];
    const world = createWorld({
      run: async ({ word }) => {
        words.push((await word()).word);
        words.push((await word()).word);
      },
    });
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('waiting');
    await world.runner.word('s1', 'cookie-search', { word: 'one' });
    await world.runner.word('s1', 'cookie-search', { word: 'two' });
    await world.until('done');
    expect(words).toEqual(['one', 'two']);
  });

  it('ends one that waits at a stop', async () => {
    const world = createWorld({ run: async ({ word }) => void (await word()) });
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('waiting');
    await world.runner.stop();
    expect(world.run().status).toBe('stopped');
  });

  it('goes on from its detail after the worker died, and finds the word that woke it', async () => {
    const began: unknown[] = [];
    const before: ExperimentRuns = {
      'cookie-search': { status: 'waiting', startedAtMs: 1, progress: { done: 3, left: 1 }, options: {}, detail: { round: 3 } as never },
    };
    const world = createWorld({
      before,
      run: async ({ word, tell }, _options, detail) => {
        began.push(detail);
        await tell({ done: 4, left: 0 }, { said: (await word()).word } as never);
      },
    });
    await world.runner.word('s1', 'cookie-search', { word: 'seen' });
    await world.until('done');
    expect(began).toEqual([{ round: 3 }]);
    expect(world.run().detail).toEqual({ said: 'seen' });
  });

  it('starts anew after an end of its own, and on from an interruption', async () => {
    const began: unknown[] = [];
    const run: Run = async (_context, _options, detail) => void began.push(detail);
    for (const status of ['done', 'stopped', 'failed', 'interrupted'] as const) {
      const options = { status, startedAtMs: 1, progress: { done: 1, left: 1 }, options: {}, detail: { status } as never };
      const world = createWorld({ before: { 'cookie-search': options }, run });
      await world.runner.start('s1', 'cookie-search', {});
      await world.until('done');
    }
    expect(began).toEqual([undefined, undefined, undefined, { status: 'interrupted' }]);
  });

  it('takes a word after the end, and refuses one to what never ran', async () => {
    const world = createWorld({
      run: async ({ tell }) => tell({ done: 1, left: 0 }, { kept: false } as never),
      act: async ({ tell }, detail, { word, target }) => tell({ done: 1, left: 0 }, { ...detail, word, target } as never),
    });
    await expect(world.runner.word('s1', 'cookie-search', { word: 'undo' })).rejects.toThrow('has not been run');
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('done');
    await world.runner.word('s1', 'cookie-search', { word: 'undo', target: 'all' });
    expect(world.run()).toMatchObject({ status: 'done', detail: { kept: false, word: 'undo', target: 'all' } });
  });

  it('lets a stop end what follows a word', async () => {
    const ends: string[] = [];
    const world = createWorld({
      before: { 'cookie-search': { status: 'done', hasEnded: true, startedAtMs: 1, progress: { done: 1, left: 0 }, options: {}, detail } },
      act: async ({ signal }) => {
        if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        ends.push('given back');
        signal.throwIfAborted();
      },
    });
    const said = world.runner.word('s1', 'cookie-search', { word: 'delete' });
    await world.until('running');
    await world.runner.stop();
    await said;
    expect(ends).toEqual(['given back']);
    expect(world.run().status).toBe('stopped');
  });

  it('stops one that waits since an earlier life of the worker', async () => {
    const waiting = { status: 'waiting', startedAtMs: 1, progress: { done: 1, left: 1 }, options: {}, detail } as const;
    const world = createWorld({ before: { 'cookie-search': waiting } });
    await world.runner.stop('s1');
    expect(world.run().status).toBe('stopped');
    expect(world.held()).toBe(0);
  });

  it.each([
    ['sends-something', { method: 'POST' }],
    ['sends-something', { kind: 'websocket' as const, url: 'wss://shop.test/' }],
    ['one-time-link', { url: 'https://shop.test/confirm?token=x' }],
    ['download', { url: 'https://shop.test/setup.zip' }],
  ])('loads nothing again that must not be: %s', async (error, change) => {
    let hasRun = false;
    const world = createWorld({
      incident: change,
      run: async () => {
        hasRun = true;
      },
    });
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('failed');
    expect(world.run().error).toBe(error);
    expect(hasRun).toBe(false);
  });

  it('asks no more of a site that asks for fewer requests', async () => {
    const world = createWorld({
      run: async ({ judge }) => void (await judge()),
      attempts: [{ ...loaded, status: 429 }],
    });
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('failed');
    expect(world.run().error).toBe('asked-to-stop');
  });

  it('judges by the real error of the page', async () => {
    const judged: string[] = [];
    const judge = async ({ judge: look }: ExperimentContext<'cookie-search'>) => {
      for (let round = 0; round < 4; round += 1) judged.push(await look());
    };
    const world = createWorld({ run: judge, attempts: [loaded, failed('reset'), failed('closed'), failed('refused')] });
    await world.runner.start('s1', 'cookie-search', {});
    await world.until('done');
    expect(judged).toEqual(['works', 'fails', 'fails', 'unclear']);
  });
});

describe('a stored walk with experiments', () => {
  const state = {
    schema: 1,
    id: 's1',
    incident: {
      ...incident,
      tabId: 1,
      host: 'shop.test',
      pageUrl: 'https://shop.test/',
      phase: 'unknown-before-headers',
      firstAtMs: 1,
      lastAtMs: 1,
      count: 1,
      autoReloads: 0,
      redirects: [],
    },
    environment: { os: 'linux', browser: 'chromium', engine: 'chromium', browserVersion: 156, language: 'en' },
    startedAtMs: 1,
    runs: {},
    measurements: {},
    consents: {},
    answers: {},
    stepResults: [],
    retests: [],
  };
  const run = { status: 'running', startedAtMs: 1, progress: { done: 1, left: 2 }, options: {} };

  it('keeps what it knows, drops what it does not, and refuses a wrong shape', () => {
    const parsed = parseSession({ ...state, experiments: { 'site-data': run, 'mind-reading': run } });
    expect(Object.keys(parsed?.experiments ?? {})).toEqual(['site-data']);
    expect(parseSession(state)?.experiments).toBeUndefined();
    expect(parseSession({ ...state, experiments: { 'site-data': { ...run, status: 'flying' } } })).toBeUndefined();
  });
});
