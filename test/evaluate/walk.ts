import { chancesTold } from '../../src/diagnosis/dialogue';
import { chooseSteps } from '../../src/diagnosis/next-step';
import type { FactValues } from '../../src/diagnosis/rank';
import { CONSENT_STEPS, findStep } from '../../src/diagnosis/steps';
import type { Step, StepResult } from '../../src/model/step';
import type { CauseId, ObservationId } from '../../src/model/vocabulary';
import { AUTOMATIC_COUNT, consentsFor, findByItself } from './automatic';
import type { Case } from './cases';
import { GUIDE, minutesFor, PROBE_MINUTES, UNABLE_MINUTES } from './costs';
import { isAbleTo, isMendedBy, isRepairOf, isSeenToFail, reveal } from './person';

/** Probability from which a cause that stands first counts as reached. */
export const SURE = 0.8;
/** No dialogue is led further, minutes; about what the whole of the guide costs. */
export const CAP_MINUTES = 240;

/** A cause with its chance. */
export interface Named {
  cause: CauseId;
  probability: number;
}

/** One thing done in a walk. */
export interface Turn {
  /** A step's id, or `automatic` for the probes that run by themselves. */
  step: string;
  minutes: number;
  /** `told`: a fact of the case came out; `unknown`: the case does not hold the answer; `fails`: a repair done in vain. */
  outcome: 'told' | 'unknown' | 'works' | 'fails';
  /** Who stands first after it. */
  first: Named;
}

/** How one case went. */
export interface WalkResult {
  turns: readonly Turn[];
  /** Steps and minutes until the true cause was reached; of the whole dialogue where it never was. */
  steps: number;
  minutes: number;
  reachedBy: 'sure' | 'mended' | undefined;
  /** Who stands first where the product, which does not know the truth, has done its work. */
  last: Named;
}

/** The most probable cause. */
export const firstOf = (chances: ReadonlyMap<CauseId, number>): Named => {
  let first: Named | undefined;
  for (const [cause, probability] of chances) if (!first || probability > first.probability) first = { cause, probability };
  if (!first) throw new Error('no causes to choose from');
  return first;
};

/** Observations that doing a step may bring. */
const toldBy = (step: Step): readonly ObservationId[] => {
  if (step.kind === 'consent') return CONSENT_STEPS.find(({ id }) => id === step.id)?.brings ?? [];
  const observation = step.asks ?? step.tells?.observation;
  return observation === undefined ? [] : [observation];
};

/** Where one walk stands. */
class Dialogue {
  facts: FactValues;
  readonly stepResults: StepResult[] = [];
  readonly turns: Turn[] = [];
  minutes = 0;
  reached: Pick<WalkResult, 'steps' | 'minutes' | 'reachedBy'> | undefined;
  chances: ReadonlyMap<CauseId, number>;
  private readonly given = new Set<string>();

  constructor(
    private readonly one: Case,
    private readonly doesRepair: boolean,
  ) {
    this.facts = one.observations;
    this.chances = chancesTold(this);
    this.look();
  }

  private look(): void {
    const { cause, probability } = firstOf(this.chances);
    if (cause === this.one.cause && probability >= SURE) this.reach('sure');
  }

  private reach(reachedBy: 'sure' | 'mended'): void {
    this.reached ??= { steps: this.turns.length, minutes: this.minutes, reachedBy };
  }

  private note(step: string, minutes: number, outcome: Turn['outcome']): void {
    this.minutes += minutes;
    this.chances = chancesTold(this);
    this.turns.push({ step, minutes, outcome, first: firstOf(this.chances) });
    if (outcome === 'works') this.reach('mended');
    this.look();
  }

  /** What runs without being asked for when the product is opened; one step, each probe at its price. */
  probe(): void {
    this.facts = { ...this.facts, ...findByItself(this.one) };
    this.note('automatic', AUTOMATIC_COUNT * PROBE_MINUTES, 'told');
  }

