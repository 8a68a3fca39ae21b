import type { CheckOutcome } from '../model/check';
import type { Report } from '../model/report';

/** A label with its value; `isCode`: to be shown letter by letter. */
export interface Fact {
  label: string;
  value: string;
  isCode?: boolean;
}

/** One cause, told. */
export interface CauseBlock {
  kind: 'cause';
  rank: number;
  title: string;
  likelihood: string;
  percent: number;
  owner: string;
  /** The cause in one sentence; empty where the letter's lead says it already. */
  sentence: string;
  /** What to tell whoever can mend it. */
  tell: string;
  evidenceFor: string[];
  evidenceAgainst: string[];
  /** What would change the mind about it. */
  mind: string[];
}

/** Checks of one outcome. */
export interface ChecksBlock {
  kind: 'checks';
  outcome: CheckOutcome;
  label: string;
  rows: { title: string; text: string }[];
}

/** A piece of a section; renderers know how each kind looks. */
export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; isOrdered: boolean; items: { text: string; note?: string }[] }
  | { kind: 'facts'; facts: Fact[] }
  | { kind: 'table'; caption: string; columns: string[]; rows: string[][] }
  | CauseBlock
  | ChecksBlock;

export type SectionId =
  | 'do'
  | 'need'
  | 'visitor'
  | 'server'
  | 'found'
  | 'tested'
  | 'tried'
  | 'changed'
  | 'person'
  | 'appendix'
  | 'contents';

export interface Section {
  id: SectionId;
  heading: string;
  blocks: Block[];
}

/** A report as a letter: everything said, nothing marked up. All strings are still to be escaped. */
export interface Letter {
  language: string;
  direction: 'ltr' | 'rtl';
  name: string;
  to: Fact;
  written: Fact;
  title: string;
  verdict: Report['diagnosis']['verdict'];
  /** The finding in one sentence. */
  lead: string;
  /** What must be known before reading on: that the page has loaded since; whom “you” means. */
  notes: string[];
  facts: Fact[];
  sections: Section[];
  madeBy: string;
}
