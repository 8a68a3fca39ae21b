import type { ConsentId, ConsentState } from '../model/consent';
import { type Measurements, PROBE_IDS, type ProbeId } from '../model/measurement';
import type { ProbeRun, SessionState } from '../model/session';
import type { Settings } from '../model/settings';
import type { Probe, ProbeContext } from '../probes/context';
import { type Later, withDeadline } from './deadline';
import type { DoorsSession, SessionDoors } from './doors';
import { toJsonSafe } from './json-safe';
import type { LiveWalk } from './live-walk';
import { applyConsents, isSettled, type Plannable, reopenAfter, startable } from './schedule';
import { failureIn, withError } from './trial';
import { anew, lastingConsents, reopenBetterWith } from './walk-state';

/** A whole run, whether automatic or after a yes, is over after this, ms. */
const RUN_LIMIT_MS = 20_000;
/** No probe may take longer, ms. */
export const PROBE_LIMIT_MS = 8_000;
/** Bytes of JSON that one measurement may have. */
const MEASUREMENT_LIMIT = 300_000;

export interface ProbeRunnerDoors {
  probes: readonly Probe[];
  settings(): Promise<Settings>;
  openDoors(session: DoorsSession): SessionDoors;
  /** Ends whatever stands changed for an experiment: what is measured meanwhile would not be the person's browser. */
  quiet?(): Promise<void>;
  now(): number;
  later: Later;
}

/** What the runner tells the keeper of the walks. */
export interface ProbeRunnerEvents {
  /** A walk's new state; resolves when it is durable. One that need not survive the worker is only shown. */
  change(walk: LiveWalk, next: SessionState, options?: { isKept: boolean }): Promise<void>;
  /** Nothing is under way in a walk any more. */
  idle(walk: LiveWalk): void;
}

/** Runs the probes of walks: which may start, with what doors, until when. */
export interface ProbeRunner {
  /** Begins a run, or lengthens the one under way. A resumed one goes on with the number of requests already sent. */
  kick(walk: LiveWalk, options?: { isResumed: boolean }): Promise<void>;
  /** Measures everything anew; results still under way belong to nobody. */
  rerun(walk: LiveWalk): Promise<void>;
  setConsent(walk: LiveWalk, consent: ConsentId, state: ConsentState): Promise<void>;
  /** What would change something again waits for another yes. */
  takeBack(walk: LiveWalk): void;
  /** What a probe would be given. */
  contextOf(walk: LiveWalk, session: SessionDoors, signal: AbortSignal): Promise<ProbeContext>;
  /** Closes the doors of a walk in which nothing is under way. */
  letGo(walk: LiveWalk): void;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300) || 'failed';

export function createProbeRunner(doors: ProbeRunnerDoors, { change, idle }: ProbeRunnerEvents): ProbeRunner {
  const probeById = new Map(doors.probes.map((probe) => [probe.id, probe]));

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

  const setRun = (walk: LiveWalk, id: ProbeId, run: ProbeRun, options?: { isKept: boolean }) =>
    change(walk, { ...walk.state, runs: { ...walk.state.runs, [id]: run } }, options);

  const hasRunning = (walk: LiveWalk) => walk.plans.some(({ id }) => walk.state.runs[id].status === 'running');
  const isBusy = (walk: LiveWalk) => walk.busy > 0 || walk.plans.some(({ id }) => !isSettled(walk.state.runs[id]));
  const letGo = (walk: LiveWalk) => {
    if (isBusy(walk)) return;
    const { doors: open } = walk;
    walk.doors = undefined;
    void open?.close().catch(() => undefined);
    idle(walk);
  };

  const contextOf = async (walk: LiveWalk, session: SessionDoors, signal: AbortSignal): Promise<ProbeContext> => {
    const [made, settings] = await Promise.all([session.forProbe(signal), doors.settings()]);
    const { incident, environment, measurements, consents } = walk.state;
    const given = Object.entries(consents).flatMap(([id, state]) => (state === 'given' ? [id as ConsentId] : []));
    return { ...made, incident, environment, settings, measurements, consents: new Set(given), signal, now: doors.now };
  };
  const openDoors = (walk: LiveWalk): SessionDoors =>
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
  const runProbe = async (walk: LiveWalk, probe: Probe, session: SessionDoors): Promise<void> => {
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

  const settle = async (walk: LiveWalk, id: ProbeId, run: ProbeRun, measured: Measurements[ProbeId] | undefined): Promise<void> => {
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
  const pump = (walk: LiveWalk): void => {
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
  const kick = async (walk: LiveWalk, options: { isResumed: boolean } = { isResumed: false }): Promise<void> => {
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

  return {
    kick,
    contextOf,
    letGo,

    async rerun(walk) {
      walk.stop.abort();
      walk.stop = new AbortController();
      walk.allowed.clear();
      walk.deferred.clear();
      walk.state = anew(walk.state, probeById);
      await kick(walk);
    },

    async setConsent(walk, consent, state) {
      const consents = { ...walk.state.consents, [consent]: state };
      let { runs } = walk.state;
      if (state === 'given') {
        for (const id of PROBE_IDS) {
          const run = runs[id];
          if ((run.status === 'waiting' || run.status === 'refused') && run.consent === consent) walk.allowed.add(id);
        }
        runs = reopenBetterWith(consent, runs, probeById);
      }
      runs = applyConsents(walk.plans, runs, consents);
      // A yes of the person begins a run of its own, with its own number of requests: at once, or after the one under way.
      if (hasRunning(walk)) {
        for (const id of PROBE_IDS) if (runs[id].status === 'pending' && walk.state.runs[id].status !== 'pending') walk.deferred.add(id);
      }
      walk.state = { ...walk.state, consents, runs };
      await kick(walk);
    },

    takeBack(walk) {
      const consents = lastingConsents(walk.state.consents);
      const runs = applyConsents(walk.plans, walk.state.runs, consents);
      for (const id of PROBE_IDS) if (runs[id].status === 'waiting') walk.deferred.delete(id);
      void change(walk, { ...walk.state, consents, runs });
    },
  };
}
