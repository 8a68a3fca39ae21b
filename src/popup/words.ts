import type { Message, MessageId } from '../model/message';
import type { Texts } from '../platform/text';

/** The language the page speaks. */
export interface Words extends Texts {
  /** BCP 47, e.g. `en-GB`. */
  locale: string;
}

let words: Words = { render: ({ id }) => id, text: (id) => id, locale: 'en' };

/** Hands the page its language; once, before the first render. */
export function speak(spoken: Words): void {
  words = spoken;
}

/** The text of an id, `$1`… filled by `args`. */
export function t(id: MessageId, ...args: (string | Message)[]): string {
  return words.text(id, ...args);
}

/** The text of an id, empty where there is none, as the report's writers want it. */
export function textOrNothing(id: MessageId, ...args: string[]): string {
  const found = words.text(id, ...args);
  return found === id ? '' : found;
}

/** A sentence in the person's language. */
export function render(message: Message): string {
  return words.render(message);
}

export function locale(): string {
  return words.locale;
}

/** The text of a composed name such as `check_<id>_title`; where it is missing, the words of `fallback`. */
export function named(prefix: string, id: string, suffix = '', fallback = id.replaceAll('-', ' ')): string {
  const key = `${prefix}_${id.replaceAll('-', '_')}${suffix}`;
  const found = words.text(key as MessageId);
  return found === key ? fallback : found;
}

/** One of two texts by number; `$1` is the number. */
export function counted(one: MessageId, many: MessageId, count: number): string {
  return new Intl.PluralRules(words.locale).select(count) === 'one' ? t(one, format(count)) : t(many, format(count));
}

/** A number as this language writes it. */
export function format(value: number): string {
  return new Intl.NumberFormat(words.locale).format(value);
}

/** A whole number of per cent as this language writes it. */
export function formatPercent(percent: number): string {
  return new Intl.NumberFormat(words.locale, { style: 'percent', maximumFractionDigits: 0 }).format(percent / 100);
}
