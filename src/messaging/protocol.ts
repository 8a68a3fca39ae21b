import type { ConsentId } from '../model/consent';
import type { ExperimentId, ExperimentOptions, ExperimentWord } from '../model/experiment';
import type { Incident } from '../model/incident';
import type { Change, SessionState } from '../model/session';
import type { Settings } from '../model/settings';
import type { StepResult } from '../model/step';
import type { ObservationId } from '../model/vocabulary';

/**
 * Requests from a page to the worker, by `runtime.sendMessage({ type, ...request })`; each has a
 * typed answer `{ ok: true, value } | { ok: false, error }`. Unknown types and senders other than
 * our own pages are refused.
 */
export interface Requests {
  /** Open (or go on with) the walk of a tab's newest incident; `undefined` session: that tab did not fail. */
  'session.open-tab': {
    request: { tabId: number };
    answer: { sessionId: string | undefined; incidents: readonly Incident[]; tabUrl?: string };
  };
  /** Open the walk of a stored incident. */
  'session.open-incident': { request: { incidentId: string }; answer: { sessionId: string } };
  /** Test any http(s) URL, typed by the person. */
  'session.open-url': { request: { url: string; tabId?: number }; answer: { sessionId: string } };
  /** A permission was granted at a click, or a consent given or refused; starts what waited for it. */
  'consent.set': { request: { sessionId: string; consent: ConsentId; state: 'given' | 'refused' }; answer: null };
  'question.answer': { request: { sessionId: string; observation: ObservationId; value: string | null }; answer: null };
  'step.record': { request: { sessionId: string; result: Omit<StepResult, 'atMs'> }; answer: null };
  /** Takes back what was recorded of a step, as though it had not been done. */
  'step.withdraw': { request: { sessionId: string; step: string }; answer: null };
  /** Run the exact failing request again and compare. */
  'session.retest': { request: { sessionId: string; afterStep?: string }; answer: null };
  /** Run all automatic checks anew. */
  'session.rerun': { request: { sessionId: string }; answer: null };
  /** Starts an experiment, or goes on with one that was interrupted; one that runs is ended in order before. Answers once it has begun. */
  'experiment.start': { request: { sessionId: string } & ExperimentStart; answer: null };
  /** Ends the experiment under way in order, and what waits in that walk; answers when everything is given back. */
  'experiment.stop': { request: { sessionId?: string }; answer: null };
  /** The person's word to an experiment that waits for it or has ended. Answers when it is done. */
  'experiment.word': { request: { sessionId: string; experiment: ExperimentId } & ExperimentWord; answer: null };
  /** Recent incidents, newest first. */
  'incident.list': { request: Record<never, never>; answer: readonly Incident[] };
  'incident.clear': { request: Record<never, never>; answer: null };
  'settings.get': { request: Record<never, never>; answer: Settings };
  'settings.set': { request: Partial<Settings>; answer: Settings };
  /** Everything changed by us, whatever walk it belongs to. */
  'changes.list': { request: Record<never, never>; answer: readonly Change[] };
  /** Bring deleted cookies back, by their change's id, as long as their copy is kept. */
  'cookies.bring-back': { request: { id: string }; answer: { isTooLate: boolean } };
  /** Give back everything that is changed, now. */
  'changes.give-back': { request: Record<never, never>; answer: null };
}
/** An experiment with what it is to start with. */
export type ExperimentStart = { [Id in ExperimentId]: { experiment: Id; options: ExperimentOptions[Id] } }[ExperimentId];
export type RequestType = keyof Requests;

/**
 * A page that shows a session connects a port named `session:<id>`; the worker posts its state at once
 * and after every change. The page derives the view from it (`connectSession` does): judging is pure, and
 * the worker, which every failed request wakes, stays small without it.
 */
export const SESSION_PORT_PREFIX = 'session:';
export interface SessionPortMessage {
  state: SessionState;
  changes: readonly Change[];
}
