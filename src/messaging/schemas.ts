import * as v from 'valibot';
import { CONSENT_IDS } from '../model/consent';
import { EXPERIMENT_IDS } from '../model/experiment';
import { OBSERVATION_IDS, OBSERVATIONS, type ObservationId } from '../model/vocabulary';
import type { Requests, RequestType } from './protocol';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const tabId = v.pipe(v.number(), v.integer(), v.minValue(0));
const url = v.pipe(v.string(), v.minLength(1), v.maxLength(8192));
const observation = v.picklist(OBSERVATION_IDS);
const nothing = v.object({});

const isValueOf = (question: ObservationId, value: string | null) =>
  value === null || (OBSERVATIONS[question].values as readonly string[]).includes(value);

/** What a page may send, by type; anything else is refused before it reaches a handler. */
export const REQUEST_SCHEMAS = {
  'session.open-tab': v.object({ tabId }),
  'session.open-incident': v.object({ incidentId: id }),
  'session.open-url': v.object({ url, tabId: v.optional(tabId) }),
  'consent.set': v.object({ sessionId: id, consent: v.picklist(CONSENT_IDS), state: v.picklist(['given', 'refused']) }),
  'question.answer': v.pipe(
    v.object({ sessionId: id, observation, value: v.nullable(v.pipe(v.string(), v.maxLength(100))) }),
    v.check(({ observation: question, value }) => isValueOf(question, value), 'not an answer to this question'),
  ),
  'step.record': v.object({
    sessionId: id,
    result: v.object({
      step: id,
      outcome: v.picklist(['done-and-works', 'done-still-fails', 'done', 'skipped', 'answered']),
      answer: v.optional(v.pipe(v.string(), v.maxLength(500))),
    }),
  }),
  'step.withdraw': v.object({ sessionId: id, step: id }),
  'session.retest': v.object({ sessionId: id, afterStep: v.optional(id) }),
  'session.rerun': v.object({ sessionId: id }),
  'experiment.start': v.variant('experiment', [
    v.object({
      sessionId: id,
      experiment: v.literal('extension-search'),
      options: v.object({ pinned: v.pipe(v.array(id), v.maxLength(500)) }),
    }),
    v.object({ sessionId: id, experiment: v.literal('cookie-search'), options: nothing }),
    v.object({ sessionId: id, experiment: v.literal('site-data'), options: nothing }),
    v.object({ sessionId: id, experiment: v.literal('private-window'), options: nothing }),
  ]),
  'experiment.stop': v.object({ sessionId: v.optional(id) }),
  'experiment.word': v.object({
    sessionId: id,
    experiment: v.picklist(EXPERIMENT_IDS),
    word: id,
    target: v.optional(v.pipe(v.string(), v.maxLength(4_096))),
  }),
  'incident.list': nothing,
  'incident.clear': nothing,
  'settings.get': nothing,
  'settings.set': v.object({ isControlsAllowed: v.optional(v.boolean()), isProbeTabAllowed: v.optional(v.boolean()) }),
  'changes.list': nothing,
  'cookies.bring-back': v.object({ id }),
  'changes.give-back': nothing,
} as const satisfies { [Type in RequestType]: v.GenericSchema<unknown, Requests[Type]['request']> };