  /** What the product offers now and the person has not yet turned down, best first. */
  offered(): Step[] {
    const { facts, stepResults } = this;
    const openConsents = consentsFor(facts).filter((id) => !this.given.has(id));
    const skipped = new Set(stepResults.filter(({ outcome }) => outcome === 'skipped').map(({ step }) => step));
    return chooseSteps(this.chances, { facts, openConsents, stepResults })
      .next.filter(({ id }) => !skipped.has(id))
      .flatMap(({ id }) => findStep(id) ?? [])
      .filter((step) => this.doesRepair || toldBy(step).length > 0);
  }

  /** Whether the product has no more to do: it is sure, and nothing that it offers to this person would mend that cause. */
  isSettled(offered: readonly Step[]): boolean {
    const { cause, probability } = firstOf(this.chances);
    if (probability < SURE) return false;
    return !this.doesRepair || !offered.some((step) => isAbleTo(this.one, step) && isRepairOf(step, cause));
  }

  /** Does one step; true when the page works by it. */
  take(step: Step): boolean {
    const { one } = this;
    // Whoever cannot lay hands on the server sees so by reading the step.
    const minutes = isAbleTo(one, step) ? minutesFor(step) : UNABLE_MINUTES;
    if (step.consent) this.given.add(step.consent);
    if (this.doesRepair && isMendedBy(one, step)) {
      this.record(step, 'done-and-works');
      if (step.tells) this.facts = { ...this.facts, [step.tells.observation]: step.tells.works };
      this.note(step.id, minutes, 'works');
      return true;
    }
    const open = isAbleTo(one, step) ? toldBy(step).filter((observation) => this.facts[observation] === undefined) : [];
    const found = open.flatMap((observation) => {
      const value = reveal(one, observation);
      return value === undefined ? [] : [[observation, value]];
    });
    this.facts = { ...this.facts, ...Object.fromEntries(found) };
    // A repair done in vain is seen to be in vain; a test whose answer the case does not hold tells nothing.
    const isVain = toldBy(step).length === 0 && isSeenToFail(one, step);
    const outcome = found.length > 0 ? 'told' : isVain ? 'fails' : 'unknown';
    this.record(step, outcome === 'told' ? 'answered' : outcome === 'fails' ? 'done-still-fails' : 'skipped');
    this.note(step.id, minutes, outcome);
    return false;
  }

  private record({ id }: Step, outcome: StepResult['outcome']): void {
    this.stepResults.push({ step: id, outcome, atMs: this.turns.length });
  }
}

/** How a walk is led. */
export interface WalkOptions {
  /** Without, only tests and questions are done: how far answers alone lead. */
  doesRepair?: boolean;
}

/** Walks through one case as the product would lead, with a person who knows no more than the case says. */
export const walk = (one: Case, { doesRepair = true }: WalkOptions = {}): WalkResult => {
  const dialogue = new Dialogue(one, doesRepair);
  let last: Named | undefined;
  dialogue.probe();
  while (dialogue.minutes < CAP_MINUTES) {
    const offered = dialogue.offered();
    if (!last && dialogue.isSettled(offered)) last = firstOf(dialogue.chances);
    const [step] = offered;
    if (step === undefined || (last && dialogue.reached)) break;
    if (dialogue.take(step)) break;
  }
  const { turns, minutes, reached } = dialogue;
  return {
    turns,
    ...(reached ?? { steps: turns.length, minutes, reachedBy: undefined }),
    last: last ?? firstOf(dialogue.chances),
  };
};

/** Steps and minutes of the guide's fixed order: its rows one by one until the one that reaches the cause. */
export const walkGuide = (cause: CauseId): { steps: number; minutes: number } => {
  let minutes = 0;
  for (const [index, row] of GUIDE.entries()) {
    minutes += row.minutes;
    if (row.reaches.includes(cause)) return { steps: index + 1, minutes };
  }
  return { steps: GUIDE.length, minutes };
};
