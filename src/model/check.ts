import type { ConsentId } from './consent';
import type { Environment } from './environment';
import type { ExperimentRuns } from './experiment';
import type { Incident } from './incident';
import type { Measurements, ProbeId } from './measurement';
import type { Message } from './message';
import type { Observations } from './observation';
import type { CauseId } from './vocabulary';

/** The areas of the guided checklist, in order. */
export const AREAS = ['extensions', 'proxy', 'vpn', 'site-data', 'dns', 'security-software', 'network', 'organisation', 'site'] as const;
export type Area = (typeof AREAS)[number];

/** Parts of the path picture, from the person outwards. */
export const PATH_PARTS = ['browser', 'device', 'local-network', 'path', 'site'] as const;
export type PathPart = (typeof PATH_PARTS)[number];

export type CheckOutcome = 'implicated' | 'cleared' | 'inconclusive' | 'not-applicable' | 'not-run' | 'error';

/** Why a check did not run. */
export type NotRunReason =
  | { kind: 'consent'; consent: ConsentId }
  | { kind: 'refused'; consent: ConsentId }
  | { kind: 'pending' }
  | { kind: 'question'; step: string }
  | { kind: 'cannot-in-this-browser' }
  | { kind: 'offline' }
  | { kind: 'asked-to-stop' };

/** Everything a check may judge by. Pure values. */
export interface Facts {
  incident: Incident;
  environment: Environment;
  measurements: Partial<Measurements>;
  observations: Observations;
  experiments?: ExperimentRuns;
}

/** What a check says. */
export interface Judgement {
  outcome: Exclude<CheckOutcome, 'not-run' | 'error'>;
  /** One plain sentence: what was seen and what it means. */
  explanation: Message;
}

/** One check of the catalogue; id = file name. Title text: `check_<id>_title`. */
export interface Check {
  /** A noun in the failing state, kebab-case. */
  id: string;
  area: Area;
  /** Part of the path picture that this check lights up. */
  part: PathPart;
  /** Causes that this check speaks for or against. */
  causes: readonly CauseId[];
  /** Probes whose measurements it judges; all of `needs` must have been measured, else it is not run. */
  needs: readonly ProbeId[];
  /** Whether an experiment brought enough to judge by, whatever the probes of `needs` did. */
  standsIn?(facts: Facts): boolean;
  /** Used where there, waited for never. */
  uses?: readonly ProbeId[];
  /** Judges; must not throw on any measured value. Returning undefined: nothing to judge by (not-run, question). */
  evaluate(facts: Facts): Judgement | undefined;
  /** The step or question that could tell instead, for what a browser cannot test. */
  step?: string;
}

/** A check's result as shown and reported. */
export interface CheckResult {
  id: string;
  area: Area;
  part: PathPart;
  outcome: CheckOutcome;
  explanation: Message;
  /** Time that its probes took, ms (the longest of them). */
  durationMs: number;
  notRun?: NotRunReason;
}
