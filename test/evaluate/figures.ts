import { chancesTold } from '../../src/diagnosis/dialogue';
import { type FactValues, priorOf } from '../../src/diagnosis/rank';
import { CAUSES, type CauseId } from '../../src/model/vocabulary';
import type { Case } from './cases';
import { firstOf, type Named, type WalkResult, walk, walkGuide } from './walk';

/** The published figures: the last line of `npm run evaluate`. Shares are 0…1, minutes and steps are means over all cases. */
export interface Figures {
  cases: number;
  /** From `observations` alone, as are all up to `calibrationError`. */
  causeTop1: number;
  causeTop3: number;
  ownerTop1: number;
  /** Mean of one over the place of the true cause. */
  mrr: number;
  /** Of the first cause, ten bins of equal width. */
  calibrationError: number;
  afterDialogueTop1: number;
  stepsToCause: number;
  minutesToCause: number;
  guideStepsToCause: number;
  guideMinutesToCause: number;
  /** A diagnosis that knows only place and role. */
  priorTop1: number;
  priorTop3: number;
}

/** What is printed for people beside the published figures. */
export interface Further {
  clusters: number;
  /** Of the first cause, ten bins of as many cases each. */
  calibrationErrorOfEqualBins: number;
  /** Of every cause that was given 5 % or more, not only the first. */
  calibrationErrorOfAll: number;
  /** Always the same most common cause, whatever is seen. */
  constantTop1: number;
  /** First at the end where only tests and questions are done, never a repair. */
  afterAnswersTop1: number;
  answersMinutes: number;
  /** Shares of the cases whose cause was reached, and how. */
  reachedSure: number;
  reachedMended: number;
  /** No ranking can be right more often from `observations`: cases with identical facts have different causes. */
  ceilingOfObservations: number;
  /** The same with all that `confirming` holds. */
  ceilingOfEverything: number;
  /** This product with every fact of the case laid open. */
  oracleTop1: number;
  oracleTop3: number;
}

/** One case with everything that scoring it needs. */
export interface Scored {
  one: Case;
  ranking: readonly Named[];
  prior: readonly Named[];
  oracle: readonly Named[];
  walked: WalkResult;
  /** The same without repairs. */
  asked: WalkResult;
  guide: { steps: number; minutes: number };
  /** How much the case counts. */
  weight: number;
}

/** Bins of the calibration error. */
const BINS = 10;

const sorted = (chances: ReadonlyMap<CauseId, number>): Named[] =>
  [...chances].map(([cause, probability]) => ({ cause, probability })).sort((a, b) => b.probability - a.probability);

/** All that a case holds; what a test found is finer than what was said. */
const everything = (one: Case): FactValues => ({ ...one.observations, ...one.confirming });

/** Walks through every case once. */
export const scoreCases = (cases: readonly Case[]): Scored[] =>
  cases.map((one) => ({
    one,
    ranking: sorted(chancesTold({ facts: one.observations, stepResults: [] })),
    prior: sorted(priorOf(one.observations)),
    oracle: sorted(chancesTold({ facts: everything(one), stepResults: [] })),
    walked: walk(one),
    asked: walk(one, { doesRepair: false }),
    guide: walkGuide(one.cause),
    weight: 1,
  }));

/** The same cases, near-duplicates together counting as one. */
export const onceEachCluster = (scored: readonly Scored[]): Scored[] => {
  const sizes = new Map<string, number>();
  for (const { one } of scored) if (one.cluster !== null) sizes.set(one.cluster, (sizes.get(one.cluster) ?? 0) + 1);
  return scored.map((each) => ({ ...each, weight: each.one.cluster === null ? 1 : 1 / (sizes.get(each.one.cluster) ?? 1) }));
};

/** Weighted mean. */
export const meanOf = (scored: readonly Scored[], pick: (each: Scored) => number): number => {
  const total = scored.reduce((sum, { weight }) => sum + weight, 0);
  return scored.reduce((sum, each) => sum + each.weight * pick(each), 0) / total;
};

const placeOf = (ranking: readonly Named[], cause: CauseId): number => ranking.findIndex((named) => named.cause === cause) + 1;
const isAmong = (count: number, rankingOf: (each: Scored) => readonly Named[]) => (each: Scored) => {
  const place = placeOf(rankingOf(each), each.one.cause);
  return Number(place >= 1 && place <= count);
};

/** Whether who can mend it is right in the first place. */
export const isOwnerRight = ({ one, ranking }: Scored): boolean =>
  ranking[0] !== undefined && CAUSES[ranking[0].cause].owner === CAUSES[one.cause].owner;

/** One statement with a probability, and whether it was true. */
export interface Claim {
  probability: number;
  isTrue: boolean;
  weight: number;
}

/** A bin of claims: how sure they were and how often they were right. */
export interface Bin {
  from: number;
  to: number;
  weight: number;
  given: number;
  right: number;
}

const binOf = (claims: readonly Claim[], from: number, to: number): Bin => {
  const weight = claims.reduce((sum, claim) => sum + claim.weight, 0);
  const mean = (pick: (claim: Claim) => number) =>
    weight > 0 ? claims.reduce((sum, claim) => sum + claim.weight * pick(claim), 0) / weight : 0;
  return { from, to, weight, given: mean(({ probability }) => probability), right: mean(({ isTrue }) => Number(isTrue)) };
};

