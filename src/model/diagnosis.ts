import type { Message } from './message';
import type { CauseId, ObservationId, Owner } from './vocabulary';

export type Verdict = 'cause' | 'cannot-tell' | 'no-fault' | 'not-a-reset';

/** One fact's weight for or against a cause. */
export interface Evidence {
  observation: ObservationId;
  value: string;
  /** Log-likelihood ratio, natural; positive speaks for the cause. */
  weight: number;
  explanation: Message;
}

export interface RankedCause {
  id: CauseId;
  owner: Owner;
  /** 0…1; all causes together at most 1. */
  probability: number;
  /** The cause in one sentence for everybody. */
  sentence: Message;
  /** Strongest first, as are those against. */
  for: readonly Evidence[];
  against: readonly Evidence[];
  /** What would change the mind about it, the most telling first; empty where nothing that can still be learned would. */
  mind: readonly MindChange[];
  /** Who can mend it. */
  who: Message;
  /** What to tell whoever can mend it: a request to look, never a claim. */
  tell: Message;
}

/** A fact that is not known yet and would move a cause's probability. */
export interface MindChange {
  observation: ObservationId;
  value: string;
  /** What the cause's probability would be then, 0…1. */
  probability: number;
  /** The step that would bring the fact. */
  step: string;
  /** What would happen to the cause, and on which finding. */
  explanation: Message;
}

export interface Diagnosis {
  verdict: Verdict;
  /** One sentence for everybody. */
  summary: Message;
  /** Most probable first; empty for `no-fault` and `not-a-reset`. */
  causes: readonly RankedCause[];
  /** Causes that the evidence cannot separate, and what would: a step id. */
  tie?: { causes: readonly CauseId[]; separatedBy?: string };
  /** Steps worth doing, best first. */
  nextSteps: readonly NextStep[];
  /** Steps that can no longer help, each with the reason. */
  goneSteps?: readonly GoneStep[];
}

/** A step that has left the list. */
export interface GoneStep {
  id: string;
  /** Why doing it would not help any more, or never could here. */
  why: Message;
}

export interface NextStep {
  id: string;
  /** Why it is worth doing now. */
  why: Message;
  /** Expected gain for its cost; only for ordering. */
  score: number;
}
