import type { CheckResult } from './check';
import type { ConsentId, ConsentState } from './consent';
import type { Diagnosis } from './diagnosis';
import type { Environment } from './environment';
import type { ExperimentRuns } from './experiment';
import type { Incident, NetError } from './incident';
import type { Measurements, ProbeId } from './measurement';
import type { Observations } from './observation';
import type { StepResult } from './step';
import type { ObservationId } from './vocabulary';

/** State of one probe within a session. */
export type ProbeRun =
  | { status: 'pending' }
  | { status: 'running'; startedAtMs: number }
  | { status: 'done'; durationMs: number; atMs: number }
  | { status: 'waiting'; consent: ConsentId }
  | { status: 'refused'; consent: ConsentId }
  | { status: 'skipped'; why: 'not-applicable' | 'cannot-in-this-browser' | 'offline' | 'asked-to-stop' | 'tab-closed' }
  | { status: 'failed'; error: string; durationMs: number };

/** "Test again": the exact failing request, and what changed. */
export interface Retest {
  atMs: number;
  outcome: 'works' | 'same-error' | 'other-error' | 'not-possible';
  error?: NetError;
  /** Step after which it was tried. */
  afterStep?: string;
  /** How many of how many tries worked. */
  worked: number;
  tries: number;
}

/** Something that Unreset changed, from the journal. */
export interface Change {
  id: string;
  what: 'proxy-setting' | 'extension-switch' | 'header-rules' | 'probe-tab' | 'private-window' | 'cookies' | 'site-data';
  /** Its name for people: an extension's name, the cookies' names, a kind of site data, or empty. */
  target: string;
  /** How many, where one entry stands for several things. */
  count?: number;
  /** Host of the page for which cookies were deleted. Not for reports. */
  host?: string;
  /** Deleted cookies of which a copy is still kept: until when. Not for reports. */
  keptUntilMs?: number;
  changedAtMs: number;
  /** `kept`: as the person chose, it stays so; what is asked for and cannot be given back (a cleared cache) too. */
  state: 'changed' | 'returned' | 'confirmed' | 'left-to-another' | 'kept';
  returnedAtMs?: number;
}

/** What is kept of one walk. Everything else is derived from it. JSON-safe. */
export interface SessionState {
  schema: 1;
  id: string;
  incident: Incident;
  environment: Environment;
  startedAtMs: number;
  runs: { readonly [Id in ProbeId]: ProbeRun };
  measurements: Partial<Measurements>;
  consents: { readonly [Id in ConsentId]?: ConsentState };
  /** Answers by question; a later one replaces the former. */
  answers: { readonly [Id in ObservationId]?: { value: string; atMs: number } };
  stepResults: readonly StepResult[];
  retests: readonly Retest[];
  experiments?: ExperimentRuns;
  /** Requests sent to the failing site by the run under way, so that a restart of the worker does not begin to count anew. */
  requestsSent?: number;
}

/** What pages render: the state and all that follows from it. */
export interface SessionView {
  state: SessionState;
  observations: Observations;
  checks: readonly CheckResult[];
  diagnosis: Diagnosis;
  changes: readonly Change[];
  progress: { done: number; total: number; isRunning: boolean };
  /** Buttons to offer: consents that would start at least one more probe. */
  openConsents: readonly ConsentId[];
}
