import type { ConsentId, ConsentState } from '../model/consent';
import type { ProbeId } from '../model/measurement';
import type { ProbeRun, SessionState } from '../model/session';

/** What the scheduler must know of a probe. */
export interface Plannable {
  id: ProbeId;
  after: readonly ProbeId[];
  /** Consents it needs in this session. */
  consents: readonly ConsentId[];
  isExclusive: boolean;
}
type Runs = SessionState['runs'];
type Consents = SessionState['consents'];

/** Nothing more comes of a run by itself. One that waits for the person counts as settled, else all behind it would wait too. */
export function isSettled(run: ProbeRun): boolean {
  return run.status !== 'pending' && run.status !== 'running';
}

const stateOf = (consents: Consents, consent: ConsentId): ConsentState => consents[consent] ?? 'not-asked';

/** What the consents say of a probe that has not run: waiting for one, refused by one, or free to run. */
export function gate(probe: Pick<Plannable, 'consents'>, consents: Consents): ProbeRun {
  const refused = probe.consents.find((consent) => stateOf(consents, consent) === 'refused');
  if (refused) return { status: 'refused', consent: refused };
  const missing = probe.consents.find((consent) => stateOf(consents, consent) !== 'given');
  return missing ? { status: 'waiting', consent: missing } : { status: 'pending' };
}

/** Puts every run that has not begun where the consents want it. */
export function applyConsents(probes: readonly Plannable[], runs: Runs, consents: Consents): Runs {
  const next: { [Id in ProbeId]: ProbeRun } = { ...runs };
  for (const probe of probes) {
    const { status } = next[probe.id];
    if (status === 'pending' || status === 'waiting' || status === 'refused') next[probe.id] = gate(probe, consents);
  }
  return next;
}

/** Probes to start now: all whose predecessors have settled, side by side; exclusive ones alone, and last. */
export function startable(probes: readonly Plannable[], runs: Runs): readonly ProbeId[] {
  const running = probes.filter(({ id }) => runs[id].status === 'running');
  if (running.some(({ isExclusive }) => isExclusive)) return [];
  const ready = probes.filter(({ id, after }) => runs[id].status === 'pending' && after.every((before) => isSettled(runs[before])));
  const shared = ready.filter(({ isExclusive }) => !isExclusive);
  if (shared.length > 0 || running.length > 0) return shared.map(({ id }) => id);
  return ready.slice(0, 1).map(({ id }) => id);
}

/** Probes that come after the given one, directly or not. */
export function successors(probes: readonly Plannable[], of: ProbeId): ReadonlySet<ProbeId> {
  const found = new Set<ProbeId>();
  let before = -1;
  while (before !== found.size) {
    before = found.size;
    for (const { id, after } of probes) if (after.some((one) => one === of || found.has(one))) found.add(id);
  }
  return found;
}

/**
 * After a probe that the person had to allow brings something new, those behind it that ran without
 * it run again. Exclusive ones do not: they would change something twice for one yes.
 */
export function reopenAfter(probes: readonly Plannable[], runs: Runs, done: ProbeId): Runs {
  const behind = successors(probes, done);
  const next: { [Id in ProbeId]: ProbeRun } = { ...runs };
  for (const { id, isExclusive } of probes) {
    const { status } = next[id];
    if (behind.has(id) && !isExclusive && (status === 'done' || status === 'skipped' || status === 'failed'))
      next[id] = { status: 'pending' };
  }
  return next;
}

/** After the worker died: what was under way begins again. */
export function restart(runs: Runs): Runs {
  return Object.fromEntries(Object.entries(runs).map(([id, run]) => [id, run.status === 'running' ? { status: 'pending' } : run])) as Runs;
}
