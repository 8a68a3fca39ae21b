import { type Model, posteriorOf } from '../../src/diagnosis/rank';
import { CAUSES, type CauseId } from '../../src/model/vocabulary';
import type { Case } from './cases';
import { binsOf, type Claim, equalBinsOf, errorOf } from './figures';

/** What one ranking said of one case. */
export interface Said {
  one: Case;
  chances: ReadonlyMap<CauseId, number>;
}

/** What a model says of cases. */
export const saidOf = (cases: readonly Case[], model: Model): Said[] =>
  cases.map((one) => ({ one, chances: posteriorOf(one.observations, model) }));

/** Cases in groups that are never split between fitting and testing: near-duplicates together, the others alone. */
export const clustersOf = (cases: readonly Case[]): Case[][] => {
  const clusters = new Map<string | Case, Case[]>();
  for (const one of cases) {
    const key = one.cluster ?? one;
    clusters.set(key, [...(clusters.get(key) ?? []), one]);
  }
  return [...clusters.values()];
};

const chanceOfTruth = ({ one, chances }: Said): number => chances.get(one.cause) ?? 0;
const ranked = ({ chances }: Said): (readonly [CauseId, number])[] => [...chances].sort((a, b) => b[1] - a[1]);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean of minus the log of the chance that the true cause was given, nats: the proper score that the fit goes by. */
export const logLossOf = (said: readonly Said[]): number => mean(said.map((each) => -Math.log(chanceOfTruth(each))));

/** One number for how good and how calibrated what was said is, computed in the ways that one may. */
export interface Quality {
  first: number;
  amongThree: number;
  owner: number;
  /** Mean chance of the first cause. */
  given: number;
  logLoss: number;
  /** Calibration error of the first cause: ten bins of equal width, fifteen, five, and ten of as many cases each. */
  width10: number;
  width15: number;
  width5: number;
  mass10: number;
}

/** What was claimed of the first causes. */
export const claimsOf = (said: readonly Said[]): Claim[] =>
  said.map((each) => {
    const [first] = ranked(each);
    return { probability: first?.[1] ?? 0, isTrue: first?.[0] === each.one.cause, weight: 1 };
  });

/** Scores what was said. */
export const qualityOf = (said: readonly Said[]): Quality => {
  const claims = claimsOf(said);
  const rankings = said.map((each) => ({ cause: each.one.cause, causes: ranked(each).map(([cause]) => cause) }));
  return {
    first: mean(claims.map(({ isTrue }) => Number(isTrue))),
    amongThree: mean(rankings.map(({ cause, causes }) => Number(causes.slice(0, 3).includes(cause)))),
    owner: mean(rankings.map(({ cause, causes: [first] }) => Number(first !== undefined && CAUSES[first].owner === CAUSES[cause].owner))),
    given: mean(claims.map(({ probability }) => probability)),
    logLoss: logLossOf(said),
    width10: errorOf(binsOf(claims, 10)),
    width15: errorOf(binsOf(claims, 15)),
    width5: errorOf(binsOf(claims, 5)),
    mass10: errorOf(equalBinsOf(claims, 10)),
  };
};

/** Evidence factors among which the fit chooses. */
export const FACTORS: readonly number[] = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 2, 2.3];

/** The factor with the least log loss. */
export const bestFactor = (cases: readonly Case[], model: Model): number => {
  const losses = FACTORS.map((factor) => logLossOf(saidOf(cases, { ...model, factor })));
  return FACTORS[losses.indexOf(Math.min(...losses))] ?? model.factor;
};

/** Every cluster judged by a factor that was fitted without it; with the factors that were chosen. */
export const heldOutFactor = (cases: readonly Case[], model: Model): { said: Said[]; chosen: ReadonlyMap<number, number> } => {
  const loss = new Map(
    FACTORS.map((factor) => [
      factor,
      new Map(saidOf(cases, { ...model, factor }).map((each) => [each.one, -Math.log(chanceOfTruth(each))])),
    ]),
  );
  const chosen = new Map<number, number>();
  const said = clustersOf(cases).flatMap((cluster) => {
    let best: { factor: number; sum: number } | undefined;
    for (const [factor, losses] of loss) {
      let sum = 0;
      for (const [one, value] of losses) if (!cluster.includes(one)) sum += value;
      if (!best || sum < best.sum) best = { factor, sum };
    }
    const factor = best?.factor ?? model.factor;
    chosen.set(factor, (chosen.get(factor) ?? 0) + 1);
    return saidOf(cluster, { ...model, factor });
  });
  return { said, chosen };
};

/** Every cluster judged by a model that was made without it. */
export const heldOut = (cases: readonly Case[], modelFrom: (others: readonly Case[]) => Model): Said[] =>
  clustersOf(cases).flatMap((cluster) => saidOf(cluster, modelFrom(cases.filter((one) => !cluster.includes(one)))));

/** Random numbers from 0 to 1 that are the same in every run (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** Calibration error to be expected of these very claims if every one of them were exactly as sure as it should be. */
export const errorOfPerfect = (claims: readonly Claim[], draws = 1000): number => {
  const random = randomFrom(1);
  return mean(
    Array.from({ length: draws }, () => errorOf(binsOf(claims.map((claim) => ({ ...claim, isTrue: random() < claim.probability }))))),
  );
};
