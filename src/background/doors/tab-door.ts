import type { Journal } from '../../experiments/journal';
import type { NetError } from '../../model/incident';
import type { TabAttempt } from '../../model/measurement';
import { classifyAt, isSentence, isSpurious } from '../../net-errors';
import type { TabDoor } from '../../probes/context';
import { withoutFragment, withoutQuery } from '../addresses';
import type { ProbeTabs } from '../probe-tabs';
import type { BrowserApi, NavigationDetails, RequestDetails, RequestListener, Tab } from './browser-api';
import type { ListenerLedger } from './listener-ledger';
import { isForeignToPages, watchPart } from './part-watch';
import type { SiteBudget } from './site-budget';

/** The probe tab is closed at the latest after this, ms. */
const LONGEST_MS = 8000;
/** Firefox says certificate errors as a sentence to webRequest and as a number to webNavigation, shortly after. */
const OTHER_EVENT_MS = 300;
/** The error page is shown shortly after the request has failed; a page that never ends loading is not waited for. */
const SETTLING_MS = 600;
/** So long after a page has loaded its scripts may still ask for something, ms. */
const LATE_PARTS_MS = 1000;
/** So long what is known of the part waits for word of its page, ms. */
const PAGE_WORD_MS = 400;
/** Largest number of worker errors, redirects kept. */
const KEPT = 10;
const utf8 = new TextEncoder();

export interface TabDoorOptions {
  api: BrowserApi;
  engine: 'chromium' | 'gecko';
  ledger: ListenerLedger;
  journal: Journal;
  probeTabs: ProbeTabs;
  budget: SiteBudget;
  /** The tab that failed; `-1` when there is none. */
  besideTabId: number;
  hasHostAccess: boolean;
  /** The browser's own name as sites are told it by our own requests, once there was one. */
  ownAgent?(): string | undefined;
  now(): number;
  /** Never the same twice; letters, digits and dashes. */
  newMark(): string;
  signal: AbortSignal;
  onSpent?(spent: number): void;
}

/** What one navigation of a tab of ours needs. */
export type NavigateOptions = Pick<TabDoorOptions, 'api' | 'engine' | 'ledger' | 'hasHostAccess' | 'ownAgent' | 'signal'>;

/** Where a tab is opened. */
interface Place {
  windowId: number;
  index?: number;
  openerTabId?: number;
}

/** Whether a tab keeps its cookies apart from ours: a private window, or a container in Firefox. */
export function isOtherJar(tab: Pick<Tab, 'incognito' | 'cookieStoreId'> | undefined): boolean {
  return tab?.incognito === true || !['firefox-default', '0', undefined].includes(tab?.cookieStoreId);
}

/** What one navigation has shown so far. */
interface Watch {
  attempt: TabAttempt;
  hadNetworkAnswer: boolean;
  sentence?: NetError;
}

/** Whether one address is another for its scheme alone: browsers turn http into https without a word. */
const isUpgrade = (from: string, to: string): boolean => from.replace(/^http:/i, 'https:') === to;
const addressOf = (url: string): string => (URL.canParse(url) ? withoutFragment(new URL(url).href) : url);

const unknownToCaches = (url: string, mark: string) => {
  const bare = withoutFragment(url);
  return `${bare}${bare.includes('?') ? '&' : '?'}nocache=${mark.slice(-12)}`;
};

