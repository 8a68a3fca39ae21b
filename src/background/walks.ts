import type { ConsentId, ConsentState } from '../model/consent';
import type { Environment } from '../model/environment';
import type { ExperimentId, ExperimentRun } from '../model/experiment';
import type { Incident } from '../model/incident';
import { PROBE_IDS, type ProbeId } from '../model/measurement';
import type { Change, SessionState } from '../model/session';
import type { StepResult } from '../model/step';
import type { ObservationId } from '../model/vocabulary';
import { withDeadline } from './deadline';
import type { SessionDoors } from './doors';
import { createLiveWalk, type LiveWalk, type Watcher } from './live-walk';
import { createProbeRunner, PROBE_LIMIT_MS, type ProbeRunnerDoors } from './probe-runner';
import type { SessionStore } from './session-store';
import { retest } from './trial';
import { newState, resumed, withCounts } from './walk-state';

export interface WalkDoors extends ProbeRunnerDoors {
  store: SessionStore;
  environment(): Promise<Environment>;
  /** Consents that are nothing but a permission, and granted already. */
  grantedConsents(incident: Incident): Promise<readonly ConsentId[]>;
  changes(): Promise<readonly Change[]>;
  newId(): string;
}

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

export function createWalks(doors: WalkDoors): Walks {
  const live = new Map<string, LiveWalk>();
  const loading = new Map<string, Promise<LiveWalk | undefined>>();
  const probeIds: ReadonlySet<ProbeId> = new Set(doors.probes.map(({ id }) => id));
  let newestId: string | undefined;

  /** Tells all watchers; many changes of one moment are told once. */
  const show = (walk: LiveWalk) => {
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
  const change = (walk: LiveWalk, next: SessionState, options: { isKept: boolean } = { isKept: true }): Promise<void> => {
    walk.state = next;
    show(walk);
    return options.isKept ? doors.store.write(next) : Promise.resolve();
  };
  const runner = createProbeRunner(doors, {
    change,
    idle(walk) {
      if (walk.watchers.size === 0) live.delete(walk.state.id);
    },
  });

  const load = (sessionId: string): Promise<LiveWalk | undefined> => {
    const known = live.get(sessionId);
    if (known) return Promise.resolve(known);
    const under = loading.get(sessionId);
    if (under) return under;
    const work = (async () => {
      const stored = await doors.store.read(sessionId);
      if (!stored) return undefined;
      const walk = createLiveWalk(resumed(stored));
      live.set(sessionId, walk);
      if (PROBE_IDS.some((id) => walk.state.runs[id].status === 'pending')) await runner.kick(walk, { isResumed: true });
      return walk;
    })().finally(() => loading.delete(sessionId));
    loading.set(sessionId, work);
    return work;
  };
  const need = async (sessionId: string): Promise<LiveWalk> => {
    const walk = await load(sessionId);
    if (!walk) throw new Error('no such session');
    newestId = sessionId;
    return walk;
  };

  const begin = async (incident: Incident): Promise<string> => {
    const [environment, granted] = await Promise.all([doors.environment(), doors.grantedConsents(incident)]);
    const state = newState({ id: doors.newId(), incident, environment, startedAtMs: doors.now(), granted }, probeIds);
    const walk = createLiveWalk(state);
    live.set(state.id, walk);
    newestId = state.id;
    // The checks need not wait for the disk, but whoever is told the id may rely on it.
    const written = doors.store.write(state);
    void runner.kick(walk);
    await written;
    return state.id;
  };
  const opening = new Map<string, Promise<string>>();

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
        runner.letGo(walk);
        return walk.state.id;
      })().finally(() => opening.delete(incident.id));
      opening.set(incident.id, work);
      return work;
    },

    watch(sessionId, watcher) {
      let isOver = false;
      let walk: LiveWalk | undefined;
      load(sessionId).then(
        (found) => {
          if (isOver) {
            if (found) runner.letGo(found);
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
        if (walk) runner.letGo(walk);
      };
    },

    async setConsent(sessionId, consent, state) {
      const walk = await need(sessionId);
      if (walk.state.consents[consent] === state) return;
      await runner.setConsent(walk, consent, state);
    },

    async answer(sessionId, observation, value) {
      const walk = await need(sessionId);
      const { [observation]: _before, ...others } = walk.state.answers;
      await change(walk, { ...walk.state, answers: value === null ? others : { ...others, [observation]: { value, atMs: doors.now() } } });
      runner.letGo(walk);
    },

    async recordStep(sessionId, result) {
      const walk = await need(sessionId);
      const stepResults = [...walk.state.stepResults, { ...result, atMs: doors.now() }].slice(-200);
      await change(walk, { ...walk.state, stepResults });
      runner.letGo(walk);
    },

    async withdrawStep(sessionId, step) {
      const walk = await need(sessionId);
      await change(walk, { ...walk.state, stepResults: walk.state.stepResults.filter((result) => result.step !== step) });
      runner.letGo(walk);
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
        const result = await withDeadline(async (signal) => retest(await runner.contextOf(walk, session, signal)), {
          limitMs: PROBE_LIMIT_MS,
          later: doors.later,
        }).catch(() => ({ outcome: 'not-possible' as const, worked: 0, tries: 0 }));
        const kept = { ...result, atMs: doors.now(), ...(afterStep === undefined ? {} : { afterStep }) };
        await change(walk, { ...walk.state, retests: [...walk.state.retests, kept].slice(-100) });
      } finally {
        walk.busy -= 1;
        void session.close().catch(() => undefined);
        runner.letGo(walk);
      }
    },

    async rerun(sessionId) {
      await runner.rerun(await need(sessionId));
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
          runner.letGo(walk);
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
      for (const walk of live.values()) runner.takeBack(walk);
    },

    refresh() {
      for (const walk of live.values()) show(walk);
    },
  };
  return walks;
}
