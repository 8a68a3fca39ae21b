import type { CauseId, ObservationId } from '../model/vocabulary';
import { CAUSE_IDS, CAUSES } from '../model/vocabulary';
import { EVIDENCE_FACTOR, GROUP_SHARES, GROUPS, SCHEME_SHARES } from './weights/evidence';
import { chanceOf, WEIGHED } from './weights/likelihoods';
import { type Place, PRIORS, ROLE_CAUSE_FACTORS, ROLE_FACTORS } from './weights/priors';

/** Facts as bare values: what the evaluation, the scenarios and the session all have. */
export type FactValues = { readonly [Id in ObservationId]?: string };

/** One cause with its probability and what each fact did to it. */
export interface Ranked {
  id: CauseId;
  probability: number;
  /** Log-likelihood ratio against the other causes, natural, by observation. */
  weights: ReadonlyMap<ObservationId, number>;
}

const normalise = (weights: ReadonlyMap<CauseId, number>): Map<CauseId, number> => {
  let sum = 0;
  for (const weight of weights.values()) sum += weight;
  return new Map([...weights].map(([id, weight]) => [id, weight / sum]));
};

/** Where hosts are when nobody says: mostly public for visitors and callers of an API, mixed for those who run the site. */
const PLACES_WHEN_UNKNOWN: Readonly<Record<keyof typeof ROLE_FACTORS, Readonly<Record<Place, number>>>> = {
  visitor: { public: 0.92, 'private-network': 0.05, loopback: 0.03 },
  'site-developer-or-owner': { public: 0.45, 'private-network': 0.25, loopback: 0.3 },
  'api-consumer': { public: 0.75, 'private-network': 0.2, loopback: 0.05 },
};

const isPlace = (value: string | undefined): value is Place => value === 'public' || value === 'private-network' || value === 'loopback';
const isRole = (value: string | undefined): value is keyof typeof ROLE_FACTORS => value !== undefined && value in ROLE_FACTORS;

/** Chance of each cause before any experiment: by where the host is and who asks. */
export const priorOf = (facts: FactValues): Map<CauseId, number> => {
  const place = facts['host-kind'];
  const role = facts['visitor-role'];
  const places = isPlace(place)
    ? { public: 0, 'private-network': 0, loopback: 0, [place]: 1 }
    : PLACES_WHEN_UNKNOWN[isRole(role) ? role : 'visitor'];
  const totals = new Map<Place, number>();
  for (const kind of ['public', 'private-network', 'loopback'] as const) {
    totals.set(
      kind,
      CAUSE_IDS.reduce((sum, id) => sum + PRIORS[id][kind], 0),
    );
  }
  const weights = new Map<CauseId, number>();
  for (const id of CAUSE_IDS) {
    let weight = 0;
    for (const [kind, total] of totals) weight += (places[kind] * PRIORS[id][kind]) / total;
    weights.set(id, isRole(role) ? weight * (ROLE_CAUSE_FACTORS[role][id] ?? ROLE_FACTORS[role][CAUSES[id].owner]) : weight);
  }
  return normalise(weights);
};

/** The numbers that a ranking is made with; others than the product's own only where the evaluation compares. */
export interface Model {
  chanceOf: (observation: ObservationId, value: string, cause: CauseId) => number | undefined;
  priorOf: (facts: FactValues) => ReadonlyMap<CauseId, number>;
  /** What every log-likelihood is multiplied by. */
  factor: number;
}

/** The product's own numbers. */
export const MODEL: Model = { chanceOf, priorOf, factor: EVIDENCE_FACTOR };

/** How far apart a fact sets the causes: variance of its log-likelihood under the prior. */
const tellingness = (observation: ObservationId, value: string, prior: ReadonlyMap<CauseId, number>, model: Model): number => {
  let mean = 0;
  let square = 0;
  for (const [id, weight] of prior) {
    const log = Math.log(model.chanceOf(observation, value, id) ?? 1);
    mean += weight * log;
    square += weight * log * log;
  }
  return square - mean * mean;
};

const GROUP_OF = new Map<ObservationId, number>(GROUPS.flatMap((group, index) => group.map((id): [ObservationId, number] => [id, index])));

/** How much each known fact counts: one for facts that stand alone, less for the second of a kind. */
const sharesOf = (facts: FactValues, prior: ReadonlyMap<CauseId, number>, model: Model): Map<ObservationId, number> => {
  const shares = new Map<ObservationId, number>();
  const byGroup = new Map<number, { id: ObservationId; telling: number }[]>();
  for (const id of WEIGHED) {
    const value = facts[id];
    if (value === undefined || model.chanceOf(id, value, 'transient') === undefined) continue;
    const group = GROUP_OF.get(id);
    if (group === undefined) shares.set(id, model.factor);
    else byGroup.set(group, [...(byGroup.get(group) ?? []), { id, telling: tellingness(id, value, prior, model) }]);
  }
  for (const members of byGroup.values()) {
    members.sort((a, b) => b.telling - a.telling);
    members.forEach((member, index) => {
      shares.set(member.id, model.factor * (GROUP_SHARES[index] ?? 0));
    });
  }
  const place = facts['host-kind'];
  const scheme = shares.get('scheme');
  if (scheme !== undefined && isPlace(place)) shares.set('scheme', scheme * SCHEME_SHARES[place]);
  return shares;
};

/** Chance of each cause by what is known, and what it was made of. */
const weigh = (facts: FactValues, model: Model = MODEL) => {
  const prior = model.priorOf(facts);
  const shares = sharesOf(facts, prior, model);
  const logs = new Map<CauseId, number>();
  for (const [id, chance] of prior) {
    let log = Math.log(chance);
    for (const [observation, share] of shares) log += share * Math.log(model.chanceOf(observation, facts[observation] ?? '', id) ?? 1);
    logs.set(id, log);
  }
  const top = Math.max(...logs.values());
  return { prior, shares, posterior: normalise(new Map([...logs].map(([id, log]) => [id, Math.exp(log - top)]))) };
};

/** Chance of each cause by what is known: what `rank` sorts, without the reasons; for looking ahead many times. */
export const posteriorOf = (facts: FactValues, model: Model = MODEL): Map<CauseId, number> => weigh(facts, model).posterior;

/** Ranks all causes by what is known; most probable first. Probabilities sum to one. */
export const rank = (facts: FactValues): Ranked[] => {
  const { prior, shares, posterior } = weigh(facts);
  return CAUSE_IDS.map((id): Ranked => ({ id, probability: posterior.get(id) ?? 0, weights: weightsOf(id, facts, shares, prior) })).sort(
    (a, b) => b.probability - a.probability,
  );
};

const weightsOf = (cause: CauseId, facts: FactValues, shares: ReadonlyMap<ObservationId, number>, prior: ReadonlyMap<CauseId, number>) => {
  const weights = new Map<ObservationId, number>();
  const own = prior.get(cause) ?? 0;
  for (const [observation, share] of shares) {
    const value = facts[observation] ?? '';
    let others = 0;
    for (const [id, chance] of prior) if (id !== cause) others += (chance * (chanceOf(observation, value, id) ?? 1)) / (1 - own);
    weights.set(observation, share * (Math.log(chanceOf(observation, value, cause) ?? 1) - Math.log(others)));
  }
  return weights;
};
