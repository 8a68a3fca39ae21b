import type { Check, CheckResult, Facts, NotRunReason } from '../model/check';
import type { ProbeId } from '../model/measurement';
import type { Message } from '../model/message';
import type { ProbeRun, SessionState } from '../model/session';
import { CHECKS } from './index';

type Runs = SessionState['runs'];

/** Runs the whole catalogue over what is known. A check that throws gives its own error, never the others'. */
export const runChecks = (facts: Facts, runs: Runs, checks: readonly Check[] = CHECKS): CheckResult[] =>
  checks.map((check) => runCheck(check, facts, runs));

/** The same for a page without a fault: what says neither, or would be asked of the person, has nothing to explain there. */
export const onFinePage = (results: readonly CheckResult[]): CheckResult[] =>
  results.map((result) => {
    if (result.outcome !== 'inconclusive' && result.notRun?.kind !== 'question') return result;
    const { notRun: _asked, ...rest } = result;
    return { ...rest, outcome: 'not-applicable', explanation: { id: 'check_page_loads' } };
  });

const runCheck = (check: Check, facts: Facts, runs: Runs): CheckResult => {
  const base = { id: check.id, area: check.area, part: check.part, durationMs: durationOf(check, runs) };
  const missing = check.standsIn?.(facts) === true ? [] : check.needs.filter((id) => facts.measurements[id] === undefined);
  if (missing.length > 0) return { ...base, ...whyMissing(missing, runs) };
  try {
    const judgement = check.evaluate(facts);
    if (judgement) return { ...base, ...judgement };
  } catch (error) {
    return { ...base, outcome: 'error', explanation: { id: 'check_error', args: [error instanceof Error ? error.name : 'unknown'] } };
  }
  return { ...base, ...notRun(check.step ? { kind: 'question', step: check.step } : { kind: 'pending' }) };
};

const durationOf = (check: Check, runs: Runs): number =>
  Math.max(
    0,
    ...[...check.needs, ...(check.uses ?? [])]
      .map((id) => runs[id])
      .map((run) => (run?.status === 'done' || run?.status === 'failed' ? run.durationMs : 0)),
  );

const NOT_RUN_TEXTS: { readonly [Kind in NotRunReason['kind']]: Message } = {
  consent: { id: 'check_not_run_consent' },
  refused: { id: 'check_not_run_refused' },
  pending: { id: 'check_not_run_pending' },
  question: { id: 'check_not_run_question' },
  'cannot-in-this-browser': { id: 'check_not_run_cannot_in_this_browser' },
  offline: { id: 'check_not_run_offline' },
  'asked-to-stop': { id: 'check_not_run_asked_to_stop' },
};

const notRun = (reason: NotRunReason): Pick<CheckResult, 'outcome' | 'explanation' | 'notRun'> => ({
  outcome: 'not-run',
  explanation: NOT_RUN_TEXTS[reason.kind],
  notRun: reason,
});

/** Which missing probe decides: what can still be had comes first, so that nobody is told "cannot" where a click is enough. */
const PRECEDENCE: readonly ProbeRun['status'][] = ['pending', 'running', 'waiting', 'refused', 'failed', 'skipped', 'done'];

const whyMissing = (missing: readonly ProbeId[], runs: Runs): Pick<CheckResult, 'outcome' | 'explanation' | 'notRun'> => {
  const run = missing
    .map((id) => runs[id])
    .filter((one) => one !== undefined)
    .sort((a, b) => PRECEDENCE.indexOf(a.status) - PRECEDENCE.indexOf(b.status))[0];
  switch (run?.status) {
    case 'waiting':
      return notRun({ kind: 'consent', consent: run.consent });
    case 'refused':
      return notRun({ kind: 'refused', consent: run.consent });
    case 'failed':
      return { outcome: 'error', explanation: { id: 'check_error', args: [run.error] } };
    case 'skipped':
      if (run.why === 'not-applicable') return { outcome: 'not-applicable', explanation: { id: 'check_not_applicable' } };
      return notRun({ kind: run.why === 'tab-closed' ? 'asked-to-stop' : run.why });
    default:
      return notRun({ kind: 'pending' });
  }
};
