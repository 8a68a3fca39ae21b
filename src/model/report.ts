import type { CheckOutcome } from './check';
import type { Verdict } from './diagnosis';
import type { Environment } from './environment';
import type { Change, Retest } from './session';
import type { StepResult } from './step';
import type { CauseId, Failure, Owner, Phase } from './vocabulary';

export type Audience = 'self' | 'help-desk' | 'site-owner';

/** The exported JSON report; its JSON Schema is `public/report.schema.json`. Sentences are rendered in the person's language. */
export interface Report {
  schemaVersion: 1;
  product: { name: 'Unreset'; version: string };
  createdAt: string;
  audience: Audience;
  isRedacted: boolean;
  language: string;
  /** `browserAgeDays`: about how long ago the browser's version was released, days. */
  environment: Omit<Environment, 'language'> & { browserAgeDays?: number };
  incident: {
    host: string;
    url: string;
    error: string;
    failure: Failure;
    phase: Phase;
    kind: string;
    method: string;
    firstAt: string;
    lastAt: string;
    count: number;
    /** Addresses that the site's name led to here and elsewhere. */
    addresses?: string[];
    mendedAt?: string;
    /** The page loaded when it was tested: nothing failed, and `error`, `failure` and `phase` mean nothing. */
    isHealthy?: true;
  };
  observations: Record<string, { value: string; source: string; by: string; at: string; detail?: string }>;
  checks: { id: string; title: string; area: string; outcome: CheckOutcome; explanation: string; durationMs: number; notRun?: string }[];
  diagnosis: {
    verdict: Verdict;
    summary: string;
    causes: {
      id: CauseId;
      title: string;
      owner: Owner;
      probability: number;
      /** The cause in one sentence. */
      sentence: string;
      /** Who can mend it, and what to tell them. */
      who: string;
      tell: string;
      /** Findings that would change the mind about it. */
      mind: { observation: string; value: string; probability: number; step: string; explanation: string }[];
      evidence: {
        for: { observation: string; value: string; weight: number; explanation: string }[];
        against: { observation: string; value: string; weight: number; explanation: string }[];
      };
    }[];
    tie?: { causes: CauseId[]; separatedBy?: string };
  };
  nextSteps: { id: string; title: string; why: string }[];
  /** `title` is the step's title for people. */
  stepResults: (Omit<StepResult, 'atMs'> & { title?: string; at: string })[];
  retests: (Omit<Retest, 'atMs' | 'error'> & { at: string; error?: string })[];
  changes: (Omit<Change, 'changedAtMs' | 'returnedAtMs'> & { changedAt: string; returnedAt?: string })[];
  /** In plain words: what this report holds and what was left out. */
  contents?: { included: string[]; leftOut: string[] };
}