/** Listens to one tab's navigation until it is decided. */
function watchNavigation(options: NavigateOptions, tabId: number, url: string, isOfFinalAddress = false) {
  const { api, engine, hasHostAccess } = options;
  const startedAt = performance.now();
  const watch: Watch = {
    attempt: { outcome: 'timed-out', durationMs: 0, requestHeaders: [], redirects: [], finalUrl: url },
    hadNetworkAnswer: false,
  };
  const { attempt } = watch;
  const redirects: string[] = [];
  const reasons: string[] = [];
  /** The address that the next request will be for, as far as redirects are told; unknown of a reload: it is of where those led. */
  let expected = isOfFinalAddress ? undefined : addressOf(url);
  let begun = 0;
  let agent: string | undefined;
  /** A service worker of the site asked for the page's own address, and failed. */
  let isWorkerFailing = false;
  const workerErrors: NetError[] = [];
  let decide: () => void = () => undefined;
  const decided = new Promise<void>((resolve) => {
    decide = resolve;
  });
  let later: ReturnType<typeof setTimeout> | undefined;
  let hasBegun = false;
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });

  const classify = (raw: string) => classifyAt(raw, watch.hadNetworkAnswer);
  /** Firefox may tell scripts another name than sites, so there our own requests say which it is; they may have left later than the tab's. */
  const markForeignAgent = () => {
    if (agent === undefined) return;
    const own = engine === 'chromium' ? navigator.userAgent : options.ownAgent?.();
    if (own === undefined || own === agent) return;
    attempt.requestHeaders = attempt.requestHeaders.map((header) =>
      header.name === 'user-agent' ? { ...header, isForeign: true } : header,
    );
  };
  const end = (outcome: TabAttempt['outcome'], error?: NetError) => {
    if (attempt.durationMs > 0) return;
    attempt.outcome = outcome;
    if (outcome === 'loaded' && isWorkerFailing && watch.hadNetworkAnswer) attempt.isPastWorker = true;
    if (error) attempt.error = error;
    markForeignAgent();
    attempt.durationMs = Math.max(1, Math.round(performance.now() - startedAt));
    decide();
  };
  const notePeer = (details: RequestDetails) => {
    if (details.ip) attempt.ip = details.ip;
    if (details.statusCode) attempt.status = details.statusCode;
    if (details.fromCache) attempt.isFromCache = true;
    attempt.finalUrl = withoutFragment(details.url);
  };

  const onSendHeaders: RequestListener = (details) => {
    hasBegun = true;
    attempt.finalUrl = withoutFragment(details.url);
    const asked = addressOf(details.url);
    // Whoever redirects is told of, the network, the browser and other extensions alike, but for a service worker [seen in both].
    if (attempt.durationMs === 0 && expected !== undefined && asked !== expected && !isUpgrade(expected, asked)) {
      attempt.ledByWorkerFrom = expected;
      if (redirects.at(-1) !== expected && redirects.length < KEPT) redirects.push(expected);
      attempt.redirects = redirects;
    }
    expected = asked;
    const headers = details.requestHeaders ?? [];
    agent = headers.find(({ name }) => name.toLowerCase() === 'user-agent')?.value;
    attempt.requestHeaders = headers.map(({ name, value }) => ({
      name: name.toLowerCase(),
      bytes: utf8.encode(value ?? '').length,
      ...(isForeignToPages(name, value) && { isForeign: true as const }),
    }));
    attempt.cookieBytes = attempt.requestHeaders.reduce((sum, header) => (header.name === 'cookie' ? sum + header.bytes : sum), 0);
  };
  const onBeforeRedirect: RequestListener = (details) => {
    if (redirects.length < KEPT) redirects.push(withoutFragment(details.url));
    attempt.redirects = redirects;
    if (details.redirectUrl) expected = addressOf(details.redirectUrl);
    const reason = details.responseHeaders?.find(({ name }) => name.toLowerCase() === 'non-authoritative-reason')?.value;
    if (reason && reasons.length < KEPT) {
      reasons.push(reason.slice(0, 60));
      attempt.redirectReasons = reasons;
    }
  };
  const onResponseStarted: RequestListener = (details) => {
    watch.hadNetworkAnswer = true;
    notePeer(details);
  };
  const onCompleted: RequestListener = (details) => {
    watch.hadNetworkAnswer = true;
    notePeer(details);
    end('loaded');
  };
  const fail = (raw: string) => {
    if (isSpurious(raw)) return;
    if (isSentence(raw)) {
      watch.sentence = classify(raw);
      later ??= setTimeout(() => end('failed', watch.sentence), OTHER_EVENT_MS);
      return;
    }
    end('failed', classify(raw));
  };
  const onErrorOccurred: RequestListener = (details) => {
    notePeer(details);
    if (details.error) fail(details.error);
  };
  const isOurNavigation = (details: NavigationDetails) =>
    details.tabId === tabId && details.frameId === 0 && !details.url.startsWith('about:');
  const onBeforeNavigate = (details: NavigationDetails) => {
    if (!isOurNavigation(details)) return;
    hasBegun = true;
    // A further one is the page's own: it goes on elsewhere by itself.
    begun += 1;
    if (begun > 1) expected = addressOf(details.url);
  };
  const onNavigationError = (details: NavigationDetails) => {
    // One that comes before ours has begun is the former navigation's.
    if (!isOurNavigation(details) || !hasBegun) return;
    if (!isSpurious(details.error ?? '')) settle();
    attempt.finalUrl = withoutFragment(details.url);
    const raw = details.error ?? '';
    if (isSpurious(raw)) return;
    const error = classify(raw);
    // The number says more than the sentence.
    if (watch.sentence) {
      end('failed', error.failure === 'failed' ? watch.sentence : error);
      return;
    }
    // webRequest, where it sees anything, says it by name at about the same time.
    if (hasHostAccess && engine === 'gecko') later ??= setTimeout(() => end('failed', error), OTHER_EVENT_MS);
    else end('failed', error);
  };
  const onNavigationCompleted = (details: NavigationDetails) => {
    if (!isOurNavigation(details) || !hasBegun) return;
    settle();
    attempt.finalUrl = withoutFragment(details.url);
    // An answer without any sign of the network came from a service worker.
    if (hasHostAccess && !watch.hadNetworkAnswer) attempt.isFromCache = true;
    end('loaded');
  };
  const { origin } = new URL(url);
  const onWorkerError: RequestListener = (details) => {
    const isSitesOwn = details.tabId === -1 && (details.initiator === origin || (details.originUrl ?? '').startsWith(`${origin}/`));
    if (!isSitesOwn || !details.error || isSpurious(details.error) || workerErrors.length >= KEPT) return;
    workerErrors.push(classifyAt(details.error, Boolean(details.ip)));
    attempt.workerErrors = workerErrors;
    isWorkerFailing ||= withoutFragment(details.url) === withoutFragment(url);
  };

  const removers: (() => void)[] = [];
  const { ledger } = options;
  const { webNavigation } = api;
  const mainFrame = { urls: ['<all_urls>'], tabId, types: ['main_frame'] };
  removers.push(
    ledger.hear('onSendHeaders', onSendHeaders, mainFrame, engine === 'chromium' ? ['requestHeaders', 'extraHeaders'] : ['requestHeaders']),
    ledger.hear('onBeforeRedirect', onBeforeRedirect, mainFrame, ['responseHeaders']),
    ledger.hear('onResponseStarted', onResponseStarted, mainFrame),
    ledger.hear('onCompleted', onCompleted, mainFrame),
    ledger.hear('onErrorOccurred', onErrorOccurred, mainFrame),
    ledger.hear('onErrorOccurred', onWorkerError, { urls: [`*://${new URL(url).hostname}/*`] }),
  );
  webNavigation.onBeforeNavigate.addListener(onBeforeNavigate);
  webNavigation.onErrorOccurred.addListener(onNavigationError);
  webNavigation.onCompleted.addListener(onNavigationCompleted);
  removers.push(
    () => webNavigation.onBeforeNavigate.removeListener(onBeforeNavigate),
    () => webNavigation.onErrorOccurred.removeListener(onNavigationError),
    () => webNavigation.onCompleted.removeListener(onNavigationCompleted),
  );

  return {
    attempt,
    decided,
    /** Resolves when the tab shows the page or the error page: a reload before that would reload what was there before. */
    settled,
    hasAnswered: () => watch.hadNetworkAnswer,
    hasBegun: () => hasBegun,
    end,
    close() {
      if (later) clearTimeout(later);
      for (const remove of removers) remove();
    },
  };
}