/** Claims sorted into bins of equal width; empty ones left out. */
export const binsOf = (claims: readonly Claim[], count = BINS): Bin[] =>
  Array.from({ length: count }, (_, index) =>
    binOf(
      claims.filter(({ probability }) => Math.min(count - 1, Math.floor(probability * count)) === index),
      index / count,
      (index + 1) / count,
    ),
  ).filter(({ weight }) => weight > 0);

/** Claims sorted into bins of as many claims each. */
export const equalBinsOf = (claims: readonly Claim[], count = BINS): Bin[] => {
  const sorted = [...claims].sort((a, b) => a.probability - b.probability);
  return Array.from({ length: count }, (_, index) => {
    const inBin = sorted.slice(Math.round((index * sorted.length) / count), Math.round(((index + 1) * sorted.length) / count));
    return binOf(inBin, inBin[0]?.probability ?? 0, inBin.at(-1)?.probability ?? 0);
  }).filter(({ weight }) => weight > 0);
};

/** How far the bins are off, on average over the claims. */
export const errorOf = (bins: readonly Bin[]): number => {
  const total = bins.reduce((sum, { weight }) => sum + weight, 0);
  return bins.reduce((sum, { weight, given, right }) => sum + (weight / total) * Math.abs(given - right), 0);
};

/** Expected calibration error: ten bins of equal width. */
export const calibrationErrorOf = (claims: readonly Claim[]): number => errorOf(binsOf(claims));

/** What was said of the first cause of each case. */
export const firstClaims = (scored: readonly Scored[]): Claim[] =>
  scored.flatMap(({ one, ranking: [first], weight }) =>
    first ? [{ probability: first.probability, isTrue: first.cause === one.cause, weight }] : [],
  );

/** Below this a cause is hardly named; thirty such to a case would drown the others. */
const NAMED = 0.05;

/** What was said of every cause that was given a chance worth naming. */
export const allClaims = (scored: readonly Scored[]): Claim[] =>
  scored.flatMap(({ one, ranking, weight }) =>
    ranking
      .filter(({ probability }) => probability >= NAMED)
      .map(({ cause, probability }) => ({ probability, isTrue: cause === one.cause, weight })),
  );

/** Most cases that any ranking could have right, when cases with the same facts must get the same first cause. */
export const ceilingOf = (scored: readonly Pick<Scored, 'one' | 'weight'>[], factsOf: (one: Case) => FactValues): number => {
  const groups = new Map<string, Map<CauseId, number>>();
  let total = 0;
  for (const { one, weight } of scored) {
    const key = JSON.stringify(Object.entries(factsOf(one)).sort(([a], [b]) => (a < b ? -1 : 1)));
    const causes = groups.get(key) ?? new Map<CauseId, number>();
    groups.set(key, causes.set(one.cause, (causes.get(one.cause) ?? 0) + weight));
    total += weight;
  }
  let best = 0;
  for (const causes of groups.values()) best += Math.max(...causes.values());
  return best / total;
};

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
const rounded = <T extends object>(figures: T): T =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value as number)])) as T;

/** The published figures of some scored cases. */
export const figuresOf = (scored: readonly Scored[]): Figures =>
  rounded({
    cases: scored.length,
    causeTop1: meanOf(
      scored,
      isAmong(1, ({ ranking }) => ranking),
    ),
    causeTop3: meanOf(
      scored,
      isAmong(3, ({ ranking }) => ranking),
    ),
    ownerTop1: meanOf(scored, (each) => Number(isOwnerRight(each))),
    mrr: meanOf(scored, ({ one, ranking }) => 1 / placeOf(ranking, one.cause)),
    calibrationError: calibrationErrorOf(firstClaims(scored)),
    afterDialogueTop1: meanOf(scored, ({ one, walked }) => Number(walked.last.cause === one.cause)),
    stepsToCause: meanOf(scored, ({ walked }) => walked.steps),
    minutesToCause: meanOf(scored, ({ walked }) => walked.minutes),
    guideStepsToCause: meanOf(scored, ({ guide }) => guide.steps),
    guideMinutesToCause: meanOf(scored, ({ guide }) => guide.minutes),
    priorTop1: meanOf(
      scored,
      isAmong(1, ({ prior }) => prior),
    ),
    priorTop3: meanOf(
      scored,
      isAmong(3, ({ prior }) => prior),
    ),
  });

/** What is printed beside them. */
export const furtherOf = (scored: readonly Scored[]): Further => {
  const constant = firstOf(priorOf({})).cause;
  return rounded({
    clusters: new Set(scored.map(({ one }) => one.cluster ?? one)).size,
    calibrationErrorOfEqualBins: errorOf(equalBinsOf(firstClaims(scored))),
    calibrationErrorOfAll: calibrationErrorOf(allClaims(scored)),
    constantTop1: meanOf(scored, ({ one }) => Number(one.cause === constant)),
    afterAnswersTop1: meanOf(scored, ({ one, asked }) => Number(asked.last.cause === one.cause)),
    answersMinutes: meanOf(scored, ({ asked }) => asked.minutes),
    reachedSure: meanOf(scored, ({ walked }) => Number(walked.reachedBy === 'sure')),
    reachedMended: meanOf(scored, ({ walked }) => Number(walked.reachedBy === 'mended')),
    ceilingOfObservations: ceilingOf(scored, ({ observations }) => observations),
    ceilingOfEverything: ceilingOf(scored, everything),
    oracleTop1: meanOf(
      scored,
      isAmong(1, ({ oracle }) => oracle),
    ),
    oracleTop3: meanOf(
      scored,
      isAmong(3, ({ oracle }) => oracle),
    ),
  });
};
