import type { Incident, RequestKind } from '../model/incident';
import { classify, classifyOwn, isResetLike, isSpurious, isUnexplainedAbort } from '../net-errors';
import { withoutFragment } from './addresses';
import type { Badge } from './badge';
import { incidentUrl, type Sighting } from './incident-log';
import type { IncidentStore } from './incident-store';

/** An error event of webRequest, in either browser's form. */
export interface RequestErrorDetails {
  requestId: string;
  tabId: number;
  frameId?: number;
  url: string;
  type: string;
  method: string;
  error: string;
  timeStamp: number;
  ip?: string | null;
  /** Firefox: bytes of the answer that had arrived. */
  responseSize?: number;
  /** Chromium: origin that started the request. */
  initiator?: string | null;
  /** Firefox: document that started the request. */
  originUrl?: string | null;
  documentUrl?: string | null;
  /** Firefox: true in private windows. */
  incognito?: boolean;
  cookieStoreId?: string;
}

/** An error event of webNavigation. Firefox names no error in its types but sends it. */
export interface NavigationErrorDetails {
  tabId: number;
  frameId: number;
  url: string;
  error?: string;
  timeStamp: number;
}

/** A top-level navigation that begins, is redirected, or has loaded. */
export interface PageDetails {
  requestId: string;
  tabId: number;
  url: string;
  timeStamp: number;
  method?: string;
  fromCache?: boolean;
}

/** What is asked about a tab. */
export interface TabFacts {
  incognito?: boolean;
  cookieStoreId?: string;
  url?: string;
  /** Chromium: where the tab is going, as it was asked for. */
  pendingUrl?: string;
}

export interface WatcherDoors {
  store: IncidentStore;
  badge: Pick<Badge, 'show' | 'clear'>;
  /** The tab, or undefined where it is gone. */
  tab(tabId: number): Promise<TabFacts | undefined>;
  /** Whether a tab is one of our own probe tabs. */
  isProbeTab(tabId: number): Promise<boolean>;
  /** `runtime.getURL('')`. */
  ownBaseUrl: string;
  /** Chromium reloads failed pages by itself. */
  hasAutoReload: boolean;
  /** Chromium tells where a tab is going. */
  hasPendingUrl: boolean;
  /** Chromium tells an address only once response headers have arrived. */
  isAddressProof: boolean;
  newId(): string;
}

const KIND_BY_TYPE: Readonly<Record<string, RequestKind>> = {
  main_frame: 'main-frame',
  sub_frame: 'sub-frame',
  xmlhttprequest: 'fetch',
  ping: 'fetch',
  beacon: 'fetch',
  websocket: 'websocket',
};
/** Navigations kept in mind for their start and redirects. Losing them with the worker costs a duration, nothing else. */
const NAVIGATIONS_KEPT = 200;
/** A part that fails so soon after its page began belongs to its loading, ms. */
const WHILE_LOADING_MS = 10_000;

const isDefaultJar = (cookieStoreId: string | undefined): boolean =>
  cookieStoreId === undefined || cookieStoreId === 'firefox-default' || cookieStoreId === '0';

/** A top-level navigation under way. */
interface Navigation {
  tabId: number;
  startedAtMs: number;
  redirects: string[];
  hasHeaders: boolean;
  /** Chromium: the address that was asked for, where the first request is already for another. */
  began?: Promise<string | undefined>;
  /** `sent`: its request has left, and nothing has come back. */
  stage?: 'sent' | 'answered';
}

/** What is known of the page that a tab shows. */
interface ShownPage {
  url: string;
  isFromCache: boolean;
  isSent: boolean;
  startedAtMs: number;
}

/** Turns the browser's events into incidents and badges. Each method is a listener; none ever rejects. */
export interface ErrorWatcher {
  onRequestError(details: RequestErrorDetails): Promise<Incident | undefined>;
  onNavigationError(details: NavigationErrorDetails): Promise<Incident | undefined>;
  onPageStart(details: PageDetails): void;
  onPageRedirect(details: PageDetails): void;
  /** Firefox: a page's request has left. */
  onPageSent(details: PageDetails): void;
  /** Firefox: headers have come, of a redirect too; another extension may look at them now, and refuse. */
  onPageHeadersReceived(details: PageDetails): void;
  /** The answer itself begins, after all redirects. */
  onPageAnswer(details: PageDetails): void;
  onPageLoad(details: PageDetails): Promise<void>;
  onTabClosed(tabId: number): Promise<void>;
}