/** One navigation, begun by `go`, ended by its outcome, the time or the signal. */
export async function navigate(
  options: NavigateOptions,
  tabId: number,
  url: string,
  go: () => Promise<unknown>,
  timeoutMs: number,
  { isOfFinalAddress, isReloadedAfter }: { isOfFinalAddress?: boolean; isReloadedAfter?: boolean } = {},
): Promise<TabAttempt> {
  const { api, signal } = options;
  const watch = watchNavigation(options, tabId, url, isOfFinalAddress);
  // A page that answers and never ends loading has loaded as far as it ever will.
  const timer = setTimeout(() => {
    if (watch.hasAnswered()) watch.attempt.isCut = true;
    watch.end(watch.hasAnswered() ? 'loaded' : 'timed-out');
  }, timeoutMs);
  const giveUp = () => watch.end('timed-out');
  signal.addEventListener('abort', giveUp, { once: true });
  const onRemoved = (removed: number) => {
    if (removed === tabId) watch.end('timed-out');
  };
  api.tabs.onRemoved.addListener(onRemoved);
  try {
    await options.ledger.settled();
    await go();
    // Asked for a moment too early, a reload is of what was shown before, or of nothing.
    const again = setInterval(() => {
      if (!watch.hasBegun()) go().catch(() => undefined);
    }, SETTLING_MS);
    await watch.decided.finally(() => clearInterval(again));
    if (!watch.hasBegun()) throw new Error('the navigation did not begin');
    if (isReloadedAfter) {
      await Promise.race([watch.settled, new Promise<void>((resolve) => setTimeout(resolve, SETTLING_MS))]);
    }
    return watch.attempt;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    api.tabs.onRemoved.removeListener(onRemoved);
    watch.close();
  }
}

