import type { MindChange, RankedCause } from '../model/diagnosis';
import { likelihoodPercent } from '../model/likelihood';
import type { CauseId, ObservationId } from '../model/vocabulary';
import type { OpenFact } from './next-step';
import { sentence } from './text';

/** Findings named per cause. */
const MIND_SHOWN = 2;
/** A finding that is hardly to be expected is no prospect. */
const LEAST_CHANCE = 0.01;
/** A finding changes the mind about a cause that leads when it takes at least this share of its probability. */
const FALL = 0.25;
/** … and about another cause when it makes it at least this many times as probable, and this probable. */
const RISE = 1.5;
const RISEN = 0.15;
/** Until which probability a cause that leads may also still be strengthened by a finding that is worth naming. */
const OPEN_TO_RISE = 0.5;

/** What is said of a cause whatever is known: what it is, who can mend it, and what to tell them. */
export const causeWords = (cause: CauseId): Pick<RankedCause, 'sentence' | 'who' | 'tell'> => ({
  sentence: sentence(['cause', cause, 'sentence']),
  who: sentence(['cause', cause, 'who']),
  tell: sentence(['cause', cause, 'tell']),
});

const change = (observation: ObservationId, value: string, step: string, before: number, after: number): MindChange => ({
  observation,
  value,
  probability: Math.round(after * 1e4) / 1e4,
  step,
  explanation: sentence(
    [after < before ? 'mind_falls' : 'mind_rises'],
    String(likelihoodPercent(after)),
    sentence(['evidence', observation, value]),
  ),
});

/**
 * What would change the mind about one cause: of everything that can still be learned, the findings that would take most from the
 * cause that leads, or give most to another; one finding per fact.
 */
export const mindChanges = (
  cause: CauseId,
  chances: ReadonlyMap<CauseId, number>,
  isFirst: boolean,
  open: readonly OpenFact[],
): MindChange[] => {
  const before = chances.get(cause) ?? 0;
  const found = open.flatMap(({ observation, step, outcomes }) => {
    const possible = outcomes
      .filter(({ chance }) => chance >= LEAST_CHANCE)
      .map(({ value, after }) => ({ value, after: after.get(cause) ?? 0 }))
      .filter(({ after }) =>
        isFirst
          ? after <= before * (1 - FALL) || (before < OPEN_TO_RISE && after >= before * RISE)
          : after >= RISEN && after >= before * RISE,
      )
      .map(({ value, after }) => ({ ...change(observation, value, step, before, after), size: Math.abs(Math.log(after / before)) }));
    return possible.sort((a, b) => b.size - a.size).slice(0, 1);
  });
  return found
    .sort((a, b) => b.size - a.size)
    .slice(0, MIND_SHOWN)
    .map(({ size: _, ...one }) => one);
};
