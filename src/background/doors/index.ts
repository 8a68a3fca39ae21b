import { createJournal, type Journal } from '../../experiments/journal';
import type { Incident } from '../../model/incident';
import type { Change } from '../../model/session';
import { classifyAt } from '../../net-errors';
import type { ProbeContext } from '../../probes/context';
import { createProbeTabs, type ProbeTabs } from '../probe-tabs';
import { createRequester } from '../requester';
import type { BrowserApi } from './browser-api';
import { createDnsDoor } from './dns-door';
import { createExtensionsDoor } from './extensions-door';
import { createListenerLedger } from './listener-ledger';
import { createProxyDoor } from './proxy-door';
import { createRuleLanes, RULES_HOLD_MS } from './rule-lanes';
import { createSiteBudget } from './site-budget';
import { createTabDoor, isOtherJar } from './tab-door';
import { createTurn, type Turn } from './turns';
import { createUndoers } from './undoers';

const JOURNAL_KEY = 'journal';
const LIFE_KEY = 'life';
const ALARM = 'journal';
/** Changes of what is the person's; our own rules and tabs are not. */
const SWITCHES: ReadonlySet<string> = new Set(['proxy-setting', 'extension-switch']);

export interface DoorsOptions {
  /** Told whenever the journal has changed: whether something of the person's stands switched now. */
  onChanges?(isSwitched: boolean): void;
}

/** What the composition root keeps of the doors for the worker's life. */
export interface Doors {
  journal: Journal;
  probeTabs: ProbeTabs;
  /** Everything changed by us, for the views. */
  changes(): Promise<readonly Change[]>;
  /** Gives back everything now, also what is in use. */
  giveBackAll(): Promise<void>;
  /** Doors of one session's run. */
  open(session: DoorsSession): SessionDoors;
}

/** One run: the automatic one, or what one click starts. Each click is a run of its own with its own budget. */
export interface DoorsSession {
  incident: Incident;
  engine: 'chromium' | 'gecko';
  /** Requests already sent to the failing site by this automatic run, before a restart of the worker. */
  alreadySpent?: number;
  /** Called when a request to the failing site is sent, with how many so far: to be stored. */
  onSpent?(spent: number): void;
  /** Whether the consent `larger-burst` is given now. */
  hasLargerBurst(): boolean;
}

/** The part of a probe's context that doors make. */
export type ProbeDoors = Pick<
  ProbeContext,
  'request' | 'canSetOwnHeaders' | 'hasHostAccess' | 'device' | 'tab' | 'proxy' | 'dns' | 'extensions' | 'budgetLeft' | 'isOtherJar'
>;

export interface SessionDoors {
  /** Doors for one probe; its requests are cancelled when `signal` aborts. */
  forProbe(signal: AbortSignal): Promise<ProbeDoors>;
  /** Removes listeners and rules; to be called when the run is over. Doors may be used again afterwards. */
  close(): Promise<void>;
}

/** Permission to a host, asked each time: it may be given or taken back at any moment. */
async function canAccess(api: BrowserApi, url: string): Promise<boolean> {
  const { protocol, hostname } = new URL(url);
  return api.permissions.contains({ origins: [`${protocol}//${hostname}/*`] }).catch(() => false);
}

/** `navigator` of the worker; the connection type is Chromium's, on phones and ChromeOS mostly. */
function readDevice(): { isOnline: boolean; connectionType?: string } {
  const { onLine, connection } = navigator as Navigator & { connection?: { type?: string } };
  return { isOnline: onLine, ...(connection?.type ? { connectionType: connection.type } : {}) };
}

/**
 * Registers what must be heard from the worker's first turn (alarms, start of the browser) and
 * begins to give back what an earlier life left changed. Call once, synchronously, at top level.
 */