/** Of a part whose page does not come itself nothing is known. */
const withoutPage = ({ error, status }: Partial<TabAttempt> = {}): TabAttempt => ({
  outcome: 'no-page',
  durationMs: 0,
  requestHeaders: [],
  redirects: [],
  finalUrl: '',
  ...(error && { error }),
  ...(status !== undefined && { status }),
});

/** One load of a page, ended when one part of it is loaded or has failed, or was not asked for. */
async function navigateForPart(
  options: NavigateOptions,
  tabId: number,
  { url, part, isReload, isOfFinalAddress }: { url: string; part: readonly string[]; isReload: boolean; isOfFinalAddress?: boolean },
  go: () => Promise<unknown>,
  timeoutMs: number,
): Promise<TabAttempt> {
  const { api, signal } = options;
  const watch = watchPart(options, tabId, part, isReload);
  const timers: ReturnType<typeof setTimeout>[] = [];
  const wait = (ms: number) => new Promise<undefined>((resolve) => timers.push(setTimeout(() => resolve(undefined), ms)));
  let giveUp: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const onRemoved = (removed: number) => {
    if (removed === tabId) giveUp();
  };
  signal.addEventListener('abort', giveUp, { once: true });
  api.tabs.onRemoved.addListener(onRemoved);
  let isWhole = false;
  try {
    const page = navigate(options, tabId, url, go, timeoutMs, { isOfFinalAddress: isOfFinalAddress === true });
    const whole = page.then(async ({ outcome }) => {
      if (outcome !== 'loaded') return;
      await watch.shown;
      await wait(LATE_PARTS_MS);
      // What is asked for is waited for: Firefox tries ten times.
      await watch.over();
      isWhole = true;
    });
    await Promise.race([watch.decided, whole, gone, wait(timeoutMs)]);
    const attempt = watch.attempt();
    // A page of a service worker is known for one only when it has loaded.
    const ofPage = await Promise.race([page, wait(attempt.outcome === 'not-asked' ? 0 : PAGE_WORD_MS)]);
    if (attempt.outcome !== 'not-asked') return { ...attempt, ...(ofPage?.isFromCache && { isPageFromCache: true as const }) };
    const isItself = ofPage?.outcome === 'loaded' && (ofPage.status ?? 200) < 400 && withoutQuery(ofPage.finalUrl) === withoutQuery(url);
    return isItself && isWhole ? attempt : withoutPage(ofPage);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    api.tabs.onRemoved.removeListener(onRemoved);
    watch.close();
  }
}

