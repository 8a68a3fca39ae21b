import type { NextStep } from '../../model/diagnosis';
import type { StepResult } from '../../model/step';

/**
 * Something to do goes before something to be asked when it is worth at least this share of it: a person
 * whose page does not load came for a way on, and a question stays one press away.
 */
const ACTION_SHARE = 0.2;
const ACCESS_STEP = 'allow-host-access';

/**
 * The steps still worth offering, best first: the best action before the questions that it can stand
 * beside; those that the person skipped come last, never gone.
 */
export function offeredSteps(
  nextSteps: readonly NextStep[],
  results: readonly StepResult[],
  isQuestion: (id: string) => boolean = () => false,
): readonly NextStep[] {
  const skipped = new Set<string>();
  for (const result of results) {
    if (result.outcome === 'skipped') skipped.add(result.step);
    else skipped.delete(result.step);
  }
  const open = nextSteps.filter(({ id }) => !skipped.has(id));
  // Without access to the site nearly nothing could be tested: nothing else is worth as much.
  const access = open.find(({ id }) => id === ACCESS_STEP);
  if (access !== undefined) return [access, ...nextSteps.filter((step) => step !== access)];
  const action = open.find(({ id }) => !isQuestion(id));
  const isFirst = action !== undefined && action.score >= (open[0]?.score ?? 0) * ACTION_SHARE;
  const ordered = isFirst ? [action, ...open.filter((step) => step !== action)] : open;
  return [...ordered, ...nextSteps.filter(({ id }) => skipped.has(id))];
}
