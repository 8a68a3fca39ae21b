import type { TabAttempt } from '../../model/measurement';
import { classifyAt, isSpurious } from '../../net-errors';
import { withoutFragment, withoutQuery } from '../addresses';
import type { NavigationDetails, RequestDetails, RequestListener } from './browser-api';
import type { NavigateOptions } from './tab-door';

const utf8 = new TextEncoder();
const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : url);
/** Largest number of requests of the part's path with another query, and of redirects, kept. */
const KEPT = 20;

/** Whether no browser sends such a header with a page: each asks for `text/html` (Fetch §4.1), and none authorises by a token of its own accord. */
export const isForeignToPages = (name: string, value = ''): boolean =>
  (name.toLowerCase() === 'accept' && !value.includes('text/html')) || isToken(name, value);

const isToken = (name: string, value = '') => name.toLowerCase() === 'authorization' && /^bearer\b/i.test(value);

/** One request of the page that may be the part. */
interface PartRequest {
  attempt: TabAttempt;
  startedAt: number;
  isExact: boolean;
  hadAnswer: boolean;
  isOver: boolean;
}

/** What became of one part of a page. */
export interface PartWatch {
  /** Resolves when the part was loaded or failed. */
  decided: Promise<void>;
  /** Resolves when the page has loaded with all that it asked for while loading. */
  shown: Promise<void>;
  /** Resolves when what the page has asked for by now is over; at once where that is nothing. */
  over(): Promise<void>;
  /** What is known by now; `not-asked` where the page has not asked for it. */
  attempt(): TabAttempt;
  close(): void;
}

/**
 * Listens to the requests of one tab's page until one part of it is loaded or has failed. `urls`: the part's address, and where its
 * request began if it was redirected. A page that marks its requests anew each time (`?_=123`) asks for the same path: that
 * counts where it does so once, or where all of them fail. With `isReload` what the page before it still does is not heard.
 */
