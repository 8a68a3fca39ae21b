import type { StepResult } from '../model/step';
import { CAUSE_IDS, type CauseId } from '../model/vocabulary';
import { isBareRepair, outcomeChance } from './dialogue-chances';
import { type FactValues, posteriorOf, type Ranked, rank } from './rank';
import { findStep } from './steps';

/** What a walk has told so far: facts, however they were obtained, and what came of the steps. */
export interface Told {
  facts: FactValues;
  stepResults: readonly StepResult[];
}

/** The last word on each step: a person may do a step again, or take back what was said of it. */
export const latestResults = (stepResults: readonly StepResult[]): ReadonlyMap<string, StepResult> =>
  new Map(stepResults.map((result) => [result.step, result]));

/** What the outcomes of repairs do to each cause: a repair that was done in vain speaks against what it mends. */
export const repairFactors = ({ facts, stepResults }: Told): ReadonlyMap<CauseId, number> => {
  const factors = new Map<CauseId, number>(CAUSE_IDS.map((id) => [id, 1]));
  for (const { step: id, outcome } of latestResults(stepResults).values()) {
    const step = findStep(id);
    if (!step || !isBareRepair(step) || (outcome !== 'done-and-works' && outcome !== 'done-still-fails')) continue;
    // Told as an observation already: the same fact must not count twice.
    if (step.asks !== undefined && facts[step.asks] !== undefined) continue;
    const doesWork = outcome === 'done-and-works';
    for (const [cause, factor] of factors) factors.set(cause, factor * outcomeChance(step, cause, doesWork, facts));
  }
  return factors;
};

const normalise = (chances: ReadonlyMap<CauseId, number>): Map<CauseId, number> => {
  let sum = 0;
  for (const chance of chances.values()) sum += chance;
  return new Map([...chances].map(([id, chance]) => [id, chance / sum]));
};

/** Chances after a repair: those before it, times what its outcome says. */
export const scaled = (chances: ReadonlyMap<CauseId, number>, factorOf: (cause: CauseId) => number): Map<CauseId, number> =>
  normalise(new Map([...chances].map(([id, chance]) => [id, chance * factorOf(id)])));

/** Chance of each cause by facts and repairs. */
export const chancesOf = (facts: FactValues, factors: ReadonlyMap<CauseId, number>): Map<CauseId, number> =>
  scaled(posteriorOf(facts), (id) => factors.get(id) ?? 1);

/** Chance of each cause by all that was told. */
export const chancesTold = (told: Told): Map<CauseId, number> => chancesOf(told.facts, repairFactors(told));

/** The ranking by facts and by what came of the repairs, with reasons; without repairs the same as `rank`. */
export const rankTold = (told: Told): Ranked[] => {
  const chances = chancesTold(told);
  return rank(told.facts)
    .map((ranked) => ({ ...ranked, probability: chances.get(ranked.id) ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
};
