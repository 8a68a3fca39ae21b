import type { Change } from '../model/session';

/** What must be known to undo a change; JSON-safe. */
export type Undo =
  | { what: 'proxy-setting'; before: unknown }
  | { what: 'extension-switch'; extensionId: string; wasEnabled: boolean }
  /** A block of rules of our own, by the first id of the block. */
  | { what: 'header-rules'; ruleId: number }
  /**
   * A tab of our own. `tabId` is -1 until it is there; `mark` ends its address as a fragment, by
   * which a browser that restores its tabs after a crash shows it again.
   */
  | { what: 'probe-tab'; tabId: number; mark?: string; openerTabId?: number }
  /** A private window of our own; `windowId` is -1 until it is there, `mark` ends the address of its only tab. */
  | { what: 'private-window'; windowId: number; mark: string };

/** One change, from before it is made until it is surely given back. */
export interface JournalEntry {
  id: string;
  undo: Undo;
  /** Its name for people: an extension's name, or empty. */
  target: string;
  changedAtMs: number;
  /** When whoever changed it should long have given it back, ms since the epoch. */
  deadlineAtMs: number;
  state: Change['state'];
  returnedAtMs?: number;
  /** The browser's lives (from start to exit) in which it was changed and returned. */
  changedInLife?: string;
  returnedInLife?: string;
  /** Left to another, and ours beneath is surely gone from the disk too. */
  isSure?: boolean;
}

/** Entries that are kept: a search among a hundred extensions tells each of them. */
const KEPT_ENTRIES = 250;
const STATES: readonly Change['state'][] = ['changed', 'returned', 'confirmed', 'left-to-another', 'kept'];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isUndo(value: unknown): value is Undo {
  if (!isRecord(value)) return false;
  switch (value.what) {
    case 'proxy-setting':
      return true;
    case 'extension-switch':
      return typeof value.extensionId === 'string' && typeof value.wasEnabled === 'boolean';
    case 'header-rules':
      return typeof value.ruleId === 'number';
    case 'probe-tab':
      return typeof value.tabId === 'number';
    case 'private-window':
      return typeof value.windowId === 'number' && typeof value.mark === 'string';
    default:
      return false;
  }
}

/** Entries of a stored value, whatever its shape; what cannot be an entry is dropped. */
export function parseEntries(value: unknown): JournalEntry[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one): one is JournalEntry =>
      isRecord(one) &&
      typeof one.id === 'string' &&
      typeof one.target === 'string' &&
      typeof one.changedAtMs === 'number' &&
      typeof one.deadlineAtMs === 'number' &&
      STATES.includes(one.state as Change['state']) &&
      isUndo(one.undo),
  );
}

/** Entries of a kind that this version does not know: a newer one wrote them, and it will know how to undo. */
export function foreignEntries(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [];
  const known = new Set<unknown>(parseEntries(value));
  const isNote = (one: unknown) => isRecord(one) && typeof one.id === 'string' && isRecord(one.undo) && typeof one.undo.what === 'string';
  return value.filter((one) => !known.has(one) && isNote(one)).slice(-KEPT_ENTRIES);
}

/** Keeps all unfinished entries and the newest finished ones. */
export function bounded(entries: readonly JournalEntry[], isFinished: (entry: JournalEntry) => boolean): JournalEntry[] {
  const surplus = Math.max(0, entries.length - KEPT_ENTRIES);
  let dropped = 0;
  return entries.filter((entry) => {
    if (dropped >= surplus || !isFinished(entry)) return true;
    dropped += 1;
    return false;
  });
}

/** What an undo is about: two with the same subject change the same thing. */
export const subject = (undo: Undo): string =>
  undo.what === 'extension-switch'
    ? `${undo.what} ${undo.extensionId}`
    : undo.what === 'proxy-setting'
      ? undo.what
      : `${undo.what} ${undo.what === 'header-rules' ? undo.ruleId : undo.what === 'probe-tab' ? undo.tabId : undo.mark}`;