export function watchPart(options: NavigateOptions, tabId: number, urls: readonly string[], isReload = false): PartWatch {
  const { engine, ledger, api } = options;
  const wanted = new Set(urls.map(withoutFragment));
  const paths = new Set(urls.map(withoutQuery));
  const requests = new Map<string, PartRequest>();
  const chains = new Map<string, { redirects: string[]; reasons: string[] }>();
  let hasBegun = !isReload;
  const waiting = new Set<() => void>();
  let decide: () => void = () => undefined;
  const decided = new Promise<void>((resolve) => {
    decide = resolve;
  });
  let show: () => void = () => undefined;
  const shown = new Promise<void>((resolve) => {
    show = resolve;
  });

  // What a page sends, and asks leave for, is another request to the same address.
  const isPart = ({ type, method }: RequestDetails) => hasBegun && type !== 'main_frame' && method === 'GET';
  const find = (details: RequestDetails): PartRequest | undefined => {
    const url = withoutFragment(details.url);
    const known = requests.get(details.requestId);
    const isExact = wanted.has(url);
    if (known) {
      known.isExact ||= isExact;
      known.attempt.finalUrl = url;
      return known;
    }
    if (!isPart(details) || !(isExact || (requests.size < KEPT && paths.has(withoutQuery(url))))) return undefined;
    const chain = chains.get(details.requestId);
    const request: PartRequest = {
      attempt: {
        outcome: 'timed-out',
        durationMs: 0,
        requestHeaders: [],
        redirects: chain?.redirects ?? [],
        finalUrl: url,
        ...(chain && chain.reasons.length > 0 ? { redirectReasons: chain.reasons } : {}),
      },
      startedAt: performance.now(),
      isExact,
      hadAnswer: false,
      isOver: false,
    };
    requests.set(details.requestId, request);
    return request;
  };
  const end = (request: PartRequest, outcome: TabAttempt['outcome']) => {
    if (request.isOver) return;
    request.isOver = true;
    request.attempt.outcome = outcome;
    request.attempt.durationMs = Math.max(1, Math.round(performance.now() - request.startedAt));
    if (request.isExact) decide();
    if (chosen()?.isOver !== false) for (const go of waiting) go();
  };
  const chosen = (): PartRequest | undefined => {
    const all = [...requests.values()];
    const exact = all.filter(({ isExact }) => isExact);
    if (exact.length > 0) return exact.find(({ isOver }) => isOver) ?? exact[0];
    // Several of one path may be several things, unless all of them fail.
    const over = all.filter(({ isOver }) => isOver);
    const isAllFailing = over.length > 0 && over.every(({ attempt }) => attempt.outcome === 'failed');
    return all.length === 1 || isAllFailing ? (over[0] ?? all[0]) : undefined;
  };
  const note = (request: PartRequest, details: RequestDetails) => {
    if (details.ip) request.attempt.ip = details.ip;
    if (details.statusCode) request.attempt.status = details.statusCode;
    if (details.fromCache) request.attempt.isFromCache = true;
  };

  const onBeforeRequest: RequestListener = (details) => void find(details);
  const onBeforeRedirect: RequestListener = (details) => {
    if (!isPart(details)) return;
    const chain = chains.get(details.requestId) ?? { redirects: [], reasons: [] };
    const reason = details.responseHeaders?.find(({ name }) => name.toLowerCase() === 'non-authoritative-reason')?.value;
    if (chain.redirects.length < KEPT) chain.redirects.push(withoutFragment(details.url));
    if (reason && chain.reasons.length < KEPT) chain.reasons.push(reason.slice(0, 60));
    chains.set(details.requestId, chain);
    const known = requests.get(details.requestId);
    if (!known) return;
    known.attempt.redirects = chain.redirects;
    if (chain.reasons.length > 0) known.attempt.redirectReasons = chain.reasons;
  };
  const onSendHeaders: RequestListener = (details) => {
    const request = find(details);
    if (!request) return;
    const headers = details.requestHeaders ?? [];
    const from = details.initiator ?? details.originUrl;
    // No script can set this one, and no browser sends another origin than the page's.
    const isOrigin = (value: string | undefined) => from === undefined || value === 'null' || value === originOf(from);
    const isForeign = (name: string, value: string | undefined) =>
      (name.toLowerCase() === 'origin' && !isOrigin(value)) || (details.type !== 'xmlhttprequest' && isToken(name, value));
    request.attempt.requestHeaders = headers.map(({ name, value }) => ({
      name: name.toLowerCase(),
      bytes: utf8.encode(value ?? '').length,
      ...(isForeign(name, value) ? { isForeign: true as const } : {}),
    }));
    request.attempt.cookieBytes = request.attempt.requestHeaders.reduce(
      (sum, header) => (header.name === 'cookie' ? sum + header.bytes : sum),
      0,
    );
  };
  const onResponseStarted: RequestListener = (details) => {
    // From here on it is the new page that asks.
    if (details.type === 'main_frame') {
      hasBegun = true;
      requests.clear();
      chains.clear();
    }
    const request = requests.get(details.requestId);
    if (!request) return;
    request.hadAnswer = true;
    note(request, details);
  };
  const onCompleted: RequestListener = (details) => {
    const request = requests.get(details.requestId);
    if (!request) return;
    note(request, details);
    end(request, 'loaded');
  };
  const onErrorOccurred: RequestListener = (details) => {
    const request = requests.get(details.requestId);
    if (!request || !details.error || isSpurious(details.error)) return;
    note(request, details);
    request.attempt.error = classifyAt(details.error, request.hadAnswer);
    end(request, 'failed');
  };
  const onNavigationCompleted = (details: NavigationDetails) => {
    if (hasBegun && details.tabId === tabId && details.frameId === 0 && !details.url.startsWith('about:')) show();
  };

  const filter = { urls: ['<all_urls>'], tabId };
  const removers = [
    ledger.hear('onBeforeRequest', onBeforeRequest, filter),
    ledger.hear('onBeforeRedirect', onBeforeRedirect, filter, ['responseHeaders']),
    ledger.hear('onSendHeaders', onSendHeaders, filter, engine === 'chromium' ? ['requestHeaders', 'extraHeaders'] : ['requestHeaders']),
    ledger.hear('onResponseStarted', onResponseStarted, filter),
    ledger.hear('onCompleted', onCompleted, filter),
    ledger.hear('onErrorOccurred', onErrorOccurred, filter),
  ];
  api.webNavigation.onCompleted.addListener(onNavigationCompleted);

  return {
    decided,
    shown,
    over() {
      if (chosen()?.isOver !== false) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.add(resolve);
      });
    },
    attempt() {
      const one = chosen();
      if (!one) return { outcome: 'not-asked', durationMs: 0, requestHeaders: [], redirects: [], finalUrl: urls[0] ?? '' };
      // Still under way: as long as it has lasted.
      return one.isOver ? one.attempt : { ...one.attempt, durationMs: Math.max(1, Math.round(performance.now() - one.startedAt)) };
    },
    close() {
      for (const remove of removers) remove();
      api.webNavigation.onCompleted.removeListener(onNavigationCompleted);
    },
  };
}
