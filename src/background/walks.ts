import type { PortMessage } from '../messaging/session-port';
import type { ConsentId, ConsentState } from '../model/consent';
import type { Environment } from '../model/environment';
import type { ExperimentId, ExperimentRun, ExperimentRuns } from '../model/experiment';
import type { Incident } from '../model/incident';
import { type Measurements, PROBE_IDS, type ProbeId } from '../model/measurement';
import type { Change, ProbeRun, SessionState } from '../model/session';
import type { Settings } from '../model/settings';
import type { StepResult } from '../model/step';
import type { ObservationId } from '../model/vocabulary';
import type { Probe, ProbeContext } from '../probes/context';
import { type Later, withDeadline } from './deadline';
import type { DoorsSession, SessionDoors } from './doors';
import { toJsonSafe } from './json-safe';
import { applyConsents, isSettled, type Plannable, reopenAfter, restart, startable } from './schedule';
import type { SessionStore } from './session-store';
import { failureIn, retest, withError } from './trial';

/** A whole run, whether automatic or after a yes, is over after this, ms. */
const RUN_LIMIT_MS = 20_000;
/** No probe may take longer, ms. */
const PROBE_LIMIT_MS = 8_000;
/** Bytes of JSON that one measurement may have. */
const MEASUREMENT_LIMIT = 300_000;

/**
 * What a yes makes possible for probes that do not wait for it but do better with it. With the
 * permission alone all of them learn more; the others ask the site again.
 */
const BETTER_WITH: Partial<Record<ConsentId, readonly ProbeId[]>> = {
  'host-access': [
    'own-request',
    'tab-replay',
    'cookies',
    'repetition',
    'site-root',
    'other-scheme',
    'bare-address',
    'sibling-host',
    'answer-size',
  ],
  'set-own-headers': ['cookies', 'repetition', 'bare-address'],
  'larger-burst': ['repetition'],
  'replay-one-time-link': ['own-request', 'tab-replay', 'cookies', 'repetition', 'answer-size'],
};
/** A yes to these holds for one run only; it changes something or asks the site for more. */
const ONCE_ONLY: ReadonlySet<ConsentId> = new Set<ConsentId>([
  'read-browser-dns',
  'go-direct',
  'switch-extensions-off',
  'replay-one-time-link',
  'larger-burst',
]);

export interface WalkDoors {
  probes: readonly Probe[];
  store: SessionStore;
  environment(): Promise<Environment>;
  settings(): Promise<Settings>;
  openDoors(session: DoorsSession): SessionDoors;
  /** Consents that are nothing but a permission, and granted already. */
  grantedConsents(incident: Incident): Promise<readonly ConsentId[]>;
  changes(): Promise<readonly Change[]>;
  /** Ends whatever stands changed for an experiment: what is measured meanwhile would not be the person's browser. */
  quiet?(): Promise<void>;
  now(): number;
  newId(): string;
  later: Later;
}

/** Whoever watches a walk. */
export type Watcher = (message: PortMessage) => void;

/** A walk kept in this life of the worker for an experiment. */
export interface WalkHold {
  state(): SessionState;
  /** Writes down an experiment's run and shows it; resolves when it is durable. */
  setExperiment(id: ExperimentId, run: ExperimentRun): Promise<void>;
  /** Doors with a number of requests of their own; closed by `release`. */
  openDoors(requestLimit: number): SessionDoors;
  release(): Promise<void>;
}