export function registerDoors(api: BrowserApi, options: DoorsOptions = {}): Doors {
  const now = () => Date.now();
  const newId = () => crypto.randomUUID();
  const probeTabs = createProbeTabs(api.storage.session);
  let life: Promise<string> | undefined;
  const readLife = async () => {
    const area = api.storage.session;
    if (!area) return 'unknown';
    const stored = (await area.get(LIFE_KEY))[LIFE_KEY];
    if (typeof stored === 'string') return stored;
    const fresh = newId();
    await area.set({ [LIFE_KEY]: fresh });
    return fresh;
  };
  let nextWakeMs = Number.POSITIVE_INFINITY;
  const journal = createJournal({
    async read() {
      return (await api.storage.local.get(JOURNAL_KEY))[JOURNAL_KEY];
    },
    write: (entries) => api.storage.local.set({ [JOURNAL_KEY]: entries }),
    undoer: createUndoers(api, probeTabs),
    now,
    newId,
    life: () => {
      life ??= readLife();
      return life;
    },
    wakeAt(atMs) {
      // One alarm for all: the earliest; the look at it sets the next.
      if (atMs >= nextWakeMs && nextWakeMs > now()) return;
      nextWakeMs = atMs;
      api.alarms.create(ALARM, { when: atMs });
    },
    noted(entries) {
      options.onChanges?.(entries.some(({ state, undo }) => state === 'changed' && SWITCHES.has(undo.what)));
    },
  });
  const giveBack = () => {
    journal.returnEverything().catch(() => undefined);
  };
  api.alarms.onAlarm.addListener((alarm) => {
    if (alarm.name !== ALARM) return;
    nextWakeMs = Number.POSITIVE_INFINITY;
    giveBack();
  });
  // Without a listener the worker would not run at the browser's start at all.
  api.runtime.onStartup.addListener(giveBack);
  api.runtime.onInstalled.addListener(giveBack);
  // What could not be given back for want of a permission can be now.
  api.permissions.onAdded.addListener(giveBack);
  const ledger = createListenerLedger(api);
  const turn = createTurn();
  const ruleLanes = createRuleLanes({
    api,
    now,
    hold: (ruleId) => journal.begin({ what: 'header-rules', ruleId }, '', RULES_HOLD_MS),
  });
  giveBack();

  return {
    journal,
    probeTabs,
    changes: () => journal.changes(),
    giveBackAll: () => journal.returnEverything({ isAll: true }),
    open(session) {
      const { incident, engine } = session;
      const budget = createSiteBudget({
        host: incident.host,
        hasLargerBurst: session.hasLargerBurst,
        alreadySpent: session.alreadySpent ?? 0,
      });
      let isJarOther = false;
      const requester = createRequester({
        api,
        engine,
        ledger,
        classify: classifyAt,
        budget,
        onSpent: session.onSpent,
        lanes: ruleLanes.open(),
        isOtherJar: () => isJarOther,
      });
      return {
        async forProbe(signal) {
          const [hasHostAccess, canSetOwnHeaders, tab] = await Promise.all([
            canAccess(api, incident.url),
            requester.canSetOwnHeaders(),
            incident.tabId >= 0 ? api.tabs.get(incident.tabId).catch(() => undefined) : undefined,
          ]);
          isJarOther ||= isOtherJar(tab);
          const alone: Turn = (work) => turn(work, signal);
          return {
            proxy: createProxyDoor({ api, engine, journal, turn: alone }),
            dns: createDnsDoor({ api, engine, journal, newId, turn: alone }),
            extensions: createExtensionsDoor({ api, engine, journal, turn: alone }),
            isOtherJar: isJarOther,
            hasHostAccess,
            canSetOwnHeaders,
            budgetLeft: () => budget.left(),
            device: readDevice,
            request: (request) => requester.request(request, signal),
            tab: createTabDoor({
              api,
              engine,
              ledger,
              journal,
              probeTabs,
              budget,
              besideTabId: incident.tabId,
              hasHostAccess,
              now,
              newMark: () => `unreset-${newId()}`,
              signal,
              onSpent: session.onSpent,
            }),
          };
        },
        close: () => requester.close(),
      };
    },
  };
}
