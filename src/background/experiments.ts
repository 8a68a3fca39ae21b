import type { AnyExperiment } from '../experiments';
import type { Experiment, ExperimentContext, ExperimentDoors } from '../experiments/experiment';
import type { ExperimentDetails, ExperimentId, ExperimentOptions, ExperimentRun, ExperimentWord } from '../model/experiment';
import type { Settings } from '../model/settings';
import { isResetLike } from '../net-errors';
import type { Turn } from './doors/turns';
import type { Keeping } from './keeping';
import { attemptOfTab } from './trial';
import type { WalkHold, Walks } from './walks';

/** Requests to the failing site that one experiment may send: a search among a hundred extensions with a reset that comes and goes. */
export const EXPERIMENT_REQUESTS = 600;
/** Longest that one load of the failing page may take, ms. */
const JUDGE_MS = 7_500;
/** How long whoever stops an experiment waits for it to give back; the journal sees to what is left, ms. */
const STOP_PATIENCE_MS = 10_000;

/** Experiments of all walks: one at a time, whichever walk it belongs to. */
export interface Experiments {
  /** Ends what is under way in order, then begins. Resolves once it has begun. */
  start<Id extends ExperimentId>(sessionId: string, id: Id, options: ExperimentOptions[Id]): Promise<void>;
  /** Ends what is under way; resolves when everything is given back. */
  stop(): Promise<void>;
  /** The person's word, to one that waits or has ended. */
  word(sessionId: string, id: ExperimentId, word: ExperimentWord): Promise<void>;
}

interface Current {
  sessionId: string;
  id: ExperimentId;
  controller: AbortController;
  /** Resolves when it has given back and been written down. */
  ended: Promise<void>;
  /** Words that came before it asked for them. */
  words: ExperimentWord[];
  hear?: (word: ExperimentWord) => void;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300) || 'failed';