/** All walks of this worker's life: the only writer of session state. */
export interface Walks {
  /** Goes on with the walk of an incident, or begins it and its automatic checks. */
  open(incident: Incident): Promise<string>;
  /** Watches a walk; its state comes at once and after every change. Returns what ends it. */
  watch(sessionId: string, watcher: Watcher): () => void;
  setConsent(sessionId: string, consent: ConsentId, state: ConsentState): Promise<void>;
  answer(sessionId: string, observation: ObservationId, value: string | null): Promise<void>;
  recordStep(sessionId: string, result: Omit<StepResult, 'atMs'>): Promise<void>;
  /** Forgets what was recorded of a step. */
  withdrawStep(sessionId: string, step: string): Promise<void>;
  /** Resolves when the failing request has been tried again. */
  retest(sessionId: string, afterStep?: string): Promise<void>;
  rerun(sessionId: string): Promise<void>;
  /** Keeps a walk for an experiment until its `release`. */
  hold(sessionId: string): Promise<WalkHold>;
  /** New counts of an incident whose walk somebody may be watching. */
  noteIncident(incident: Incident): void;
  /** A permission came or went: for the walks that are watched or running, or else the newest. */
  notePermission(consents: readonly ConsentId[], state: ConsentState): Promise<void>;
  /** The person wants everything as it was: what would change something again waits for another yes. */
  takeBack(): void;
  /** What was changed or given back has changed: all watchers are told. */
  refresh(): void;
}

interface Live {
  state: SessionState;
  watchers: Set<Watcher>;
  plans: readonly Plannable[];
  doors?: SessionDoors;
  /** Aborted when the walk is run anew. */
  stop: AbortController;
  endsAtMs: number;
  /** Probes that ran because the person allowed them. */
  allowed: Set<ProbeId>;
  /** Probes allowed while a run was under way: they make the next run, with its own number of requests. */
  deferred: Set<ProbeId>;
  /** Work under way besides the probes. */
  busy: number;
  /** Watchers are about to be told. */
  isDue: boolean;
}

