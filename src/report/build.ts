import type { CheckResult, NotRunReason } from '../model/check';
import type { Evidence } from '../model/diagnosis';
import type { Message, MessageId } from '../model/message';
import type { Audience, Report } from '../model/report';
import type { SessionView } from '../model/session';
import { describeContents, makeRedactor, masksIn, siteAddresses, withoutInvisible } from './redact';
import { causeTitle, checkTitle, stepTitle } from './words';

/** What a report needs besides the session. */
export interface BuildOptions {
  audience: Audience;
  /** Leave out what `redact` leaves out; should be true unless the person said otherwise. */
  isRedacted: boolean;
  /** Version of the product, as in the manifest. */
  version: string;
  /** Time of writing, ms since the epoch. */
  createdAtMs: number;
  /** Puts a message into the person's language. */
  render: (message: Message) => string;
  /** Looks a text up in the person's language. */
  text: (id: MessageId, ...args: string[]) => string;
}

/** Builds the exported report of a session, in the shape of `public/report.schema.json`. */
export function buildReport(view: SessionView, options: BuildOptions): Report {
  const { audience, isRedacted, version, createdAtMs, text } = options;
  const { incident, environment, stepResults, retests } = view.state;
  const age = view.state.measurements['device-state']?.browserAgeDays;
  const redactor = makeRedactor(view, { isRedacted, masks: masksIn(text) });
  const sentence = (message: Message): string => redactor.text(options.render(redactor.message(message)));
  const evidenceOf = (evidence: Evidence) => ({
    observation: evidence.observation,
    value: evidence.value,
    weight: evidence.weight,
    explanation: sentence(evidence.explanation),
  });

  return {
    schemaVersion: 1,
    product: { name: 'Unreset', version },
    createdAt: isoTime(createdAtMs),
    audience,
    isRedacted,
    language: text('report_language') || 'en',
    environment: {
      os: environment.os,
      browser: environment.browser,
      engine: environment.engine,
      browserVersion: environment.browserVersion,
      ...(environment.browserUpdate === undefined ? {} : { browserUpdate: environment.browserUpdate }),
      ...(age === undefined ? {} : { browserAgeDays: age }),
    },
    incident: {
      host: withoutInvisible(incident.host),
      url: redactor.url(incident.url),
      error: redactor.text(incident.error.raw),
      failure: incident.error.failure,
      phase: incident.phase,
      kind: incident.kind,
      method: withoutInvisible(incident.method),
      firstAt: isoTime(incident.firstAtMs),
      lastAt: isoTime(incident.lastAtMs),
      count: incident.count,
      ...addressesOf(view, redactor.text),
      ...(incident.mendedAtMs === undefined ? {} : { mendedAt: isoTime(incident.mendedAtMs) }),
      ...(incident.isHealthy && { isHealthy: true as const }),
    },
    observations: Object.fromEntries(
      Object.values(view.observations)
        .filter((observation) => observation !== undefined)
        .map((observation) => [
          observation.id,
          {
            value: observation.value,
            source: observation.source,
            by: withoutInvisible(observation.by),
            at: isoTime(observation.atMs),
            ...(observation.detail ? { detail: sentence(observation.detail) } : {}),
          },
        ]),
    ),
    checks: view.checks.map((check) => {
      const notRun = check.outcome === 'not-run' ? notRunWord(check) : undefined;
      return {
        id: check.id,
        title: redactor.text(checkTitle(text, check.id)),
        area: check.area,
        outcome: check.outcome,
        explanation: sentence(check.explanation),
        durationMs: Math.max(0, Math.round(check.durationMs)),
        ...(notRun ? { notRun } : {}),
      };
    }),
    diagnosis: {
      verdict: view.diagnosis.verdict,
      summary: summaryOf(view, sentence, text),
      causes: view.diagnosis.causes.map((cause) => ({
        id: cause.id,
        title: redactor.text(causeTitle(text, cause.id)),
        owner: cause.owner,
        probability: Math.min(1, Math.max(0, cause.probability)),
        sentence: sentence(cause.sentence),
        who: sentence(cause.who),
        tell: sentence(cause.tell),
        mind: cause.mind.map(({ observation, value, probability, step, explanation }) => ({
          observation,
          value,
          probability,
          step,
          explanation: sentence(explanation),
        })),
        evidence: { for: cause.for.map(evidenceOf), against: cause.against.map(evidenceOf) },
      })),
      ...(view.diagnosis.tie
        ? {
            tie: {
              causes: [...view.diagnosis.tie.causes],
              ...(view.diagnosis.tie.separatedBy ? { separatedBy: view.diagnosis.tie.separatedBy } : {}),
            },
          }
        : {}),
    },
    nextSteps: view.diagnosis.nextSteps.map((step) => ({
      id: step.id,
      title: redactor.text(stepTitle(text, step.id)),
      why: sentence(step.why),
    })),
    stepResults: stepResults.map(({ step, outcome, answer, atMs }) => ({
      step,
      title: redactor.text(stepTitle(text, step)),
      outcome,
      ...(answer === undefined ? {} : { answer: redactor.extension(answer) }),
      at: isoTime(atMs),
    })),
    retests: retests.map(({ outcome, error, afterStep, worked, tries, atMs }) => ({
      outcome,
      ...(error ? { error: redactor.text(error.raw) } : {}),
      ...(afterStep ? { afterStep } : {}),
      worked,
      tries,
      at: isoTime(atMs),
    })),
    changes: view.changes.map(({ id, what, target, count, state, changedAtMs, returnedAtMs }) => ({
      id: redactor.extension(id),
      what,
      // Names of cookies may say who somebody is; how many there were says enough.
      target: what === 'cookies' && isRedacted ? '' : redactor.extension(target),
      ...(count === undefined ? {} : { count }),
      state,
      changedAt: isoTime(changedAtMs),
      ...(returnedAtMs === undefined ? {} : { returnedAt: isoTime(returnedAtMs) }),
    })),
    contents: describeContents(view, { isRedacted, text }),
  };
}

/** From this probability the sentence stands by itself; below it says that it is the likeliest of several. */
const PLAIN_PROBABILITY = 0.9;

function summaryOf({ diagnosis }: SessionView, sentence: (message: Message) => string, text: BuildOptions['text']): string {
  const summary = sentence(diagnosis.summary);
  const isPlain = diagnosis.verdict !== 'cause' || (diagnosis.causes[0]?.probability ?? 0) >= PLAIN_PROBABILITY;
  return isPlain ? summary : text('report_summary_likely', summary) || summary;
}

/** Whoever is asked to look needs to know which addresses were meant. */
function addressesOf({ state }: SessionView, clean: (value: string) => string): { addresses?: string[] } {
  const found = siteAddresses(state.measurements).map(clean);
  return found.length > 0 ? { addresses: [...new Set(found)].slice(0, 16) } : {};
}

/** Stable words for why a check did not run: its kind, and after a colon the consent or step it waits for. */
export function notRunReason(reason: NotRunReason): string {
  if (reason.kind === 'consent' || reason.kind === 'refused') return `${reason.kind}:${reason.consent}`;
  return reason.kind === 'question' ? `question:${reason.step}` : reason.kind;
}

function notRunWord(check: CheckResult): string {
  return check.notRun ? notRunReason(check.notRun) : 'pending';
}

/** ISO 8601 in UTC; the epoch for a number that is no time, so that a damaged store still gives a report. */
function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
