import { type CheckResult, PATH_PARTS, type PathPart } from '../../model/check';
import type { Diagnosis } from '../../model/diagnosis';

export type PartState = 'cleared' | 'suspect' | 'unknown';

/** A part that still holds this much of the probability is not called cleared, whatever its checks say. */
const OPEN_PROBABILITY = 0.15;

/**
 * What the path picture lights up. A part is suspect when the diagnosis or a check points at it;
 * cleared only when more of its checks cleared it than were left open, none is still to come, and the
 * causes that its owner can mend are improbable.
 */
export function pathStates(
  checks: readonly CheckResult[],
  diagnosis: Pick<Diagnosis, 'verdict' | 'causes'>,
): { part: PathPart; state: PartState }[] {
  // The page came all the way.
  if (diagnosis.verdict === 'no-fault') return PATH_PARTS.map((part) => ({ part, state: 'cleared' }));
  const owner = diagnosis.verdict === 'cause' ? diagnosis.causes[0]?.owner : undefined;
  return PATH_PARTS.map((part) => {
    if (part === owner) return { part, state: 'suspect' };
    const state = stateOf(checks.filter((check) => check.part === part));
    const probability = diagnosis.causes.reduce((sum, cause) => (cause.owner === part ? sum + cause.probability : sum), 0);
    if (state === 'cleared' && probability >= OPEN_PROBABILITY) return { part, state: 'unknown' };
    // Once a cause stands out, a check that points elsewhere is explained by it or outweighed.
    if (state === 'suspect' && owner !== undefined && probability < OPEN_PROBABILITY) return { part, state: 'unknown' };
    return { part, state };
  });
}

function stateOf(checks: readonly CheckResult[]): PartState {
  const count = (outcome: CheckResult['outcome']): number => checks.filter((check) => check.outcome === outcome).length;
  if (count('implicated') > 0) return 'suspect';
  const isPending = checks.some((check) => check.notRun?.kind === 'pending');
  if (isPending || count('cleared') === 0) return 'unknown';
  return count('cleared') > count('inconclusive') + count('error') ? 'cleared' : 'unknown';
}
