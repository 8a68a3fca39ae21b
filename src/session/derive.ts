import { isPastFailingWorker } from '../checks/judge';
import { onFinePage, runChecks } from '../checks/run';
import { diagnose } from '../diagnosis/diagnose';
import type { PageState } from '../diagnosis/verdict';
import { CONSENT_IDS, type ConsentId } from '../model/consent';
import { PROBE_IDS } from '../model/measurement';
import type { Observations } from '../model/observation';
import type { Change, SessionState, SessionView } from '../model/session';
import { changesOf } from './changes';
import { pageError } from './fate';
import { observe } from './observe';

/** Everything that follows from a session's state. Pure: the same state always gives the same view. */
export const deriveView = (state: SessionState, changes: readonly Change[]): SessionView => {
  const observations = observe(state);
  const page = pageStateOf(state);
  const openConsents = openConsentsOf(state, observations, page);
  const diagnosis = diagnose({ observations, page, openConsents, stepResults: state.stepResults, engine: state.environment.engine });
  const checks = runChecks(
    {
      incident: state.incident,
      environment: state.environment,
      measurements: state.measurements,
      observations,
      ...(state.experiments ? { experiments: state.experiments } : {}),
    },
    state.runs,
  );
  return {
    state,
    observations,
    checks: diagnosis.verdict === 'no-fault' ? onFinePage(checks) : checks,
    diagnosis,
    changes: changesOf(state, changes),
    progress: progressOf(state),
    openConsents,
  };
};

/** What the page does: fails, works, or not known yet. */
export const pageStateOf = ({ incident, measurements }: Pick<SessionState, 'incident' | 'measurements'>): PageState => {
  const error = pageError(incident, measurements);
  if (error) return { kind: 'fails', failure: error.failure };
  const isLoaded =
    measurements['tab-replay']?.plain?.outcome === 'loaded' ||
    [measurements['own-request'], measurements['last-look'], { exchanges: measurements.repetition?.inARow ?? [] }].some((probe) =>
      probe?.exchanges.some(({ outcome }) => outcome === 'response'),
    );
  if (!isLoaded) return { kind: 'unknown' };
  return { kind: 'works', ...(isPastFailingWorker(measurements) && { isPastWorker: true as const }) };
};

/** Consents that start a probe which waits for them, and those with which probes that ran would learn more. */
const openConsentsOf = (state: SessionState, observations: Observations, page: PageState): ConsentId[] => {
  const open = new Set<ConsentId>(PROBE_IDS.flatMap((id) => (state.runs[id].status === 'waiting' ? [state.runs[id].consent] : [])));
  const isUndecided = (id: ConsentId) => (state.consents[id] ?? 'not-asked') === 'not-asked';
  if (page.kind === 'fails' && isUndecided('set-own-headers')) open.add('set-own-headers');
  if (isUndecided('replay-one-time-link') && state.measurements['tab-replay']?.notTried === 'one-time-link')
    open.add('replay-one-time-link');
  // Thirty requests are worth it only where the fault comes and goes.
  const frequency = observations.frequency?.value;
  const isPassing =
    frequency === 'often' || frequency === 'rare' || frequency === 'only-in-parallel-burst' || frequency === 'not-reproduced';
  // Over one shared connection thirty requests are one try.
  const isSharing = state.measurements['own-request']?.exchanges.some(({ wasShared }) => wasShared) ?? false;
  if (isUndecided('larger-burst') && isPassing && !isSharing) open.add('larger-burst');
  return CONSENT_IDS.filter((id) => open.has(id));
};

const progressOf = (state: SessionState): SessionView['progress'] => {
  const runs = PROBE_IDS.map((id) => state.runs[id]);
  // What waits for a word of the person is not under way: the bar would never fill.
  const counted = runs.filter(({ status }) => status !== 'waiting' && status !== 'refused' && status !== 'skipped');
  return {
    done: counted.filter(({ status }) => status === 'done' || status === 'failed').length,
    total: counted.length,
    isRunning: runs.some(({ status }) => status === 'running' || status === 'pending'),
  };
};
