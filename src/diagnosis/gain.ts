import type { Environment } from '../model/environment';
import { possibleValues } from '../model/possible-values';
import type { Step } from '../model/step';
import type { CauseId, ObservationId } from '../model/vocabulary';
import { OBSERVATIONS } from '../model/vocabulary';
import { chancesOf, scaled } from './dialogue';
import { foreseenMend } from './dialogue-chances';
import { type FactValues, priorOf } from './rank';
import { EVIDENCE_FACTOR, GROUPS } from './weights/evidence';
import { chanceOf } from './weights/likelihoods';

/** Where a walk stands: what every look ahead starts from. */
export interface Standing {
  facts: FactValues;
  /** Chance of each cause now, facts and repairs taken together. */
  chances: ReadonlyMap<CauseId, number>;
  /** What repairs have done to each cause (`repairFactors`). */
  factors: ReadonlyMap<CauseId, number>;
  /** Engine of the browser in which the page fails: some findings cannot be there. */
  engine?: Environment['engine'] | undefined;
}

/** A value settles between two causes where it is five times as likely by one as by the other, nats. */
const SETTLING = Math.log(5);

/** How open the matter is, nats: 0 when one cause is certain. */
export const uncertainty = (chances: ReadonlyMap<CauseId, number>): number => {
  let sum = 0;
  for (const chance of chances.values()) if (chance > 0) sum -= chance * Math.log(chance);
  return sum;
};

/**
 * P(value | cause) for each value. What a row leaves up to one is "nothing to report", which has no value and teaches nothing;
 * those of `phase` overlap and are made to sum to one. Role and place work through the priors and have no table of their own:
 * their likelihood is what they do to the prior.
 */
const likelihoodsOf = (observation: ObservationId, causes: Iterable<CauseId>, facts: FactValues): ReadonlyMap<CauseId, number[]> => {
  const values: readonly string[] = OBSERVATIONS[observation].values;
  const isContext = observation === 'visitor-role' || observation === 'host-kind';
  const priors = isContext ? values.map((value) => priorOf({ 'host-kind': facts['host-kind'], [observation]: value })) : [];
  return new Map(
    [...causes].map((cause): [CauseId, number[]] => {
      const row = values.map((value, index) => chanceOf(observation, value, cause) ?? priors[index]?.get(cause) ?? 1);
      const sum = row.reduce((total, chance) => total + chance, 0);
      return [cause, isContext || sum > 1 ? row.map((chance) => chance / sum) : row];
    }),
  );
};

/** A fact that shares its group with a known one, or works through the prior, is not simply multiplied in. */
const isEntangled = (observation: ObservationId, facts: FactValues): boolean =>
  observation === 'visitor-role' ||
  observation === 'host-kind' ||
  (GROUPS.find((members) => members.includes(observation)) ?? []).some((member) => member !== observation && facts[member] !== undefined);

/** One value that a fact may turn out to have: how likely that is now, and the chance of each cause then. */
export interface Outcome {
  value: string;
  chance: number;
  after: ReadonlyMap<CauseId, number>;
}

/** What learning this fact may show; each value updates as it would in the ranking. */
export const outcomesOf = (observation: ObservationId, { facts, chances, factors, engine }: Standing): Outcome[] => {
  const possible = possibleValues(observation, engine);
  const rows = likelihoodsOf(observation, chances.keys(), facts);
  const isWhole = isEntangled(observation, facts);
  return OBSERVATIONS[observation].values.flatMap((value, index) => {
    if (!possible.includes(value)) return [];
    let expected = 0;
    for (const [cause, chance] of chances) expected += chance * (rows.get(cause)?.[index] ?? 0);
    if (expected <= 0) return [];
    const after = isWhole
      ? chancesOf({ ...facts, [observation]: value }, factors)
      : scaled(chances, (cause) => (chanceOf(observation, value, cause) ?? 1) ** EVIDENCE_FACTOR);
    return [{ value, chance: expected, after }];
  });
};

/** By how much what may be learned would settle the matter, expected over its values, nats. */
export const gainOf = (outcomes: readonly Outcome[], { chances }: Standing): number => {
  let left = 0;
  let told = 0;
  for (const { chance, after } of outcomes) {
    told += chance;
    left += chance * uncertainty(after);
  }
  return Math.max(0, told * uncertainty(chances) - left);
};

/** By how much learning this fact would settle the matter, expected over its values, nats. */
export const expectedGain = (observation: ObservationId, standing: Standing): number => gainOf(outcomesOf(observation, standing), standing);

/** What a repair that is no observation would teach by the page working or still failing, nats. */
export const repairGain = (step: Pick<Step, 'id' | 'causes' | 'tells'>, { chances }: Standing): number => {
  let works = 0;
  for (const [cause, chance] of chances) works += chance * foreseenMend(step, cause);
  const ifWorks = uncertainty(scaled(chances, (cause) => foreseenMend(step, cause)));
  const ifFails = uncertainty(scaled(chances, (cause) => 1 - foreseenMend(step, cause)));
  return Math.max(0, uncertainty(chances) - works * ifWorks - (1 - works) * ifFails);
};

/** Whether a fact would settle which of two causes it is, whatever its value turns out to be. */
export const settles = (observation: ObservationId, one: CauseId, other: CauseId): boolean =>
  OBSERVATIONS[observation].values.every((value) => {
    const a = chanceOf(observation, value, one);
    const b = chanceOf(observation, value, other);
    return a !== undefined && b !== undefined && Math.abs(Math.log(a / b)) >= SETTLING;
  });

/** How well a fact would separate two causes: the symmetric divergence of its chances, nats. */
export const separation = (observation: ObservationId, one: CauseId, other: CauseId): number =>
  OBSERVATIONS[observation].values.reduce((sum, value) => {
    const a = chanceOf(observation, value, one);
    const b = chanceOf(observation, value, other);
    return a === undefined || b === undefined ? sum : sum + (a - b) * Math.log(a / b);
  }, 0);
