import type { Environment } from '../model/environment';
import type { Incident } from '../model/incident';
import type { Settings } from '../model/settings';
import { type Later, withDeadline } from './deadline';
import type { DoorsSession, SessionDoors } from './doors';
import { isOtherJar } from './doors/tab-door';
import type { TabFacts } from './error-watcher';
import { incidentUrl, URL_LIMIT } from './incident-log';
import type { IncidentStore } from './incident-store';
import { tryUrl, withError } from './trial';
import type { Walks } from './walks';

/** Recent incidents that a page without one is shown. */
const RECENT_LIMIT = 20;
/** A failure that went away by itself is still what a click is about for this long, ms. */
const JUST_MENDED_MS = 5 * 60_000;
/** Longest that trying a URL may take, ms. */
const TRIAL_LIMIT_MS = 8_000;

export interface OpeningDoors {
  store: IncidentStore;
  walks: Walks;
  tab(tabId: number): Promise<TabFacts | undefined>;
  environment(): Promise<Environment>;
  settings(): Promise<Settings>;
  openDoors(session: DoorsSession): SessionDoors;
  now(): number;
  newId(): string;
  later: Later;
}

/** The ways into a walk: a tab that failed, an incident of the list, a URL typed by the person. */
export interface Opening {
  openTab(tabId: number): Promise<{ sessionId: string | undefined; incidents: readonly Incident[]; tabUrl?: string }>;
  openIncident(incidentId: string): Promise<{ sessionId: string }>;
  openUrl(url: string, tabId?: number): Promise<{ sessionId: string }>;
}

const hostOf = (url: string) => incidentUrl(url)?.hostname;

export function createOpening(doors: OpeningDoors): Opening {
  const isPrivate = (tab: TabFacts | undefined) => tab?.incognito === true;

  /** An incident made by trying: nothing is known of the URL yet but what the try says. */
  const makeByTrying = async (url: URL, tabId: number): Promise<Incident> => {
    const now = doors.now();
    const untried: Incident = {
      id: doors.newId(),
      tabId,
      url: url.href,
      host: url.hostname,
      pageUrl: url.href,
      kind: 'main-frame',
      method: 'GET',
      error: { raw: '', failure: 'failed' },
      phase: 'unknown-before-headers',
      firstAtMs: now,
      lastAtMs: now,
      count: 1,
      autoReloads: 0,
      redirects: [],
    };
    const [{ engine }, settings] = await Promise.all([doors.environment(), doors.settings()]);
    const session = doors.openDoors({ incident: untried, engine, hasLargerBurst: () => false });
    try {
      return await withDeadline(async (signal) => tryUrl({ ...(await session.forProbe(signal)), incident: untried, settings }), {
        limitMs: TRIAL_LIMIT_MS,
        later: doors.later,
      });
    } catch {
      return withError(untried, { works: false, error: { raw: '', failure: 'timed-out' }, hadHeaders: false });
    } finally {
      void session.close().catch(() => undefined);
    }
  };

  return {
    async openTab(tabId) {
      const [tab, ofTab] = await Promise.all([doors.tab(tabId), doors.store.ofTab(tabId)]);
      const tabUrl = tab?.url;
      // A page that came without our hearing of it (a service worker, the back-forward cache) has taken the failed one's place.
      const shown = tabUrl === undefined ? undefined : hostOf(tabUrl);
      const incident = ofTab.find(({ pageUrl }) => shown === undefined || hostOf(pageUrl) === shown);
      if (incident) return { sessionId: await doors.walks.open(incident), incidents: ofTab, tabUrl };
      const mended = await doors.store.justMended(tabId, doors.now() - JUST_MENDED_MS);
      if (mended && (shown === undefined || hostOf(mended.pageUrl) === shown))
        return { sessionId: await doors.walks.open(mended), incidents: [mended], tabUrl };
      const recent = (await doors.store.list()).slice(0, RECENT_LIMIT);
      return { sessionId: undefined, incidents: recent, ...(tabUrl === undefined || isPrivate(tab) ? {} : { tabUrl }) };
    },

    async openIncident(incidentId) {
      const incident = await doors.store.find(incidentId);
      if (!incident) throw new Error('no such incident');
      return { sessionId: await doors.walks.open(incident) };
    },

    async openUrl(raw, tabId) {
      const url = incidentUrl(raw);
      if (!url || url.href.length > URL_LIMIT || !/^https?:$/.test(url.protocol)) throw new Error('not a web address');
      const tab = tabId === undefined ? undefined : await doors.tab(tabId);
      if (isPrivate(tab)) throw new Error('private windows leave no trace');
      const incident = await makeByTrying(url, tab && tabId !== undefined ? tabId : -1);
      // A page that loads is no incident, and of a container none is kept; the walk that was asked for is kept all the same.
      if (!incident.isHealthy && !isOtherJar(tab)) await doors.store.add(incident);
      return { sessionId: await doors.walks.open(incident) };
    },
  };
}