export function createErrorWatcher(doors: WatcherDoors): ErrorWatcher {
  const navigations = new Map<string, Navigation>();
  /** How the page of each tab came. Losing it with the worker loses a fact, nothing else. */
  const pages = new Map<number, ShownPage>();

  /**
   * The address that a tab was asked for, where its first request is for another: a service worker led it there, of which nothing
   * else tells. A turn from http into https is the browser's own.
   */
  const beganAt = async ({ tabId, url }: PageDetails): Promise<string | undefined> => {
    const asked = incidentUrl((await doors.tab(tabId).catch(() => undefined))?.pendingUrl ?? '')?.href;
    const first = incidentUrl(url)?.href;
    return asked === undefined || asked.replace(/^http:/, 'https:') === first || asked === first ? undefined : asked;
  };
  const forget = (requestId: string) => {
    const navigation = navigations.get(requestId);
    navigations.delete(requestId);
    return navigation;
  };
  /**
   * Whether a navigation that Firefox ended without a reason was under way over an HTTP/2 connection that was reset: the person stays on
   * the page before and is told nothing. Another extension ends a request in the same way, but before it leaves or once it is
   * answered; the person, the page and the next navigation end it by another name [seen].
   */
  const isSilentReset = ({ type, error }: RequestErrorDetails, navigation: Navigation | undefined): boolean =>
    type === 'main_frame' &&
    isUnexplainedAbort(error) &&
    navigation?.stage === 'sent' &&
    ![...navigations.values()].some(({ tabId, startedAtMs }) => tabId === navigation.tabId && startedAtMs >= navigation.startedAtMs);
  const noteSource = ({ tabId, url, fromCache, method, timeStamp }: PageDetails, startedAtMs = timeStamp) => {
    if (tabId < 0) return;
    if (pages.size >= NAVIGATIONS_KEPT) pages.clear();
    const isSent = method !== undefined && method !== 'GET' && method !== 'HEAD';
    pages.set(tabId, { url, isFromCache: fromCache === true, isSent, startedAtMs });
  };
  /** What the page of a part tells of it. The tab may show another by now, one of the back-forward cache for example. */
  const ofPage = ({ tabId, type, frameId, timeStamp }: RequestErrorDetails, tab: TabFacts): Partial<Sighting> => {
    if (type === 'main_frame') return {};
    const page = pages.get(tabId);
    const isShown = page !== undefined && tab.url !== undefined && withoutFragment(tab.url) === withoutFragment(page.url);
    // What a page asks for later, when it is scrolled or clicked, proves nothing by not being asked for again.
    const isEarly = page !== undefined && timeStamp - page.startedAtMs <= WHILE_LOADING_MS;
    const isStatic = type === 'script' || type === 'stylesheet';
    return {
      ...((frameId ?? 0) > 0 && { isInFrame: true as const }),
      ...(isShown && page.isSent && { isPageSent: true as const }),
      ...(isShown && page.isFromCache && isEarly && isStatic && !frameId && { isPageFromCache: true as const }),
    };
  };
  const isOwn = (url: string | null | undefined) => typeof url === 'string' && `${url}/`.startsWith(doors.ownBaseUrl);

  /** The tab that an incident may be kept of; undefined for private windows, containers, our own tabs and tabs that are gone. */
  const keepable = async (tabId: number): Promise<TabFacts | undefined> => {
    if (await doors.isProbeTab(tabId)) return undefined;
    const tab = await doors.tab(tabId);
    // Of a tab that is gone nobody can say any more that it was not private.
    return tab && tab.incognito !== true && isDefaultJar(tab.cookieStoreId) ? tab : undefined;
  };

  /** Failures that are about to be written down: a load that comes after them must find them. */
  const underWay = new Set<Promise<unknown>>();
  const keep = (
    sighting: Omit<Sighting, 'pageUrl'>,
    pageUrlOf: (tab: TabFacts) => string,
    { more = () => ({}), began }: { more?: (tab: TabFacts) => Partial<Sighting>; began?: Promise<string | undefined> } = {},
  ): Promise<Incident | undefined> => {
    const keeping = (async () => {
      const [tab, asked] = await Promise.all([keepable(sighting.tabId), began]);
      if (!tab) return undefined;
      const redirects = asked === undefined ? sighting.redirects : [asked, ...sighting.redirects];
      return doors.store.sight(
        { ...sighting, redirects, ...more(tab), pageUrl: pageUrlOf(tab) },
        { newId: doors.newId(), hasAutoReload: doors.hasAutoReload },
      );
    })();
    underWay.add(keeping);
    const forgetIt = () => void underWay.delete(keeping);
    keeping.then(forgetIt, forgetIt);
    return keeping;
  };

  return {
    async onRequestError(details) {
      const navigation = forget(details.requestId);
      const isSilent = isSilentReset(details, navigation);
      if (details.tabId < 0 || (isSpurious(details.error) && !isSilent) || !incidentUrl(details.url)) return undefined;
      if (details.incognito === true || !isDefaultJar(details.cookieStoreId)) return undefined;
      if (isOwn(details.initiator) || isOwn(details.originUrl) || isOwn(details.documentUrl)) return undefined;
      const kind = KIND_BY_TYPE[details.type] ?? 'sub-resource';
      const { failure } = classifyOwn(details.error, false);
      // A WebSocket's reset in the handshake is all that the browser calls "failed".
      const isKept = kind === 'main-frame' || isResetLike(failure) || (kind === 'websocket' && failure === 'failed');
      if (!isKept) return undefined;
      const sighting: Omit<Sighting, 'pageUrl'> = {
        source: 'webRequest',
        tabId: details.tabId,
        url: details.url,
        kind,
        method: details.method,
        raw: details.error,
        atMs: Math.round(details.timeStamp),
        redirects: navigation?.redirects ?? [],
      };
      if (details.ip) sighting.ip = details.ip;
      sighting.hasHeaders =
        navigation?.hasHeaders === true || (details.responseSize ?? 0) > 0 || (doors.isAddressProof && Boolean(details.ip));
      if (navigation) sighting.startedAtMs = navigation.startedAtMs;
      const incident = await keep(sighting, (tab) => details.documentUrl ?? tab.url ?? details.initiator ?? details.url, {
        more: (tab) => ofPage(details, tab),
        ...(navigation?.began && { began: navigation.began }),
      });
      // Chromium's error page wipes the badge of a failed page, and webNavigation's event sets it again; Firefox has no such event in the middle of a page.
      if (incident && (kind === 'main-frame' || isResetLike(failure))) await showWorst(incident);
      return incident;
    },

    async onNavigationError(details) {
      const raw = details.error ?? '';
      if (details.tabId < 0 || isSpurious(raw) || !incidentUrl(details.url)) return undefined;
      const kind: RequestKind = details.frameId === 0 ? 'main-frame' : 'sub-frame';
      if (kind === 'sub-frame' && !isResetLike(classify(raw).failure)) return undefined;
      const incident = await keep(
        { source: 'webNavigation', tabId: details.tabId, url: details.url, kind, raw, atMs: Math.round(details.timeStamp), redirects: [] },
        (tab) => tab.url ?? details.url,
      );
      if (incident) await showWorst(incident);
      return incident;
    },

    onPageStart(details) {
      pages.delete(details.tabId);
      if (navigations.size >= NAVIGATIONS_KEPT) {
        for (const oldest of [...navigations.keys()].slice(0, NAVIGATIONS_KEPT / 2)) navigations.delete(oldest);
      }
      // Firefox begins again at every redirect of the same request.
      if (!navigations.has(details.requestId))
        navigations.set(details.requestId, {
          tabId: details.tabId,
          startedAtMs: details.timeStamp,
          redirects: [],
          hasHeaders: false,
          // Firefox tells of such a redirect.
          ...(doors.hasPendingUrl && details.tabId >= 0 && { began: beganAt(details) }),
        });
    },
    onPageRedirect(details) {
      navigations.get(details.requestId)?.redirects.push(details.url);
    },
    onPageSent(details) {
      const navigation = navigations.get(details.requestId);
      if (navigation) navigation.stage = 'sent';
    },
    onPageHeadersReceived(details) {
      const navigation = navigations.get(details.requestId);
      if (navigation) navigation.stage = 'answered';
    },
    onPageAnswer(details) {
      const navigation = navigations.get(details.requestId);
      if (navigation) navigation.hasHeaders = true;
      noteSource(details, navigation?.startedAtMs);
    },

    async onPageLoad(details) {
      const navigation = forget(details.requestId);
      noteSource(details, navigation?.startedAtMs);
      if (details.tabId < 0 || !incidentUrl(details.url)) return;
      await Promise.allSettled(underWay);
      // Most pages load in tabs that never failed: nothing is written then.
      const before = await doors.store.ofTab(details.tabId);
      if (before.length === 0 || (await doors.isProbeTab(details.tabId))) return;
      const load: Parameters<IncidentStore['load']>[0] = {
        tabId: details.tabId,
        url: details.url,
        redirects: navigation?.redirects ?? [],
        atMs: Math.round(details.timeStamp),
      };
      if (navigation) load.startedAtMs = navigation.startedAtMs;
      if (details.fromCache) load.isFromCache = true;
      await doors.store.load(load);
      const [worst] = await doors.store.ofTab(details.tabId);
      if (!worst) await doors.badge.clear(details.tabId);
    },

    onTabClosed(tabId) {
      pages.delete(tabId);
      return doors.store.closeTab(tabId);
    },
  };

  /** A page's own failure stays on the badge when one of its parts fails too. */
  async function showWorst(incident: Incident): Promise<void> {
    const [worst] = await doors.store.ofTab(incident.tabId);
    await doors.badge.show(worst ?? incident);
  }
}
