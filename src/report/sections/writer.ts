import type { Report } from '../../model/report';
import type { Block } from '../letter';
import { type TextOf, textKey, textOr } from '../words';

const MAX_TITLE_HOST = 72;
const SHOWN_CAUSES = 4;
const SHOWN_PROBABILITY = 0.05;

/** A report, and how its words and times are written. */
export interface Writer {
  report: Report;
  text: TextOf;
  time: (iso: string) => string;
}

/** A host short enough for a title: its beginning and, more telling, its end. */
export function shortHost(host: string): string {
  return host.length <= MAX_TITLE_HOST ? host : `${host.slice(0, MAX_TITLE_HOST / 2 - 1)}…${host.slice(-MAX_TITLE_HOST / 2)}`;
}

/** Date and time in UTC, as logs write them. */
export function utcMinute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** A paragraph of a section. */
export function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

/** A list of a section; each item may have a note beneath. */
export function list(items: { text: string; note?: string }[], isOrdered = false): Block {
  return { kind: 'list', isOrdered, items };
}

/** Where a cause lies, in words. */
export function ownerName(text: TextOf, owner: string): string {
  return textOr(text, textKey('report_owner', owner), owner);
}

/** Causes worth telling: the first, and what is nearly as likely. */
export function shownCauses({ diagnosis }: Report): Report['diagnosis']['causes'] {
  return diagnosis.causes.filter((cause, index) => index === 0 || cause.probability >= SHOWN_PROBABILITY).slice(0, SHOWN_CAUSES);
}
