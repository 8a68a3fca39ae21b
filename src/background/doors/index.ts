import type { Incident } from '../../model/incident';
import { createOwnClassifier } from '../../net-errors';
import type { ProbeContext } from '../../probes/context';
import type { Keeping } from '../keeping';
import { createRequester } from '../requester';
import type { BrowserApi } from './browser-api';
import { createDnsDoor } from './dns-door';
import { createExtensionsDoor } from './extensions-door';
import { createProxyDoor } from './proxy-door';
import { createRuleLanes, RULES_HOLD_MS } from './rule-lanes';
import { createSiteBudget } from './site-budget';
import { createSocketDoor } from './socket-door';
import { createTabDoor, isOtherJar } from './tab-door';
import { createTurn, type Turn } from './turns';

/** What the laboratory keeps of the doors for the worker's life. */
export interface Doors {
  /** One queue for all that changes the browser for everybody. */
  turn: Turn;
  /** Doors of one session's run. */
  open(session: DoorsSession): SessionDoors;
}

/** One run: the automatic one, or what one click starts. Each click is a run of its own with its own budget. */
export interface DoorsSession {
  incident: Incident;
  engine: 'chromium' | 'gecko';
  /** Requests already sent to the failing site by this automatic run, before a restart of the worker. */
  alreadySpent?: number;
  /** Requests that may be sent to the failing site; default: those of an automatic run. */
  requestLimit?: number;
  /** Called when a request to the failing site is sent, with how many so far: to be stored. */
  onSpent?(spent: number): void;
  /** Whether the consent `larger-burst` is given now. */
  hasLargerBurst(): boolean;
}

/** The part of a probe's context that doors make. */
export type ProbeDoors = Pick<
  ProbeContext,
  | 'request'
  | 'handshake'
  | 'canSetOwnHeaders'
  | 'hasHostAccess'
  | 'device'
  | 'tab'
  | 'proxy'
  | 'dns'
  | 'extensions'
  | 'budgetLeft'
  | 'isOtherJar'
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

/** Doors to the outside world; what they change goes through `keeping`. */
export function createDoors(api: BrowserApi, { journal, probeTabs, ledger }: Keeping): Doors {
  const now = () => Date.now();
  const newId = () => crypto.randomUUID();
  const turn = createTurn();
  const ruleLanes = createRuleLanes({
    api,
    now,
    hold: (ruleId) => journal.begin({ what: 'header-rules', ruleId }, '', RULES_HOLD_MS),
  });

  return {
    turn,
    open(session) {
      const { incident, engine } = session;
      const budget = createSiteBudget({
        host: incident.host,
        hasLargerBurst: session.hasLargerBurst,
        alreadySpent: session.alreadySpent ?? 0,
        limit: session.requestLimit,
      });
      let isJarOther = false;
      const classify = createOwnClassifier({ url: incident.url, failure: incident.error.failure });
      const requester = createRequester({
        api,
        engine,
        ledger,
        classify,
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
            ...(engine === 'gecko' &&
              canSetOwnHeaders &&
              hasHostAccess && { handshake: createSocketDoor({ api, ledger, budget, classify, signal, onSpent: session.onSpent }) }),
            tab: createTabDoor({
              api,
              engine,
              ledger,
              journal,
              probeTabs,
              budget,
              besideTabId: incident.tabId,
              hasHostAccess,
              ownAgent: requester.ownAgent,
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
