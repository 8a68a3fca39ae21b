import type { ConsentId } from '../model/consent';
import type { Environment } from '../model/environment';
import type { ExperimentRuns } from '../model/experiment';
import type { Incident } from '../model/incident';
import { PROBE_IDS, type ProbeId } from '../model/measurement';
import type { ProbeRun, SessionState } from '../model/session';
import { restart } from './schedule';

type Runs = SessionState['runs'];
type Consents = SessionState['consents'];

/** The probes that this worker has. */
type Known = Pick<ReadonlySet<ProbeId>, 'has'>;

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
  'set-own-headers': ['cookies', 'other-scheme', 'repetition', 'bare-address'],
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

/** Every probe is still to run; what this worker does not have never will. */
function unrun(known: Known): Runs {
  return Object.fromEntries(
    PROBE_IDS.map((id): [ProbeId, ProbeRun] => [id, known.has(id) ? { status: 'pending' } : { status: 'skipped', why: 'not-applicable' }]),
  ) as Runs;
}

/** What a walk begins with. */
export interface Beginning {
  id: string;
  incident: Incident;
  environment: Environment;
  startedAtMs: number;
  /** Consents that nobody need be asked for. */
  granted: readonly ConsentId[];
}

/** A walk in which nothing has been done yet. */
export function newState({ id, incident, environment, startedAtMs, granted }: Beginning, known: Known): SessionState {
  return {
    schema: 1,
    id,
    incident,
    environment,
    startedAtMs,
    runs: unrun(known),
    measurements: {},
    consents: Object.fromEntries(granted.map((consent) => [consent, 'given'])),
    answers: {},
    stepResults: [],
    retests: [],
  };
}

/** The same walk with everything still to be measured, and once more to be allowed what held for one run. */
export function anew(state: SessionState, known: Known): SessionState {
  return { ...state, runs: unrun(known), consents: lastingConsents(state.consents), measurements: {} };
}

/** A stored walk in a new life of the worker. */
export function resumed(stored: SessionState): SessionState {
  return { ...stored, ...interrupted(stored.experiments), runs: restart(stored.runs) };
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

/** Consents that outlast a run. */
export function lastingConsents(consents: Consents): Consents {
  return Object.fromEntries(Object.entries(consents).filter(([id, state]) => state !== 'given' || !ONCE_ONLY.has(id as ConsentId)));
}

/** What has run without this consent and does better with it is to run again. */
export function reopenBetterWith(consent: ConsentId, runs: Runs, known: Known): Runs {
  const reopened = (BETTER_WITH[consent] ?? []).filter((id) => {
    const { status } = runs[id];
    return known.has(id) && (status === 'done' || status === 'skipped' || status === 'failed');
  });
  return { ...runs, ...Object.fromEntries(reopened.map((id) => [id, { status: 'pending' }])) };
}

/** Counts and times of an incident; its error stays what the walk began with. */
export function withCounts(mine: Incident, newest: Incident): Incident {
  const { count, lastAtMs, autoReloads, comeBacks, tabId, mendedAtMs, durationsMs } = newest;
  const { mendedAtMs: _old, ...rest } = mine;
  return {
    ...rest,
    count,
    lastAtMs,
    autoReloads,
    tabId,
    ...(comeBacks === undefined ? {} : { comeBacks }),
    ...(mendedAtMs === undefined ? {} : { mendedAtMs }),
    ...(durationsMs && { durationsMs }),
  };
}
