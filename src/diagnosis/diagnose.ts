import type { ConsentId } from '../model/consent';
import type { Diagnosis, Evidence, RankedCause } from '../model/diagnosis';
import type { Environment } from '../model/environment';
import type { Message } from '../model/message';
import type { Observations } from '../model/observation';
import type { StepResult } from '../model/step';
import { CAUSES, type CauseId, type ObservationId } from '../model/vocabulary';
import { rankTold } from './dialogue';
import { causeWords, mindChanges } from './explain';
import { chooseSteps, type OpenFact, separatingStep } from './next-step';
import type { FactValues, Ranked } from './rank';
import { sentence } from './text';
import { leadingKind, type PageState, verdictOf } from './verdict';
import { CAUSE_THRESHOLD, RIVAL_SHARE } from './weights/thresholds';

/** All that a diagnosis is made of. */
export interface DiagnosisInput {
  observations: Observations;
  page: PageState;
  openConsents: readonly ConsentId[];
  stepResults: readonly StepResult[];
  /** Engine of the browser in which the page fails; absent where nobody says. */
  engine?: Environment['engine'];
}

/** Causes below this probability are not worth a line. */
const LEAST_PROBABILITY = 0.01;
const CAUSES_SHOWN = 10;
/** Weights below this, nats, are no evidence either way. */
const LEAST_WEIGHT = 0.15;
const EVIDENCE_SHOWN = 8;
/** The same for causes of the kind that is named by its first. */
const KIN_TIE_SHARE = 0.15;

/** Bare values of observations. */
export const factValues = (observations: Observations): FactValues =>
  Object.fromEntries(Object.entries(observations).flatMap(([id, observation]) => (observation ? [[id, observation.value]] : [])));

/** From facts to verdict, ranking and next steps. */
export const diagnose = ({ observations, page, openConsents, stepResults, engine }: DiagnosisInput): Diagnosis => {
  const facts = factValues(observations);
  const ranking = rankTold({ facts, stepResults });
  const verdict = verdictOf(page, facts, ranking, openConsents);
  if (verdict === 'no-fault') {
    const isPastWorker = page.kind === 'works' && page.isPastWorker === true;
    return { verdict, summary: { id: isPastWorker ? 'verdict_no_fault_past_worker' : 'verdict_no_fault' }, causes: [], nextSteps: [] };
  }
  if (verdict === 'not-a-reset') {
    const failure = page.kind === 'fails' ? page.failure : 'failed';
    return { verdict, summary: { id: 'verdict_not_a_reset', args: [sentence(['failure', failure])] }, causes: [], nextSteps: [] };
  }
  const context = { facts, openConsents, stepResults, engine };
  const [first, second] = ranking;
  const chances = new Map(ranking.map(({ id, probability }) => [id, probability]));
  const { next, gone, open } = page.kind === 'unknown' ? { next: [], gone: [], open: [] } : chooseSteps(chances, context);
  // A cause named for its kind is a tie, however far behind the next of the kind is.
  const kind = verdict === 'cause' && (first?.probability ?? 0) < CAUSE_THRESHOLD ? leadingKind(ranking) : undefined;
  const tied = tiedCauses(ranking, kind);
  const isTied = first !== undefined && second !== undefined && tied.length > 1;
  // Where the tied are of different owners, what matters first is whose the fault is.
  const rival = first && tied.find((id) => CAUSES[id].owner !== CAUSES[first.id].owner);
  const separatedBy = isTied ? separatingStep(first.id, rival ?? tied[1] ?? second.id, context) : undefined;
  return {
    verdict,
    summary: summaryOf(verdict, page, ranking),
    causes: page.kind === 'unknown' ? [] : rankedCauses(ranking, facts, chances, open),
    ...(isTied && page.kind === 'fails' ? { tie: { causes: tied, ...(separatedBy ? { separatedBy } : {}) } } : {}),
    nextSteps: next,
    goneSteps: gone,
  };
};

const title = (cause: CauseId): Message => sentence(['cause', cause, 'title']);

const summaryOf = (verdict: Diagnosis['verdict'], page: PageState, ranking: readonly Ranked[]): Message => {
  const [first, second] = ranking;
  if (page.kind === 'unknown' || !first || !second) return { id: 'verdict_nothing_known' };
  if (verdict === 'cause') return sentence(['cause', first.id, 'sentence']);
  return { id: 'verdict_cannot_tell', args: [title(first.id), title(second.id)] };
};

const tiedCauses = (ranking: readonly Ranked[], kind: readonly Ranked[] = []): CauseId[] => {
  const top = ranking[0]?.probability ?? 0;
  return ranking.filter((one) => one.probability >= top * (kind.includes(one) ? KIN_TIE_SHARE : RIVAL_SHARE)).map(({ id }) => id);
};

const rankedCauses = (
  ranking: readonly Ranked[],
  facts: FactValues,
  chances: ReadonlyMap<CauseId, number>,
  open: readonly OpenFact[],
): RankedCause[] =>
  ranking
    .filter(({ probability }, index) => index < 3 || probability >= LEAST_PROBABILITY)
    .slice(0, CAUSES_SHOWN)
    .map(({ id, probability, weights }, index) => {
      const all = [...weights].map(([observation, weight]): Evidence => evidence(observation, facts[observation] ?? '', weight));
      return {
        id,
        owner: CAUSES[id].owner,
        probability: Math.round(probability * 1e4) / 1e4,
        ...causeWords(id),
        mind: mindChanges(id, chances, index === 0, open),
        for: all
          .filter(({ weight }) => weight >= LEAST_WEIGHT)
          .sort((a, b) => b.weight - a.weight)
          .slice(0, EVIDENCE_SHOWN),
        against: all
          .filter(({ weight }) => weight <= -LEAST_WEIGHT)
          .sort((a, b) => a.weight - b.weight)
          .slice(0, EVIDENCE_SHOWN),
      };
    });

const evidence = (observation: ObservationId, value: string, weight: number): Evidence => ({
  observation,
  value,
  weight: Math.round(weight * 1e3) / 1e3,
  explanation: sentence(['evidence', observation, value]),
});
