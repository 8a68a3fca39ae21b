import type { Exchange, ExchangeRequest } from '../model/exchange';
import type { NetError } from '../model/incident';
import { isUnexplainedAbort } from '../net-errors';
import { type Reading, readBody, readTiming } from './answer-reading';
import type { BrowserApi, RequestDetails } from './doors/browser-api';
import type { HeaderWish } from './doors/header-lanes';
import type { ListenerLedger } from './doors/listener-ledger';
import type { OpenLanes } from './doors/rule-lanes';
import type { SiteBudget } from './doors/site-budget';
import { createEventTap, type Sighting } from './event-tap';

/** Longest that any request of ours may take, ms: the worker is stopped after 30 s of waiting for a fetch. */
const LONGEST_MS = 8000;
/** The error event comes 0.1 to 0.7 ms after the rejection; far more than that, bounded. */
const EVENT_GRACE_MS = 250;

export interface RequesterOptions {
  api: BrowserApi;
  engine: 'chromium' | 'gecko';
  ledger: ListenerLedger;
  /** Turns the browser's words into a failure (`net-errors`). */
  classify(raw: string, hasHeaders: boolean, url: string): NetError;
  budget: SiteBudget;
  /** Called after each request to the failing site, with how many were sent so far. */
  onSpent?(spent: number): void;
  /** Header rules, shared by all requesters of the worker. */
  lanes: OpenLanes;
  /** The failing tab has another cookie jar than ours: then no request of ours carries cookies. */
  isOtherJar?(): boolean;
  fetch?: typeof fetch;
}

export interface Requester {
  /** Sends one request and learns its real error; never throws. `signal` cancels it. */
  request(request: ExchangeRequest, signal?: AbortSignal): Promise<Exchange>;
  /** Whether header rules work now: the permission is there. */
  canSetOwnHeaders(): Promise<boolean>;
  /** The browser's own name as sites are told it (`User-Agent`); undefined before our first request. */
  ownAgent(): string | undefined;
  /** Removes every listener and rule. */
  close(): Promise<void>;
}
function wishOf(request: ExchangeRequest): HeaderWish | undefined {
  const wish: Record<string, string | null> = {};
  if (request.isFreshConnection) wish.connection = 'close';
  if (request.cookies === 'strip') wish.cookie = null;
  for (const [name, value] of Object.entries(request.headers ?? {})) wish[name.toLowerCase()] = value;
  return Object.keys(wish).length > 0 ? wish : undefined;
}

