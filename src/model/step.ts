import type { Area } from './check';
import type { ConsentId } from './consent';
import type { Browser, OperatingSystem } from './environment';
import type { ExperimentId } from './experiment';
import type { MessageId } from './message';
import type { CauseId, ObservationId } from './vocabulary';

/** Instructions for one system and browser; `undefined` matches any. */
export interface Instructions {
  os?: readonly OperatingSystem[];
  browser?: readonly Browser[];
  /** Texts, one a line of the numbered list. */
  lines: readonly MessageId[];
  /** Commands to copy, not translated. */
  commands?: readonly string[];
  /** What the commands lose or change, before they are shown. */
  warning?: MessageId;
}

/**
 * What a person is asked to do or to answer. Texts: `step_<id>_title`, `step_<id>_why`.
 * A question has `asks`; its texts are `question_<observation>` and `answer_<observation>_<value>`. A guided step whose doing
 * shows more than "works" or "fails" (a log that is read, a VPN that is switched either way) has `asks` too: it ends in that question.
 */
export interface Step {
  id: string;
  kind: 'guided' | 'question' | 'consent';
  area: Area;
  /** Rows of the guide's checklist table that it covers, by their 1-based number. */
  guideRows: readonly number[];
  /** Causes that doing it mends, or that the answer separates. */
  causes: readonly CauseId[];
  /** Minutes it costs a person. */
  minutes: number;
  /** 0 nothing lost … 1 something may be lost. */
  risk: number;
  asks?: ObservationId;
  consent?: ConsentId;
  /** Observation that "test again" after it yields: value when the page works, and when it still fails. */
  tells?: { observation: ObservationId; works: string; fails: string };
  /** What Unreset can do of it by itself, by a click. */
  experiments?: readonly ExperimentId[];
  /** First match wins; the last has neither os nor browser. */
  instructions: readonly Instructions[];
}

/** What came of a step. */
export interface StepResult {
  step: string;
  outcome: 'done-and-works' | 'done-still-fails' | 'done' | 'skipped' | 'answered';
  answer?: string;
  atMs: number;
}
