import type { ConsentId } from '../model/consent';
import type { GoneStep, NextStep } from '../model/diagnosis';
import type { Environment } from '../model/environment';
import type { Message } from '../model/message';
import type { Step, StepResult } from '../model/step';
import type { CauseId, ObservationId } from '../model/vocabulary';
import { latestResults, repairFactors } from './dialogue';
import { answerChance, isBareRepair, mendChance } from './dialogue-chances';
import { gainOf, type Outcome, outcomesOf, repairGain, type Standing, separation, settles } from './gain';
import type { FactValues } from './rank';
import { CONSENT_STEPS, GUIDED_STEPS, QUESTIONS } from './steps';
import { SERVER_STEPS } from './steps/guided/server';
import { sentence } from './text';

/** What the choice of a step depends on besides the ranking. */
export interface StepContext {
  facts: FactValues;
  openConsents: readonly ConsentId[];
  stepResults: readonly StepResult[];
  /** Engine of the browser in which the page fails; absent where nobody says. */
  engine?: Environment['engine'] | undefined;
}

/** A fact that can still be learned, by which step, and what it may show. */
export interface OpenFact {
  observation: ObservationId;
  step: string;
  outcomes: readonly Outcome[];
}

/** Steps that may still help, best first, those that no longer can, with the reason, and what can still be learned at all. */
export interface Choice {
  next: readonly NextStep[];
  gone: readonly GoneStep[];
  open: readonly OpenFact[];
}

/** Steps shown at most; the popup shows one, the report the first few. */
const LIMIT = 8;
/** What a mend is worth against a nat of knowledge. */
const WORTH_OF_A_MEND = 1.2;
/** Minutes that a risk of one weighs. */
const MINUTES_PER_RISK = 6;
/** Everything costs at least the reading of it, minutes. */
const READING_MINUTES = 0.3;
/** Gain, nats, below which a step can no longer help: no outcome of it would move the picture to speak of. */
const LEAST_GAIN = 0.02;

/** Chance that the person can lay hands on the server. */
const runnerChance = (facts: FactValues): number => {
  if (facts['visitor-role'] === 'site-developer-or-owner') return 1;
  if (facts['visitor-role'] === 'api-consumer') return 0.3;
  if (facts['visitor-role'] === 'visitor') return 0;
  return facts['host-kind'] === 'loopback' ? 0.9 : facts['host-kind'] === 'private-network' ? 0.5 : 0.12;
};

const RUNNER_STEPS: ReadonlySet<string> = new Set(SERVER_STEPS.map(({ id }) => id));

/** Whether only whoever runs the site can do this step. */
export const isForRunner = ({ id }: Pick<Step, 'id'>): boolean => RUNNER_STEPS.has(id);

/** Observations that need the network between the device and the site. */
const BEYOND_THIS_DEVICE: ReadonlySet<ObservationId> = new Set<ObservationId>([
  'other-network',
  'other-device-same-network',
  'router-restarted',
  'router-filter-paused',
  'outside-vantage',
  'outside-same-provider',
  'outside-same-country',
  'network-owner',
]);

/** Why learning this would make no sense after certain facts; undefined while it does. */
const whyPointless = (observation: ObservationId, facts: FactValues): Message | undefined => {
  const isLocal = facts['host-kind'] === 'loopback';
  if (BEYOND_THIS_DEVICE.has(observation) && isLocal) return { id: 'gone_on_this_device' };
  switch (observation) {
    case 'vpn-toggled':
      return facts['vpn-active'] === 'no' ? { id: 'gone_no_vpn' } : undefined;
    case 'vpn-active':
      return facts['vpn-toggled'] === undefined ? undefined : { id: 'gone_known' };
    case 'security-software-paused':
      return facts['security-software'] === 'absent' ? { id: 'gone_no_security_software' } : undefined;
    case 'direct-connection':
      return facts['proxy-configured'] === undefined || facts['proxy-configured'] === 'none' ? { id: 'gone_no_proxy' } : undefined;
    case 'request-size':
      return facts.method === 'post-or-upload' ? undefined : { id: 'gone_no_upload' };
    case 'retry':
      // What may be repeated is repeated by itself; an upload or a WebSocket never is.
      return facts.method === 'post-or-upload' || facts.method === 'websocket' ? undefined : { id: 'gone_tested' };
    case 'tls-intercepted':
      return facts['general-connectivity'] === 'fails' ? { id: 'gone_nothing_loads' } : undefined;
    case 'runs-in-container':
    case 'server-log':
      return runnerChance(facts) < 0.5 ? { id: 'gone_not_yours' } : undefined;
    case 'loopback-names':
      return isLocal ? undefined : { id: 'gone_not_on_this_device' };
    default:
      return undefined;
  }
};

/** Chance, over all causes, that doing this step makes the page work. */
const expectedMend = (step: Step, { chances }: Standing): number => {
  let sum = 0;
  for (const [cause, chance] of chances) sum += chance * mendChance(step, cause);
  return sum;
};