export function createExperiments(options: {
  all: readonly AnyExperiment[];
  walks: Pick<Walks, 'hold'>;
  keeping: Pick<Keeping, 'journal'>;
  turn: Turn;
  settings(): Promise<Settings>;
  doors: ExperimentDoors;
  now(): number;
}): Experiments {
  const { walks, keeping, turn, now } = options;
  let current: Current | undefined;
  let starting: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = starting.then(work);
    starting = mine.catch(() => undefined);
    return mine;
  };
  // The ids of an experiment and of its detail go together; the map cannot say so.
  const experimentOf = <Id extends ExperimentId>(id: Id): Experiment<Id> => {
    const found = options.all.find((one) => one.id === id);
    if (!found) throw new Error('no such experiment');
    return found as unknown as Experiment<Id>;
  };

  const end = async (): Promise<void> => {
    const mine = current;
    if (!mine) return;
    mine.controller.abort(new Error('stopped'));
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([
      mine.ended,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_PATIENCE_MS);
      }),
    ]).finally(() => clearTimeout(timer));
  };

  const contextOf = async <Id extends ExperimentId>(
    mine: Current,
    hold: WalkHold,
    run: () => ExperimentRun<Id>,
    put: (next: ExperimentRun<Id>) => Promise<void>,
  ): Promise<ExperimentContext<Id>> => {
    const { signal } = mine.controller;
    const { incident, environment } = hold.state();
    const settings = await options.settings();
    const session = hold.openDoors(EXPERIMENT_REQUESTS);
    const { canSetOwnHeaders, isOtherJar = false } = await session.forProbe(signal);
    return {
      incident,
      environment,
      settings,
      state: hold.state,
      signal,
      now,
      journal: keeping.journal,
      canSetOwnHeaders,
      isOtherJar,
      doors: options.doors,
      request: async (request) => (await session.forProbe(signal)).request(request),
      async judge({ isPastCache = false, isFromStart = false } = {}) {
        signal.throwIfAborted();
        if (incident.method !== 'GET' && incident.method !== 'HEAD') throw new Error('a request that sends something is never repeated');
        if (!settings.isProbeTabAllowed) throw new Error('the test tab is switched off in the settings');
        const { tab } = await session.forProbe(signal);
        const first = isFromStart ? incident.redirects[0] : undefined;
        const url = first !== undefined && /^https?:/.test(first) ? first : incident.url;
        const attempt = attemptOfTab(await tab.replay({ url, isPastCache, timeoutMs: JUDGE_MS }));
        signal.throwIfAborted();
        if (attempt.works === 'not-tried') return 'unclear';
        if (attempt.works) return 'works';
        const was = incident.error.failure;
        const is = attempt.error.failure;
        return is === was || (isResetLike(is) && isResetLike(was)) ? 'fails' : 'unclear';
      },
      tell: (progress, detail) => put({ ...run(), progress, detail }),
      async word() {
        signal.throwIfAborted();
        const first = mine.words.shift();
        if (first) return first;
        await put({ ...run(), status: 'waiting' });
        try {
          return await new Promise<ExperimentWord>((resolve, reject) => {
            mine.hear = resolve;
            signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          });
        } finally {
          mine.hear = undefined;
          if (!signal.aborted) await put({ ...run(), status: 'running' });
        }
      },
    };
  };

  /** Puts one into place and sets it going; `work` is its run or what follows a word. */
  const begin = async <Id extends ExperimentId>(
    sessionId: string,
    id: Id,
    first: (before: ExperimentRun<Id> | undefined) => ExperimentRun<Id>,
    work: (experiment: Experiment<Id>, context: ExperimentContext<Id>, before: ExperimentRun<Id> | undefined) => Promise<void>,
    words: ExperimentWord[] = [],
  ): Promise<void> => {
    const experiment = experimentOf(id);
    const hold = await walks.hold(sessionId);
    const mine: Current = { sessionId, id, controller: new AbortController(), ended: Promise.resolve(), words };
    const before = hold.state().experiments?.[id] as ExperimentRun<Id> | undefined;
    let run = first(before);
    const put = (next: ExperimentRun<Id>) => {
      run = next;
      return hold.setExperiment(id, next as ExperimentRun);
    };
    const { signal } = mine.controller;
    current = mine;
    mine.ended = (async () => {
      try {
        await put(run);
        await turn(async () => work(experiment, await contextOf(mine, hold, () => run, put), before), signal);
        await put({ ...run, status: 'done', hasEnded: true, endedAtMs: now(), progress: { done: run.progress.done, left: 0 } });
      } catch (error) {
        const { error: _former, ...rest } = run;
        await put(
          signal.aborted
            ? { ...rest, status: 'stopped', endedAtMs: now() }
            : { ...rest, status: 'failed', error: reasonOf(error), endedAtMs: now() },
        ).catch(() => undefined);
      } finally {
        if (current === mine) current = undefined;
        await hold.release();
      }
    })();
  };

  const fresh = <Id extends ExperimentId>(wanted: ExperimentOptions[Id], detail: ExperimentDetails[Id] | undefined): ExperimentRun<Id> => ({
    status: 'running',
    startedAtMs: now(),
    progress: { done: 0, left: 0 },
    options: wanted,
    ...(detail === undefined ? {} : { detail }),
  });
  /** What a run may go on from: one that had no end of its own. */
  const openDetail = <Id extends ExperimentId>(before: ExperimentRun<Id> | undefined): ExperimentDetails[Id] | undefined =>
    before?.hasEnded !== true && (before?.status === 'interrupted' || before?.status === 'waiting') ? before.detail : undefined;

  return {
    start: (sessionId, id, wanted) =>
      inOrder(async () => {
        await end();
        await begin(
          sessionId,
          id,
          (before) => fresh(wanted, openDetail(before)),
          (experiment, context, before) => experiment.run(context, wanted, openDetail(before)),
        );
      }),
    stop: () => inOrder(end),
    word: (sessionId, id, word) =>
      inOrder(async () => {
        if (current?.sessionId === sessionId && current.id === id) {
          if (current.hear) current.hear(word);
          else current.words.push(word);
          return;
        }
        await end();
        const hold = await walks.hold(sessionId);
        const run = hold.state().experiments?.[id];
        await hold.release();
        if (!run) throw new Error('this experiment has not been run');
        if (openDetail(run) !== undefined || run.status === 'waiting') {
          // The worker ended while it waited: it goes on where it was, and finds the word.
          await begin(
            sessionId,
            id,
            (before) => fresh(before?.options as never, openDetail(before)),
            (experiment, context, before) =>
              experiment.run(context, context.state().experiments?.[id]?.options as never, openDetail(before)),
            [word],
          );
          return;
        }
        const { detail } = run;
        const { act } = experimentOf(id);
        if (!act || detail === undefined) throw new Error('nothing to say to it');
        await begin(
          sessionId,
          id,
          (before) => ({ ...(before as ExperimentRun), status: 'running' }),
          (_experiment, context) => act(context, detail, word),
        );
        await current?.ended;
      }),
  };
}