/** Makes the door that navigates inactive tabs of our own. */
export function createTabDoor(options: TabDoorOptions): TabDoor {
  const { api, engine, journal, probeTabs, budget, signal } = options;

  const openTab = async (place: Place, mark: string): Promise<Tab & { id: number }> => {
    // Known by its mark from the first moment, also where it comes to the front because another tab was closed. Firefox hides a blank address.
    const url = engine === 'gecko' ? 'about:blank' : `about:blank#${mark}`;
    const tab = await api.tabs.create({ active: false, url, ...place });
    if (tab.id === undefined) throw new Error('no tab');
    return { ...tab, id: tab.id };
  };

  /** Where the tab goes: beside the failing one, or into a window that is not private. */
  const findPlace = async (beside: Tab | undefined): Promise<Place> => {
    // Another cookie jar would not be the failing page's, and a private window must not be touched.
    if (isOtherJar(beside)) throw new Error('another cookie jar');
    if (beside?.id !== undefined && beside.windowId !== undefined)
      return { index: beside.index + 1, windowId: beside.windowId, openerTabId: beside.id };
    const windows = (await api.windows.getAll({ windowTypes: ['normal'] })).filter(({ incognito }) => !incognito);
    const windowId = (windows.find(({ focused }) => focused) ?? windows[0])?.id;
    if (windowId === undefined) throw new Error('no window');
    return { windowId };
  };

  return {
    async replay({ url, part, isPastCache, timeoutMs }) {
      const endsAt = options.now() + Math.min(timeoutMs, LONGEST_MS);
      const left = () => Math.max(1, endsAt - options.now());
      const enter = async () => {
        const place = await budget.enter(signal);
        if ('refused' in place) throw new Error(place.refused);
        options.onSpent?.(budget.spent());
        return place;
      };
      let place = await enter();
      try {
        const beside = options.besideTabId >= 0 ? await api.tabs.get(options.besideTabId).catch(() => undefined) : undefined;
        const where = await findPlace(beside);
        const undo = {
          what: 'probe-tab',
          mark: options.newMark(),
          ...(beside?.id === undefined ? {} : { openerTabId: beside.id }),
        } as const;
        const held = await journal.begin({ ...undo, tabId: -1 }, '', LONGEST_MS + 2000);
        try {
          const tab = await held.change(() => openTab(where, undo.mark));
          await Promise.all([probeTabs.add(tab.id), held.amend({ ...undo, tabId: tab.id })]);
          // The fragment never leaves the browser; by it the tab is known again when a crash's tabs are restored.
          const marked = `${url.split('#')[0]}#${undo.mark}`;
          // A page that loads may play something.
          const open = () => api.tabs.update(tab.id, part ? { url: marked, muted: true } : { url: marked });
          if (part && !isPastCache) return await navigateForPart(options, tab.id, { url, part, isReload: false }, open, left());
          const first = await navigate(options, tab.id, url, open, left(), { isReloadedAfter: isPastCache });
          if (!isPastCache || signal.aborted || first.outcome === 'timed-out') return part ? withoutPage(first) : first;
          // A reload is of the address that the service worker led to: there is no way past it here.
          if (first.ledByWorkerFrom !== undefined) return part ? withoutPage(first) : first;
          place.leave();
          place = await enter();
          const wasRedirected = (first.redirects?.length ?? 0) > 0 || first.finalUrl !== withoutFragment(url);
          // Firefox reloads where a redirect led, not what was asked for [seen]: an address that no cache can know asks anew.
          const isAsked = engine === 'gecko' && wasRedirected;
          // A reload asks for the address where redirects led.
          const isOfFinalAddress = !isAsked;
          const again = isAsked ? unknownToCaches(url, undo.mark) : url;
          const go = () =>
            isAsked ? api.tabs.update(tab.id, { url: `${again}#${undo.mark}` }) : api.tabs.reload(tab.id, { bypassCache: true });
          return await (part
            ? navigateForPart(options, tab.id, { url: again, part, isReload: true, isOfFinalAddress }, go, left())
            : navigate(options, tab.id, again, go, left(), { isOfFinalAddress }));
        } finally {
          await held.release();
        }
      } finally {
        place.leave();
      }
    },
  };
}
