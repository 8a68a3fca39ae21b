import type { MessageId } from '../model/message';
import type { Audience } from '../model/report';
import type { CauseId } from '../model/vocabulary';

/** Looks a text up in `_locales`; where there is none, empty or the id itself. */
export type TextOf = (id: MessageId, ...args: string[]) => string;

/** Name of a text as `_locales` spells it: every part with underscores for dashes, joined by underscores. */
export function textKey(...parts: string[]): string {
  return parts.join('_').replaceAll('-', '_');
}

/** A text whose name is put together at run time; `fallback` where this language has none. */
export function textOr(text: TextOf, key: string, fallback: string, ...args: string[]): string {
  const found = text(key as MessageId, ...args);
  return found === '' || found === key ? fallback : found;
}

/** Title of a cause for people; its id where there is no text. */
export function causeTitle(text: TextOf, id: CauseId): string {
  return textOr(text, textKey('cause', id, 'title'), id);
}

/** Who can mend a cause, and how; empty where there is no text. */
export function causeWho(text: TextOf, id: CauseId): string {
  return textOr(text, textKey('cause', id, 'who'), '');
}

/** Title of a check for people; its id where there is no text. */
export function checkTitle(text: TextOf, id: string): string {
  return textOr(text, textKey('check', id, 'title'), id);
}

/** Title of a step for people; of a question (`ask-<observation>`) and a consent (`allow-<consent>`) their own words; its id where there is no text. */
export function stepTitle(text: TextOf, id: string): string {
  const title = textOr(text, textKey('step', id, 'title'), '');
  if (title !== '') return title;
  if (id.startsWith('ask-')) return textOr(text, textKey('question', id.slice('ask-'.length)), id);
  if (id.startsWith('allow-')) return textOr(text, textKey('consent', id.slice('allow-'.length), 'title'), id);
  return questionWords(text, id);
}

/** A question as it was put; the observation's id where there is no text. */
export function questionWords(text: TextOf, observation: string): string {
  return textOr(text, textKey('question', observation), observation);
}

/** An answer as it was offered; its value where there is no text. */
export function answerWords(text: TextOf, observation: string, value: string): string {
  return textOr(text, textKey('answer', observation, value), value);
}

/** Title of a consent for people; its id where there is no text. */
export function consentTitle(text: TextOf, id: string): string {
  return textOr(text, textKey('consent', id, 'title'), id);
}

/** Whom a report is addressed to. */
export function audienceName(text: TextOf, audience: Audience, host: string): string {
  return textOr(text, textKey('report_audience', audience), audience, host);
}