/** What ran or waited when the worker ended: its changes were given back by the journal; one that waits for the person still does. */
function interrupted(runs: ExperimentRuns | undefined): Pick<SessionState, 'experiments'> {
  if (!runs) return {};
  return {
    experiments: Object.fromEntries(
      Object.entries(runs).map(([id, run]) => [
        id,
        run.status === 'running' ? { ...run, status: run.hasEnded ? 'done' : 'interrupted' } : run,
      ]),
    ) as ExperimentRuns,
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300) || 'failed';

export function createWalks(doors: WalkDoors): Walks {
  const live = new Map<string, Live>();
  const loading = new Map<string, Promise<Live | undefined>>();
  const probeById = new Map(doors.probes.map((probe) => [probe.id, probe]));
  let newestId: string | undefined;

  const plansOf = (state: SessionState, hasHostAccess: boolean): Plannable[] =>
    doors.probes.map((probe) => ({
      id: probe.id,
      after: probe.after.filter((id) => probeById.has(id)),
      consents: probe.consents({ environment: state.environment, incident: state.incident, hasHostAccess }),
      // What changes something for everybody asks first; the same probe without a question changes nothing in this browser.
      isExclusive:
        probe.isExclusive === true &&
        probe.consents({ environment: state.environment, incident: state.incident, hasHostAccess }).length > 0,
    }));

  const createLive = (state: SessionState): Live => ({
    state,
    watchers: new Set(),
    plans: [],
    stop: new AbortController(),
    endsAtMs: 0,
    allowed: new Set(),
    deferred: new Set(),
    busy: 0,
    isDue: false,
  });

  /** Tells all watchers; many changes of one moment are told once. */
  const show = (walk: Live) => {
    if (walk.isDue || walk.watchers.size === 0) return;
    walk.isDue = true;
    void doors
      .changes()
      .catch(() => [])
      .then((changes) => {
        walk.isDue = false;
        for (const watcher of walk.watchers) watcher({ state: walk.state, changes });
      });
  };
  const change = (walk: Live, next: SessionState, options: { isKept: boolean } = { isKept: true }): Promise<void> => {
    walk.state = next;
    show(walk);
    return options.isKept ? doors.store.write(next) : Promise.resolve();
  };
  const setRun = (walk: Live, id: ProbeId, run: ProbeRun, options?: { isKept: boolean }) =>
    change(walk, { ...walk.state, runs: { ...walk.state.runs, [id]: run } }, options);

  const hasRunning = (walk: Live) => walk.plans.some(({ id }) => walk.state.runs[id].status === 'running');
  const isBusy = (walk: Live) => walk.busy > 0 || walk.plans.some(({ id }) => !isSettled(walk.state.runs[id]));
  const letGo = (walk: Live) => {
    if (isBusy(walk)) return;
    const { doors: open } = walk;
    walk.doors = undefined;
    void open?.close().catch(() => undefined);
    if (walk.watchers.size === 0) live.delete(walk.state.id);
  };

  const contextOf = async (walk: Live, session: SessionDoors, signal: AbortSignal): Promise<ProbeContext> => {
    const [made, settings] = await Promise.all([session.forProbe(signal), doors.settings()]);
    const { incident, environment, measurements, consents } = walk.state;
    const given = Object.entries(consents).flatMap(([id, state]) => (state === 'given' ? [id as ConsentId] : []));
    return { ...made, incident, environment, settings, measurements, consents: new Set(given), signal, now: doors.now };
  };
  const openDoors = (walk: Live): SessionDoors =>
    doors.openDoors({
      incident: walk.state.incident,
      engine: walk.state.environment.engine,
      alreadySpent: walk.state.requestsSent,
      onSpent(spent) {
        walk.state = { ...walk.state, requestsSent: spent };
      },
      hasLargerBurst: () => walk.state.consents['larger-burst'] === 'given',
    });

  /** One probe from start to its settled run. */
  const runProbe = async (walk: Live, probe: Probe, session: SessionDoors): Promise<void> => {
    const startedAtMs = doors.now();
    const { stop } = walk;
    const limitMs = Math.min(probe.deadlineMs, PROBE_LIMIT_MS, walk.endsAtMs - startedAtMs);
    let run: ProbeRun;
    let measured: Measurements[ProbeId] | undefined;
    try {
      if (limitMs <= 0) throw new Error('out of time');
      const result = await withDeadline(
        async (signal): Promise<{ skipped: NonNullable<ReturnType<NonNullable<Probe['skip']>>> } | { value: Measurements[ProbeId] }> => {
          const context = await contextOf(walk, session, signal);
          const skipped = probe.skip?.(context);
          return skipped ? { skipped } : { value: await probe.run(context) };
        },
        { limitMs, later: doors.later, stop: stop.signal },
      );
      if ('skipped' in result) run = { status: 'skipped', why: result.skipped };
      else {
        measured = toJsonSafe(result.value) as Measurements[ProbeId];
        if (JSON.stringify(measured).length > MEASUREMENT_LIMIT) throw new Error('brought more than can be kept');
        run = { status: 'done', durationMs: doors.now() - startedAtMs, atMs: doors.now() };
      }
    } catch (error) {
      measured = undefined;
      run = { status: 'failed', error: reasonOf(error), durationMs: doors.now() - startedAtMs };
    }
    // Run anew meanwhile: this result belongs to nobody.
    if (stop.signal.aborted) return;
    await settle(walk, probe.id, run, measured);
  };

  const settle = async (walk: Live, id: ProbeId, run: ProbeRun, measured: Measurements[ProbeId] | undefined): Promise<void> => {
    const { [id]: _before, ...others } = walk.state.measurements;
    let next: SessionState = { ...walk.state, runs: { ...walk.state.runs, [id]: run }, measurements: others };
    if (measured !== undefined) {
      const found = walk.state.incident.isHealthy ? failureIn(id, measured) : undefined;
      const incident = found ? withError(walk.state.incident, found) : walk.state.incident;
      next = { ...next, incident, measurements: { ...others, [id]: measured } };
    }
    if (run.status === 'done' && walk.allowed.delete(id)) next = { ...next, runs: reopenAfter(walk.plans, next.runs, id) };
    const written = change(walk, next);
    pump(walk);
    await written;
  };

  /** Starts whatever may start now. */
  const pump = (walk: Live): void => {
    const ids = startable(
      walk.plans.filter(({ id }) => !walk.deferred.has(id)),
      walk.state.runs,
    );
    if (ids.length === 0 && walk.deferred.size > 0 && walk.busy === 0 && !hasRunning(walk)) {
      void kick(walk);
      return;
    }
    if (ids.length > 0) walk.doors ??= openDoors(walk);
    for (const id of ids) {
      const probe = probeById.get(id);
      if (!probe || !walk.doors) continue;
      void setRun(walk, id, { status: 'running', startedAtMs: doors.now() }, { isKept: false });
      void runProbe(walk, probe, walk.doors);
    }
    if (ids.length === 0) letGo(walk);
  };

  /** Begins a run, or lengthens the one under way. */
  const kick = async (walk: Live, options: { isResumed: boolean } = { isResumed: false }): Promise<void> => {
    walk.busy += 1;
    try {
      if (!hasRunning(walk)) {
        walk.deferred.clear();
        if (!options.isResumed) walk.state = { ...walk.state, requestsSent: 0 };
        const { doors: old } = walk;
        walk.doors = undefined;
        await old?.close().catch(() => undefined);
      }
      walk.doors ??= openDoors(walk);
      const { hasHostAccess } = await walk.doors.forProbe(walk.stop.signal);
      walk.plans = plansOf(walk.state, hasHostAccess);
      walk.endsAtMs = doors.now() + RUN_LIMIT_MS;
      const runs = applyConsents(walk.plans, walk.state.runs, walk.state.consents);
      if (PROBE_IDS.some((id) => runs[id].status === 'pending')) await doors.quiet?.();
      await change(walk, { ...walk.state, runs });
    } catch (error) {
      // Without doors nothing can run; what waits must not wait for ever.
      const failed: ProbeRun = { status: 'failed', error: reasonOf(error), durationMs: 0 };
      const runs = Object.fromEntries(Object.entries(walk.state.runs).map(([id, run]) => [id, run.status === 'pending' ? failed : run]));
      await change(walk, { ...walk.state, runs: runs as SessionState['runs'] });
    } finally {
      walk.busy -= 1;
    }
    pump(walk);
  };

  const load = (sessionId: string): Promise<Live | undefined> => {
    const known = live.get(sessionId);
    if (known) return Promise.resolve(known);
    const under = loading.get(sessionId);
    if (under) return under;
    const work = (async () => {
      const stored = await doors.store.read(sessionId);
      if (!stored) return undefined;
      const walk = createLive({ ...stored, ...interrupted(stored.experiments), runs: restart(stored.runs) });
      live.set(sessionId, walk);
      if (PROBE_IDS.some((id) => walk.state.runs[id].status === 'pending')) await kick(walk, { isResumed: true });
      return walk;
    })().finally(() => loading.delete(sessionId));
    loading.set(sessionId, work);
    return work;
  };
  const need = async (sessionId: string): Promise<Live> => {
    const walk = await load(sessionId);
    if (!walk) throw new Error('no such session');
    newestId = sessionId;
    return walk;
  };

  const begin = async (incident: Incident): Promise<string> => {
    const [environment, granted] = await Promise.all([doors.environment(), doors.grantedConsents(incident)]);
    const runs = Object.fromEntries(
      PROBE_IDS.map((id): [ProbeId, ProbeRun] => [
        id,
        probeById.has(id) ? { status: 'pending' } : { status: 'skipped', why: 'not-applicable' },
      ]),
    ) as SessionState['runs'];
    const state: SessionState = {
      schema: 1,
      id: doors.newId(),
      incident,
      environment,
      startedAtMs: doors.now(),
      runs,
      measurements: {},
      consents: Object.fromEntries(granted.map((consent) => [consent, 'given'])),
      answers: {},
      stepResults: [],
      retests: [],
    };
    const walk = createLive(state);
    live.set(state.id, walk);
    newestId = state.id;
    // The checks need not wait for the disk, but whoever is told the id may rely on it.
    const written = doors.store.write(state);
    void kick(walk);
    await written;
    return state.id;
  };
  const opening = new Map<string, Promise<string>>();

  /** Counts and times of an incident; its error stays what the walk began with. */
  const withCounts = (mine: Incident, newest: Incident): Incident => {
    const { count, lastAtMs, autoReloads, tabId, mendedAtMs, durationsMs } = newest;
    const { mendedAtMs: _old, ...rest } = mine;
    return {
      ...rest,
      count,
      lastAtMs,
      autoReloads,
      tabId,
      ...(mendedAtMs === undefined ? {} : { mendedAtMs }),
      ...(durationsMs && { durationsMs }),
    };
  };

  const reopenRuns = (runs: SessionState['runs'], ids: readonly ProbeId[]): SessionState['runs'] => ({
    ...runs,
    ...Object.fromEntries(ids.flatMap((id) => (probeById.has(id) && isSettled(runs[id]) ? [[id, { status: 'pending' }]] : []))),
  });

  const walks: Walks = {
    open(incident) {
      const under = opening.get(incident.id);
      if (under) return under;
      const work = (async () => {
        const known = await doors.store.ofIncident(incident.id);
        const walk = known === undefined ? undefined : await load(known);
        if (!walk) return begin(incident);
        newestId = walk.state.id;
        await change(walk, { ...walk.state, incident: withCounts(walk.state.incident, incident) });
        letGo(walk);
        return walk.state.id;
      })().finally(() => opening.delete(incident.id));
      opening.set(incident.id, work);
      return work;
    },

    watch(sessionId, watcher) {
      let isOver = false;
      let walk: Live | undefined;
      load(sessionId).then(
        (found) => {
          if (isOver) {
            if (found) letGo(found);
            return;
          }
          if (!found) {
            watcher({ isUnknown: true });
            return;
          }
          walk = found;
          found.watchers.add(watcher);
          show(found);
        },
        () => watcher({ isUnknown: true }),
      );
      return () => {
        isOver = true;
        walk?.watchers.delete(watcher);
        if (walk) letGo(walk);
      };
    },

    async setConsent(sessionId, consent, state) {
      const walk = await need(sessionId);
      if (walk.state.consents[consent] === state) return;
      const consents = { ...walk.state.consents, [consent]: state };
      let { runs } = walk.state;
      if (state === 'given') {
        for (const id of PROBE_IDS) {
          const run = runs[id];
          if ((run.status === 'waiting' || run.status === 'refused') && run.consent === consent) walk.allowed.add(id);
        }
        runs = reopenRuns(
          runs,
          (BETTER_WITH[consent] ?? []).filter((id) => {
            const { status } = runs[id];
            return status === 'done' || status === 'skipped' || status === 'failed';
          }),
        );
      }
      runs = applyConsents(walk.plans, runs, consents);
      // A yes of the person begins a run of its own, with its own number of requests: at once, or after the one under way.
      if (hasRunning(walk)) {
        for (const id of PROBE_IDS) if (runs[id].status === 'pending' && walk.state.runs[id].status !== 'pending') walk.deferred.add(id);
      }
      walk.state = { ...walk.state, consents, runs };
      await kick(walk);
    },

    async answer(sessionId, observation, value) {
      const walk = await need(sessionId);
      const { [observation]: _before, ...others } = walk.state.answers;
      await change(walk, { ...walk.state, answers: value === null ? others : { ...others, [observation]: { value, atMs: doors.now() } } });
      letGo(walk);
    },

    async recordStep(sessionId, result) {
      const walk = await need(sessionId);
      const stepResults = [...walk.state.stepResults, { ...result, atMs: doors.now() }].slice(-200);
      await change(walk, { ...walk.state, stepResults });
      letGo(walk);
    },

    async withdrawStep(sessionId, step) {
      const walk = await need(sessionId);
      await change(walk, { ...walk.state, stepResults: walk.state.stepResults.filter((result) => result.step !== step) });
      letGo(walk);
    },

    async retest(sessionId, afterStep) {
      const walk = await need(sessionId);
      walk.busy += 1;
      await doors.quiet?.();
      // Asked for by a click of its own, so it does not share the automatic run's number of requests.
      const session = doors.openDoors({
        incident: walk.state.incident,
        engine: walk.state.environment.engine,
        hasLargerBurst: () => false,
      });
      try {
        const result = await withDeadline(async (signal) => retest(await contextOf(walk, session, signal)), {
          limitMs: PROBE_LIMIT_MS,
          later: doors.later,
        }).catch(() => ({ outcome: 'not-possible' as const, worked: 0, tries: 0 }));
        const kept = { ...result, atMs: doors.now(), ...(afterStep === undefined ? {} : { afterStep }) };
        await change(walk, { ...walk.state, retests: [...walk.state.retests, kept].slice(-100) });
      } finally {
        walk.busy -= 1;
        void session.close().catch(() => undefined);
        letGo(walk);
      }
    },

    async rerun(sessionId) {
      const walk = await need(sessionId);
      walk.stop.abort();
      walk.stop = new AbortController();
      walk.allowed.clear();
      walk.deferred.clear();
      const consents = Object.fromEntries(
        Object.entries(walk.state.consents).filter(([id, state]) => state !== 'given' || !ONCE_ONLY.has(id as ConsentId)),
      );
      const runs = Object.fromEntries(
        PROBE_IDS.map((id): [ProbeId, ProbeRun] => [
          id,
          probeById.has(id) ? { status: 'pending' } : { status: 'skipped', why: 'not-applicable' },
        ]),
      ) as SessionState['runs'];
      walk.state = { ...walk.state, runs, consents, measurements: {} };
      await kick(walk);
    },

    async hold(sessionId) {
      const walk = await need(sessionId);
      walk.busy += 1;
      const opened: SessionDoors[] = [];
      let isOver = false;
      return {
        state: () => walk.state,
        setExperiment: (id, run) => change(walk, { ...walk.state, experiments: { ...walk.state.experiments, [id]: run } }),
        openDoors(requestLimit) {
          const session = doors.openDoors({
            incident: walk.state.incident,
            engine: walk.state.environment.engine,
            requestLimit,
            hasLargerBurst: () => false,
          });
          opened.push(session);
          return session;
        },
        async release() {
          if (isOver) return;
          isOver = true;
          walk.busy -= 1;
          await Promise.allSettled(opened.map((session) => session.close()));
          letGo(walk);
        },
      };
    },

    noteIncident(incident) {
      for (const walk of live.values()) {
        if (walk.state.incident.id === incident.id)
          void change(walk, { ...walk.state, incident: withCounts(walk.state.incident, incident) });
      }
    },

    async notePermission(consents, state) {
      const ids = live.size > 0 ? [...live.keys()] : newestId === undefined ? [] : [newestId];
      for (const id of ids) {
        for (const consent of consents) await walks.setConsent(id, consent, state);
      }
    },

    takeBack() {
      for (const walk of live.values()) {
        const consents = Object.fromEntries(
          Object.entries(walk.state.consents).filter(([id, state]) => state !== 'given' || !ONCE_ONLY.has(id as ConsentId)),
        );
        const runs = applyConsents(walk.plans, walk.state.runs, consents);
        for (const id of PROBE_IDS) if (runs[id].status === 'waiting') walk.deferred.delete(id);
        void change(walk, { ...walk.state, consents, runs });
      }
    },

    refresh() {
      for (const walk of live.values()) show(walk);
    },
  };
  return walks;
}