const costOf = (step: Step): number => step.minutes + READING_MINUTES + step.risk * MINUTES_PER_RISK;

/** What a guided step or a question would tell. */
const observationOf = (step: Step): ObservationId | undefined => step.asks ?? step.tells?.observation;

const GUIDED_FACTS = new Set(GUIDED_STEPS.flatMap((step) => observationOf(step) ?? []));
/** Steps and questions for the person. Where a guided step tells how to find out, the bare question is not asked beside it. */
const HAND_STEPS: readonly Step[] = [...GUIDED_STEPS, ...QUESTIONS.filter(({ asks }) => asks !== undefined && !GUIDED_FACTS.has(asks))];

/**
 * Every test, question and repair by its expected gain for its cost, one step ahead. Doing a step teaches (by how much its
 * outcome would settle the matter, in nats) and may mend; what it costs is minutes, risk counted in.
 */
export const chooseSteps = (chances: ReadonlyMap<CauseId, number>, { facts, openConsents, stepResults, engine }: StepContext): Choice => {
  const standing: Standing = { facts, chances, factors: repairFactors({ facts, stepResults }), engine };
  const latest = latestResults(stepResults);
  // Several steps may bring the same fact.
  const open = new Map<ObservationId, OpenFact & { gain: number }>();
  const gainBy = ({ id: step }: Step, observation: ObservationId): number => {
    const known = open.get(observation);
    if (known) return known.gain;
    const outcomes = outcomesOf(observation, standing);
    const gain = gainOf(outcomes, standing);
    open.set(observation, { observation, step, outcomes, gain });
    return gain;
  };
  const next: (NextStep & { isSkipped: boolean })[] = [];
  const gone: GoneStep[] = [];
  const consider = (step: Step, gain: number, why: Message) => {
    if (gain < LEAST_GAIN) gone.push({ id: step.id, why: { id: 'gone_no_gain' } });
    else next.push({ id: step.id, why, score: gain / costOf(step), isSkipped: latest.has(step.id) });
  };

  for (const step of CONSENT_STEPS) {
    if (!openConsents.includes(step.consent)) continue;
    const gain = Math.max(0, ...step.brings.filter((id) => facts[id] === undefined).map((id) => gainBy(step, id)));
    consider(step, gain, sentence(['consent', step.consent, 'why']));
  }

  for (const step of HAND_STEPS) {
    const reason = whyGone(step, facts, latest);
    if (reason) {
      gone.push({ id: step.id, why: reason });
      continue;
    }
    const observation = observationOf(step);
    const knowledge = observation
      ? answerChance(observation) * gainBy(step, observation)
      : isBareRepair(step)
        ? repairGain(step, standing)
        : 0;
    const gain = knowledge + WORTH_OF_A_MEND * expectedMend(step, standing);
    consider(step, isForRunner(step) ? gain * runnerChance(facts) : gain, sentence(['step', step.id, 'why']));
  }
  next.sort((a, b) => Number(a.isSkipped) - Number(b.isSkipped) || b.score - a.score);
  return { next: next.slice(0, LIMIT).map(({ id, why, score }) => ({ id, why, score })), gone, open: [...open.values()] };
};

const whyGone = (step: Step, facts: FactValues, latest: ReadonlyMap<string, StepResult>): Message | undefined => {
  const result = latest.get(step.id);
  if (result && result.outcome !== 'skipped') return { id: 'gone_done' };
  const observation = observationOf(step);
  if (observation && facts[observation] !== undefined) return { id: 'gone_known' };
  if (isForRunner(step) && runnerChance(facts) === 0) return { id: 'gone_not_yours' };
  return observation ? whyPointless(observation, facts) : undefined;
};

/**
 * The step that would best separate two causes for its cost, among those that can still be done. One that settles it whichever
 * way it turns out goes before one that may leave it as open as it was.
 */
export const separatingStep = (one: CauseId, other: CauseId, { facts, openConsents, stepResults }: StepContext): string | undefined => {
  const latest = latestResults(stepResults);
  const candidates = [
    ...CONSENT_STEPS.filter(({ consent }) => openConsents.includes(consent)).map((step) => ({ step: step as Step, tells: step.brings })),
    ...HAND_STEPS.flatMap((step) => {
      const observation = observationOf(step);
      return observation ? [{ step, tells: [observation] }] : [];
    }),
  ];
  let best: { id: string; score: number; doesSettle: boolean } | undefined;
  for (const { step, tells } of candidates) {
    if (latest.has(step.id)) continue;
    const open = tells.filter((id) => facts[id] === undefined && !whyPointless(id, facts));
    const score = Math.max(0, ...open.map((id) => answerChance(id) * separation(id, one, other))) / costOf(step);
    if (score <= 0.05) continue;
    const doesSettle = open.some((id) => settles(id, one, other));
    const isBetter = best === undefined || (doesSettle === best.doesSettle ? score > best.score : doesSettle);
    if (isBetter) best = { id: step.id, score, doesSettle };
  }
  return best?.id;
};
