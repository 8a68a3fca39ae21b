import type { FactValues, Model } from '../../src/diagnosis/rank';
import { chanceOf } from '../../src/diagnosis/weights/likelihoods';
import { CAUSE_IDS, CAUSES, type CauseId, OBSERVATIONS, type ObservationId } from '../../src/model/vocabulary';
import type { Case } from './cases';
import { clustersOf } from './cross-validation';

/** Cases with what each counts: near-duplicates together count as one. */
const weighted = (cases: readonly Case[]): { one: Case; weight: number }[] =>
  clustersOf(cases).flatMap((cluster) => cluster.map((one) => ({ one, weight: 1 / cluster.length })));

const countsOf = (cases: readonly Case[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  const add = (key: string, weight: number) => counts.set(key, (counts.get(key) ?? 0) + weight);
  for (const { one, weight } of weighted(cases)) {
    add(one.cause, weight);
    for (const [id, value] of Object.entries(one.observations)) {
      add(`${one.cause} ${id}`, weight);
      add(`${one.cause} ${id} ${value}`, weight);
    }
  }
  return counts;
};

const normalise = (weights: ReadonlyMap<CauseId, number>): ReadonlyMap<CauseId, number> => {
  let sum = 0;
  for (const weight of weights.values()) sum += weight;
  return new Map([...weights].map(([id, weight]) => [id, weight / sum]));
};

/** Naive Bayes that knows nothing but counts, one added to each (Laplace). */
export const countedOnly = (cases: readonly Case[], factor = 1): Model => {
  const counts = countsOf(cases);
  const prior = normalise(new Map(CAUSE_IDS.map((id) => [id, (counts.get(id) ?? 0) + 1])));
  return {
    factor,
    priorOf: () => prior,
    chanceOf: (id, value, cause) =>
      ((counts.get(`${cause} ${id} ${value}`) ?? 0) + 1) / ((counts.get(`${cause} ${id}`) ?? 0) + OBSERVATIONS[id].values.length),
  };
};

/** The tables as though they stood for so many cases of each cause and observation, and the counts added; priors likewise. */
export const blended = (model: Model, cases: readonly Case[], { tables, priors }: { tables?: number; priors?: number }): Model => {
  const counts = countsOf(cases);
  const expected = new Map<CauseId, number>();
  for (const { one, weight } of weighted(cases)) {
    for (const [id, chance] of model.priorOf(one.observations)) expected.set(id, (expected.get(id) ?? 0) + weight * chance);
  }
  const table = (id: ObservationId, value: string, cause: CauseId): number | undefined => {
    const own = chanceOf(id, value, cause);
    if (own === undefined || tables === undefined) return own;
    return (own * tables + (counts.get(`${cause} ${id} ${value}`) ?? 0)) / (tables + (counts.get(`${cause} ${id}`) ?? 0));
  };
  const prior = (facts: FactValues): ReadonlyMap<CauseId, number> => {
    const own = model.priorOf(facts);
    if (priors === undefined) return own;
    return normalise(
      new Map([...own].map(([id, chance]) => [id, (chance * ((counts.get(id) ?? 0) + priors)) / ((expected.get(id) ?? 0) + priors)])),
    );
  };
  return { ...model, chanceOf: table, priorOf: prior };
};

/** Chances of each cause, computed once per value of an observation. */
type Row = ReadonlyMap<CauseId, number>;
const byValue = (model: Model, rowOf: (id: ObservationId, value: string, own: Row) => Row): Model => {
  const rows = new Map<string, Row>();
  return {
    ...model,
    chanceOf: (id, value, cause) => {
      const own = model.chanceOf(id, value, cause);
      if (own === undefined) return undefined;
      const key = `${id} ${value}`;
      const row = rows.get(key) ?? rowOf(id, value, new Map(CAUSE_IDS.map((one) => [one, model.chanceOf(id, value, one) ?? 0])));
      rows.set(key, row);
      return row.get(cause);
    },
  };
};

const ofOwner = (cause: CauseId) => (other: CauseId) => CAUSES[other].owner === CAUSES[cause].owner;
const sumOver = (values: Row, isMeant: (cause: CauseId) => boolean = () => true): number =>
  [...values].reduce((sum, [cause, value]) => sum + (isMeant(cause) ? value : 0), 0);

/** Every row drawn towards the mean of its owner's causes and of all, weighted by the prior: tails that are heavier by what is usual. */
export const drawn = (model: Model, { owners = 0, all = 0 }: { owners?: number; all?: number }): Model => {
  const prior = model.priorOf({});
  return byValue(model, (_id, _value, own) => {
    const weighed = new Map([...own].map(([cause, chance]) => [cause, chance * (prior.get(cause) ?? 0)]));
    const mean = (isMeant?: (cause: CauseId) => boolean) => sumOver(weighed, isMeant) / sumOver(prior, isMeant);
    return new Map([...own].map(([cause, chance]) => [cause, (1 - owners - all) * chance + owners * mean(ofOwner(cause)) + all * mean()]));
  });
};

/**
 * Which facts people tell at all: every row times how much more often the people whose fault is one owner's told this than the rows
 * expect, as though the rows stood for so many tellings.
 */
export const toldUnasked = (model: Model, cases: readonly Case[], worth: number): Model => {
  const counts = countsOf(cases);
  return byValue(model, (id, value, own) => {
    const told = new Map(CAUSE_IDS.map((cause) => [cause, counts.get(`${cause} ${id} ${value}`) ?? 0]));
    const expected = new Map([...own].map(([cause, chance]) => [cause, chance * (counts.get(cause) ?? 0)]));
    const scale = sumOver(told) / Math.max(1e-9, sumOver(expected));
    return new Map(
      [...own].map(([cause, chance]) => {
        const ratio = (sumOver(told, ofOwner(cause)) + worth) / (scale * sumOver(expected, ofOwner(cause)) + worth);
        return [cause, chance * ratio];
      }),
    );
  });
};
