import { createJournal, type Journal } from '../experiments/journal';
import type { Change } from '../model/session';
import type { BrowserApi } from './doors/browser-api';
import { createListenerLedger, type ListenerLedger } from './doors/listener-ledger';
import { createUndoers } from './doors/undoers';
import { registerLife } from './life';
import { createProbeTabs, type ProbeTabs } from './probe-tabs';

const JOURNAL_KEY = 'journal';
const ALARM = 'journal';
/** Chromium lets no alarm ring sooner than this after it was set, ms. */
const SOONEST_ALARM_MS = 30_000;
/** Changes of what is the person's; our own rules and tabs are not. */
const SWITCHES: ReadonlySet<string> = new Set(['proxy-setting', 'extension-switch']);

export interface KeepingOptions {
  /** Told whenever the journal has changed: whether something of the person's stands switched now. */
  onChanges?(isSwitched: boolean): void;
}

/** What gives back, whatever became of the life of the worker that changed it. */
export interface Keeping {
  journal: Journal;
  probeTabs: ProbeTabs;
  ledger: ListenerLedger;
  /** Same text from the browser's start to its exit, whatever becomes of Unreset meanwhile. */
  life(): Promise<string>;
  /** Everything changed by us, for the views. */
  changes(): Promise<readonly Change[]>;
  /** Gives back everything now, also what is in use. */
  giveBackAll(): Promise<void>;
}

/**
 * Registers what must be heard from the worker's first turn (alarms, start of the browser) and
 * begins to give back what an earlier life left changed. Call once, synchronously, at top level.
 */
export function registerKeeping(api: BrowserApi, options: KeepingOptions = {}): Keeping {
  const now = () => Date.now();
  const newId = () => crypto.randomUUID();
  const probeTabs = createProbeTabs(api.storage.session);
  const life = registerLife(api, newId);
  let nextWakeMs = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const journal = createJournal({
    async read() {
      return (await api.storage.local.get(JOURNAL_KEY))[JOURNAL_KEY];
    },
    write: (entries) => api.storage.local.set({ [JOURNAL_KEY]: entries }),
    undoer: createUndoers(api, probeTabs),
    now,
    newId,
    life,
    wakeAt(atMs) {
      // One alarm for all: the earliest; the look at it sets the next.
      if (atMs >= nextWakeMs && nextWakeMs > now()) return;
      nextWakeMs = atMs;
      api.alarms.create(ALARM, { when: atMs });
      // While the worker lives it need not wait for the browser, whose alarms ring no sooner than this.
      clearTimeout(timer);
      const inMs = atMs - now();
      if (inMs < SOONEST_ALARM_MS) timer = setTimeout(lookAgain, Math.max(0, inMs));
    },
    noted(entries) {
      options.onChanges?.(isSwitched(entries.map(({ state, undo }) => ({ state, what: undo.what }))));
    },
  });
  const isSwitched = (entries: readonly { state: Change['state']; what: Change['what'] }[]) =>
    entries.some(({ state, what }) => state === 'changed' && SWITCHES.has(what));
  const giveBack = () => {
    journal
      .returnEverything()
      // Also where nothing could be given back, and so nothing was written.
      .then(async () => options.onChanges?.(isSwitched(await journal.changes())))
      .catch(() => undefined);
  };
  function lookAgain(): void {
    clearTimeout(timer);
    nextWakeMs = Number.POSITIVE_INFINITY;
    giveBack();
  }
  api.alarms.onAlarm.addListener(({ name }) => {
    if (name === ALARM) lookAgain();
  });
  // Without a listener the worker would not run at the browser's start at all.
  api.runtime.onStartup.addListener(giveBack);
  api.runtime.onInstalled.addListener(giveBack);
  // What could not be given back for want of a permission can be now.
  api.permissions.onAdded.addListener(giveBack);
  const ledger = createListenerLedger(api);
  giveBack();

  return {
    journal,
    probeTabs,
    ledger,
    life,
    changes: () => journal.changes(),
    giveBackAll: () => journal.returnEverything({ isAll: true }),
  };
}