/** Aborts by whichever comes first and remembers which. */
function createDeadline(timeoutMs: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  let why: 'timed-out' | 'cancelled' | undefined;
  const end = (reason: 'timed-out' | 'cancelled') => {
    why ??= reason;
    controller.abort();
  };
  const timer = setTimeout(() => end('timed-out'), timeoutMs);
  const onAbort = () => end('cancelled');
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    why: () => why,
    release() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/**
 * Makes the requester of one session. Its listeners are there only while it is in use and hear
 * only the hosts that it asks.
 */
export function createRequester(options: RequesterOptions): Requester {
  const { api, engine, budget, lanes } = options;
  const doFetch = options.fetch ?? fetch;
  const tap = createEventTap(api, engine, options.ledger);
  const access = new Map<string, Promise<boolean>>();
  let removeDirect: (() => void) | undefined;

  const canAccess = (url: URL) => api.permissions.contains({ origins: [`${url.protocol}//${url.hostname}/*`] }).catch(() => false);
  const hasAccess = (url: URL) => {
    const known = access.get(url.origin) ?? canAccess(url);
    access.set(url.origin, known);
    return known;
  };
  const canSetOwnHeaders = async () =>
    engine === 'chromium'
      ? api.declarativeNetRequest !== undefined &&
        (await api.permissions.contains({ permissions: ['declarativeNetRequestWithHostAccess'] }))
      : await api.permissions.contains({ permissions: ['webRequestBlocking'] });

  const ensureDirect = () => {
    if (removeDirect || !api.proxy.onRequest) return;
    const listener = (details: RequestDetails) => (tap.wantsDirect(details) ? null : undefined);
    const source = api.proxy.onRequest;
    source.addListener(listener, { urls: ['<all_urls>'], types: ['xmlhttprequest'] });
    removeDirect = () => {
      source.removeListener(listener);
      removeDirect = undefined;
    };
  };

  const send = async (request: ExchangeRequest, url: URL, signal: AbortSignal | undefined): Promise<Exchange> => {
    const method = request.method ?? 'GET';
    const canRule = await canSetOwnHeaders();
    const wish = canRule ? wishOf(request) : undefined;
    await tap.hear(url.hostname);
    const isDirect = request.isDirect === true && engine === 'gecko';
    const isWithJar = (request.cookies === 'include' || request.cookies === 'strip') && options.isOtherJar?.() !== true;
    if (isDirect) ensureDirect();

    let sent: () => void = () => undefined;
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const sighting: Sighting = {
      url: url.href,
      method,
      isDirect,
      hadHeaders: false,
      mustStop: false,
      onSent: () => sent(),
      onEnd: () => ended(),
    };
    if (wish) sighting.wish = wish;
    // Firefox sets headers per request, so there the lane only keeps direct and proxied apart.
    const laneWish = engine === 'chromium' ? wish : undefined;
    const lane = await lanes.enter(url.origin, laneWish);
    sent = lane.leave;

    const deadline = createDeadline(Math.min(request.timeoutMs ?? LONGEST_MS, LONGEST_MS), signal);
    const startedAt = performance.now();
    const progress = { bytes: 0 };
    const facts = (wasFresh: boolean) => {
      const common: {
        url: string;
        durationMs: number;
        wasFresh: boolean;
        cookieBytes?: number;
        headerBytes?: number;
        ip?: string;
        proxy?: Sighting['proxy'];
      } = {
        url: url.href,
        durationMs: Math.round(performance.now() - startedAt),
        wasFresh,
      };
      if (sighting.cookieBytes !== undefined) common.cookieBytes = sighting.cookieBytes;
      if (sighting.headerBytes !== undefined) common.headerBytes = sighting.headerBytes;
      if (sighting.ip) common.ip = sighting.ip;
      if (sighting.proxy) common.proxy = sighting.proxy;
      return common;
    };
    const grace = () => Promise.race([end, new Promise<void>((resolve) => setTimeout(resolve, EVENT_GRACE_MS))]);
    tap.watch(sighting);
    try {
      const response = await doFetch(url.href, {
        method,
        cache: request.cache ?? 'no-store',
        credentials: isWithJar ? 'include' : 'omit',
        ...(request.accept ? { headers: { accept: request.accept } } : {}),
        redirect: request.redirect ?? 'manual',
        referrerPolicy: 'no-referrer',
        signal: deadline.signal,
      });
      sighting.hadHeaders = true;
      if (response.type === 'opaqueredirect') {
        await grace();
        const exchange: Exchange = {
          ...facts(false),
          outcome: 'response',
          status: sighting.status ?? 302,
          protocol: '',
          bytes: 0,
          isComplete: true,
        };
        if (sighting.location) exchange.location = sighting.location;
        return exchange;
      }
      let reading: Reading;
      try {
        reading = await readBody(response, request, progress);
      } catch (error) {
        // A body that never ends is an answer all the same, cut by us.
        if (deadline.why() !== 'timed-out' || progress.bytes === 0) throw error;
        reading = { bytes: progress.bytes, isComplete: false, text: '', body: new Uint8Array() };
      }
      const durationMs = Math.round(performance.now() - startedAt);
      if (reading.isComplete) await grace();
      const timing = await readTiming(url.href, startedAt);
      const exchange: Exchange = {
        ...facts(timing.hasConnected),
        durationMs,
        outcome: 'response',
        status: response.status,
        protocol: timing.protocol || (sighting.protocol ?? ''),
        bytes: reading.bytes,
        isComplete: reading.isComplete,
      };
      if (!exchange.wasFresh && (exchange.protocol === 'h2' || exchange.protocol === 'h3')) exchange.wasShared = true;
      if (request.keepText) exchange.text = reading.text;
      if (request.keepBytes) exchange.body = reading.body;
      if (sighting.location) exchange.location = sighting.location;
      const length = response.headers.get('content-length');
      if (length !== null && /^\d{1,15}$/.test(length)) exchange.contentLength = Number(length);
      if (sighting.security) exchange.security = sighting.security;
      if (response.status === 429 || response.status === 503 || response.headers.has('retry-after')) sighting.mustStop = true;
      return exchange;
    } catch (error) {
      const why = deadline.why();
      if (why) return { ...facts(false), outcome: why };
      const durationMs = Math.round(performance.now() - startedAt);
      await grace();
      // Access may be taken back at any moment; then the browser hides both the answer and the reason.
      if (sighting.error === undefined && !(await canAccess(url))) {
        return { ...facts(false), durationMs, outcome: 'refused-by-us', reason: 'needs-host-access' };
      }
      const raw = sighting.error || (error instanceof Error ? error.message : String(error));
      // A reused connection that breaks before an answer is silently replaced by the browser, so what reaches us was a fresh one.
      return {
        ...facts(!sighting.hadHeaders),
        durationMs,
        outcome: 'failure',
        error: options.classify(raw.slice(0, 300), sighting.hadHeaders, url.href),
        hadHeaders: sighting.hadHeaders,
        bytes: progress.bytes,
      };
    } finally {
      lane.leave();
      deadline.release();
      tap.forget(sighting);
      if (sighting.mustStop && request.party === 'failing-site') budget.stop();
    }
  };

  /**
   * Whether the request is to be sent once more: a connection over HTTP/2 that stood idle and was reset is not replaced by Firefox
   * itself, as those of HTTP/1.1 are and as Chromium does with both.
   */
  const wasLostWithItsConnection = (exchange: Exchange): boolean =>
    engine === 'gecko' && exchange.outcome === 'failure' && !exchange.hadHeaders && isUnexplainedAbort(exchange.error.raw);

  return {
    canSetOwnHeaders,
    async request(request, signal) {
      const refused = (reason: 'budget' | 'asked-to-stop' | 'needs-host-access' | 'not-replayable'): Exchange => ({
        url: request.url,
        durationMs: 0,
        wasFresh: false,
        outcome: 'refused-by-us',
        reason,
      });
      let url: URL;
      try {
        url = new URL(request.url);
      } catch {
        return refused('not-replayable');
      }
      url.hash = '';
      if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '')
        return refused('not-replayable');
      if (!(await hasAccess(url))) return refused('needs-host-access');
      const isCounted = request.party === 'failing-site' || request.party === 'led-to';
      const sendOnce = async (): Promise<Exchange> => {
        const place = isCounted ? await budget.enter(signal) : { leave: () => undefined };
        if ('refused' in place) {
          if (place.refused === 'cancelled') return { url: request.url, durationMs: 0, wasFresh: false, outcome: 'cancelled' };
          return refused(place.refused);
        }
        if (isCounted) options.onSpent?.(budget.spent());
        try {
          return await send(request, url, signal);
        } catch {
          // Only setting up can throw: rules refused, listeners refused. Nothing was sent, so nothing is learnt of the site.
          return { url: request.url, durationMs: 0, wasFresh: false, outcome: 'cancelled' };
        } finally {
          place.leave();
        }
      };
      const first = await sendOnce();
      if (!wasLostWithItsConnection(first)) return first;
      const second = await sendOnce();
      return second.outcome === 'response' || second.outcome === 'failure' ? second : first;
    },
    ownAgent: tap.agent,
    async close() {
      tap.close();
      removeDirect?.();
      await lanes.close();
    },
  };
}
