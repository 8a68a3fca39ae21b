import type { AnyExperiment } from '../experiments';
import type { Experiment, ExperimentContext, ExperimentDoors } from '../experiments/experiment';
import { judgementOfTab } from '../experiments/judging';
import type { ExperimentDetails, ExperimentId, ExperimentOptions, ExperimentRun, ExperimentWord } from '../model/experiment';
import { isPartOfPage, isRepeatable } from '../model/incident';
import type { SessionState } from '../model/session';
import type { Settings } from '../model/settings';
import { looksLikeDownload, looksOneTime, replayOf } from '../probes/target';
import type { Turn } from './doors/turns';
import type { Keeping } from './keeping';
import type { WalkHold, Walks } from './walks';

/** Requests to the failing site that one experiment may send: a search among a hundred extensions with a reset that comes and goes. */
export const EXPERIMENT_REQUESTS = 600;
/** Longest that one load of the failing page may take, ms. */
const JUDGE_MS = 7_500;
/** How long whoever stops an experiment waits for it to give back; the journal sees to what is left, ms. */
const STOP_PATIENCE_MS = 10_000;
/** The word by which one that waits is only asked to look whether what it waits for is there. */
const LOOK = 'look';

/** Experiments of all walks: one at a time, whichever walk it belongs to. */
export interface Experiments {
  /** Ends what is under way in order, then begins. Resolves once it has begun. */
  start<Id extends ExperimentId>(sessionId: string, id: Id, options: ExperimentOptions[Id]): Promise<void>;
  /** Ends what is under way, and what waits in that walk since an earlier life of the worker; resolves when everything is given back. */
  stop(sessionId?: string): Promise<void>;
  /** The same at once, for whoever must not measure a browser that is changed. */
  quiet(): Promise<void>;
  /** Whether one is under way other than this. */
  isBusyElsewhere(sessionId: string, id: ExperimentId): boolean;
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

/** Why an experiment must not load the failing address again and again; in the person's hand only with the word for such links. */
function refusalOf({ incident, consents }: SessionState): string | undefined {
  if (!isRepeatable(incident)) return 'sends-something';
  if (consents['replay-one-time-link'] === 'given') return undefined;
  if (looksOneTime(incident.url)) return 'one-time-link';
  if (isPartOfPage(incident)) return looksOneTime(incident.pageUrl) ? 'one-time-link' : undefined;
  return looksLikeDownload(incident.url) ? 'download' : undefined;
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
      async judge({ isPastCache = false, isFromStart = false, isByItself = false } = {}) {
        signal.throwIfAborted();
        if (!settings.isProbeTabAllowed) throw new Error('the test tab is switched off in the settings');
        const { tab } = await session.forProbe(signal);
        const first = isFromStart ? incident.redirects[0] : undefined;
        const url = first !== undefined && /^https?:/.test(first) && !looksOneTime(first) ? first : incident.url;
        const { measurements } = hold.state();
        const where = isByItself ? { url } : replayOf({ incident, measurements }, url);
        const loaded = await tab.replay({ ...where, isPastCache, timeoutMs: JUDGE_MS });
        signal.throwIfAborted();
        // A page that asked for the failing part before, and is well without it now.
        if (loaded.outcome === 'not-asked' && measurements['tab-replay']?.plain?.outcome === 'failed') return 'works';
        return judgementOfTab(loaded, incident.error.failure);
      },
      tell: (progress, detail) => put({ ...run(), status: 'running', progress, detail }),
      async word(until = signal) {
        until.throwIfAborted();
        const first = mine.words.shift();
        if (first) return first;
        if (run().status !== 'waiting') await put({ ...run(), status: 'waiting' });
        let giveUp: () => void = () => undefined;
        try {
          const said = await new Promise<ExperimentWord>((resolve, reject) => {
            giveUp = () => reject(until.reason);
            // What came while that was written down.
            const next = until.aborted ? undefined : mine.words.shift();
            if (next) resolve(next);
            else if (until.aborted) giveUp();
            else
              mine.hear = (one) => {
                // The next one waits for the next question.
                mine.hear = undefined;
                resolve(one);
              };
            until.addEventListener('abort', giveUp, { once: true });
          });
          // A mere look changes nothing that anybody could see.
          if (said.word !== LOOK) await put({ ...run(), status: 'running' });
          return said;
        } finally {
          mine.hear = undefined;
          until.removeEventListener('abort', giveUp);
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
  ): Promise<Current> => {
    const experiment = experimentOf(id);
    const hold = await walks.hold(sessionId);
    const mine: Current = { sessionId, id, controller: new AbortController(), ended: Promise.resolve(), words };
    const before = hold.state().experiments?.[id] as ExperimentRun<Id> | undefined;
    let run = first(before);
    const put = (next: ExperimentRun<Id>) => {
      run = next;
      return hold.setExperiment(id, { ...(next as ExperimentRun), changedAtMs: now() });
    };
    const { signal } = mine.controller;
    current = mine;
    mine.ended = (async () => {
      try {
        await put(run);
        const refusal = refusalOf(hold.state());
        if (refusal !== undefined) throw new Error(refusal);
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
    return mine;
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

  const detailFor = <Id extends ExperimentId>(id: Id, before: ExperimentRun<Id> | undefined): ExperimentDetails[Id] | undefined =>
    openDetail(before) ?? (before?.detail === undefined ? undefined : experimentOf(id).keeps?.(before.detail));

  return {
    start: (sessionId, id, wanted) =>
      inOrder(async () => {
        await end();
        await begin(
          sessionId,
          id,
          (before) => fresh(wanted, detailFor(id, before)),
          (experiment, context, before) => experiment.run(context, wanted, detailFor(id, before)),
        );
      }),
    stop: (sessionId) =>
      inOrder(async () => {
        await end();
        if (sessionId === undefined) return;
        const hold = await walks.hold(sessionId);
        try {
          for (const [id, run] of Object.entries(hold.state().experiments ?? {})) {
            if (run.status === 'waiting' || run.status === 'interrupted')
              await hold.setExperiment(id as ExperimentId, { ...run, status: 'stopped', endedAtMs: now() });
          }
        } finally {
          await hold.release();
        }
      }),
    quiet: end,
    isBusyElsewhere: (sessionId, id) => current !== undefined && (current.sessionId !== sessionId || current.id !== id),
    async word(sessionId, id, word) {
      const acting = await inOrder(async (): Promise<Current | undefined> => {
        if (current?.sessionId === sessionId && current.id === id) {
          if (current.hear) current.hear(word);
          else current.words.push(word);
          return undefined;
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
          return undefined;
        }
        const { detail } = run;
        const { act } = experimentOf(id);
        if (!act || detail === undefined) throw new Error('nothing to say to it');
        return begin(
          sessionId,
          id,
          (before) => ({ ...(before as ExperimentRun), status: 'running' }),
          (_experiment, context) => act(context, detail, word),
        );
      });
      // Not in the queue: a stop must be able to end it.
      await acting?.ended;
    },
  };
}
