import type { Exchange, ExchangeRequest, SecurityFacts } from '../model/exchange';
import type { NetError } from '../model/incident';
import { isUnexplainedAbort } from '../net-errors';
import type { BrowserApi, RequestDetails, RequestListener } from './doors/browser-api';
import { type HeaderWish, isWithoutCookies } from './doors/header-lanes';
import type { ListenerLedger } from './doors/listener-ledger';
import type { OpenLanes } from './doors/rule-lanes';
import type { SiteBudget } from './doors/site-budget';

/** Longest that any request of ours may take, ms: the worker is stopped after 30 s of waiting for a fetch. */
const LONGEST_MS = 8000;
/** The error event comes 0.1 to 0.7 ms after the rejection; far more than that, bounded. */
const EVENT_GRACE_MS = 250;
const DEFAULT_MAX_BYTES = 65_536;

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
  /** Removes every listener and rule. */
  close(): Promise<void>;
}

/** What the browser's events told of one request of ours. */
interface Sighting {
  url: string;
  method: string;
  requestId?: string;
  wish?: HeaderWish;
  isDirect: boolean;
  proxyRequestId?: string;
  status?: number;
  location?: string;
  ip?: string;
  fromCache?: boolean;
  cookieBytes?: number;
  headerBytes?: number;
  proxy?: { type: string; host: string; port: number };
  security?: SecurityFacts;
  error?: string;
  hadHeaders: boolean;
  mustStop: boolean;
  protocol?: string;
  /** The request's headers have left (or it is over). */
  onSent(): void;
  onEnd(): void;
}

const utf8 = new TextEncoder();
const EVENT_NAMES = [
  'onBeforeRequest',
  'onBeforeSendHeaders',
  'onSendHeaders',
  'onHeadersReceived',
  'onBeforeRedirect',
  'onResponseStarted',
  'onCompleted',
  'onErrorOccurred',
] as const;

/** `nextHopProtocol` of a status line; empty where it is none. */
export function protocolOf(statusLine: string): string {
  const version = /^HTTP\/(\d)(?:\.(\d))?/.exec(statusLine);
  if (!version) return '';
  return version[1] === '1' ? `http/1.${version[2] ?? '1'}` : `h${version[1]}`;
}

/** Listens to the webRequest events of our own requests, only while there are any. */
function createEventTap(api: BrowserApi, engine: 'chromium' | 'gecko', ledger: ListenerLedger) {
  const ownOrigin = api.runtime.getURL('').replace(/\/$/, '');
  const hosts = new Map<string, Promise<void>>();
  const open: Sighting[] = [];
  const byId = new Map<string, Sighting>();
  const removers: (() => void)[] = [];
  let canBlock = false;

  const isOurs = (details: RequestDetails) =>
    details.tabId === -1 && (details.initiator === ownOrigin || (details.originUrl ?? '').startsWith(`${ownOrigin}/`));

  const claim = (details: RequestDetails): Sighting | undefined => {
    const known = byId.get(details.requestId);
    if (known) return known;
    if (!isOurs(details)) return undefined;
    const sighting = open.find((one) => one.requestId === undefined && one.url === details.url && one.method === details.method);
    if (!sighting) return undefined;
    sighting.requestId = details.requestId;
    byId.set(details.requestId, sighting);
    return sighting;
  };

  const notePeer = (sighting: Sighting, details: RequestDetails) => {
    if (details.ip) sighting.ip = details.ip;
    if (details.fromCache !== undefined) sighting.fromCache = details.fromCache;
    if (details.proxyInfo && details.proxyInfo.type !== 'direct') {
      sighting.proxy = { type: details.proxyInfo.type, host: details.proxyInfo.host ?? '', port: Number(details.proxyInfo.port ?? 0) };
    }
  };
  const noteAnswer = (sighting: Sighting, details: RequestDetails) => {
    notePeer(sighting, details);
    sighting.hadHeaders = true;
    if (details.statusCode !== undefined) sighting.status = details.statusCode;
    // Firefox hides `nextHopProtocol` of other origins, but not this.
    if (engine === 'gecko' && details.statusLine) sighting.protocol = protocolOf(details.statusLine);
    const location = details.redirectUrl ?? details.responseHeaders?.find((header) => header.name.toLowerCase() === 'location')?.value;
    if (location) sighting.location = location;
    const asksToStop = details.responseHeaders?.some((header) => header.name.toLowerCase() === 'retry-after');
    if (asksToStop || details.statusCode === 429 || details.statusCode === 503) sighting.mustStop = true;
  };

  const handlers: Record<(typeof EVENT_NAMES)[number], RequestListener> = {
    onBeforeRequest: (details) => {
      claim(details);
    },
    onBeforeSendHeaders: (details) => {
      const sighting = claim(details);
      if (!sighting?.wish || engine !== 'gecko' || !details.requestHeaders) return undefined;
      const wish = sighting.wish;
      const kept = details.requestHeaders.filter((header) => !(header.name.toLowerCase() in wish));
      const set = Object.entries(wish).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
      return { requestHeaders: [...kept, ...set] };
    },
    onSendHeaders: (details) => {
      const sighting = claim(details);
      if (!sighting) return;
      notePeer(sighting, details);
      const headers = details.requestHeaders ?? [];
      sighting.headerBytes = headers.reduce((sum, header) => sum + header.name.length + 4 + utf8.encode(header.value ?? '').length, 0);
      const cookies = headers.filter((header) => header.name.toLowerCase() === 'cookie');
      sighting.cookieBytes = cookies.reduce((sum, header) => sum + utf8.encode(header.value ?? '').length, 0);
      sighting.onSent();
    },
    onHeadersReceived: (details) => {
      const sighting = claim(details);
      if (!sighting) return undefined;
      noteAnswer(sighting, details);
      if (!canBlock) return undefined;
      const change =
        engine === 'gecko' && isWithoutCookies(sighting.wish)
          ? { responseHeaders: (details.responseHeaders ?? []).filter(({ name }) => name.toLowerCase() !== 'set-cookie') }
          : {};
      if (!details.url.startsWith('https:') || !api.webRequest.getSecurityInfo) return change;
      return api.webRequest
        .getSecurityInfo(details.requestId, { certificateChain: true })
        .then((info) => {
          const leaf = info.certificates?.[0];
          const root = info.certificates?.at(-1);
          if (!leaf || !root) return change;
          sighting.security = { subject: leaf.subject, issuer: leaf.issuer, root: root.subject };
          if (info.protocolVersion) sighting.security.protocolVersion = info.protocolVersion;
          if (root.isBuiltInRoot !== undefined) sighting.security.isBuiltInRoot = root.isBuiltInRoot;
          return change;
        })
        .catch(() => change);
    },
    onBeforeRedirect: (details) => {
      const sighting = claim(details);
      if (sighting) noteAnswer(sighting, details);
    },
    onResponseStarted: (details) => {
      const sighting = claim(details);
      if (sighting) noteAnswer(sighting, details);
    },
    onCompleted: (details) => {
      const sighting = claim(details);
      if (!sighting) return;
      notePeer(sighting, details);
      sighting.onEnd();
    },
    onErrorOccurred: (details) => {
      const sighting = claim(details);
      if (!sighting) return;
      notePeer(sighting, details);
      sighting.error = details.error ?? '';
      sighting.onEnd();
    },
  };

  /** Listens to one more host. The others' listeners stay as they are: taking them away for a moment would lose events. */
  const listen = async (host: string) => {
    const filter = { urls: [`*://${host}/*`], types: ['xmlhttprequest'] };
    canBlock = engine === 'gecko' && (await api.permissions.contains({ permissions: ['webRequestBlocking'] }));
    const extra: Partial<Record<(typeof EVENT_NAMES)[number], string[]>> = {
      onSendHeaders: engine === 'chromium' ? ['requestHeaders', 'extraHeaders'] : ['requestHeaders'],
      onHeadersReceived: canBlock ? ['responseHeaders', 'blocking'] : ['responseHeaders'],
      onBeforeSendHeaders: ['requestHeaders', 'blocking'],
    };
    for (const name of EVENT_NAMES) {
      if (name === 'onBeforeSendHeaders' && !canBlock) continue;
      // A listener of its own for each host: the browsers take a function once per event.
      const listener: RequestListener = (details) => handlers[name](details);
      removers.push(ledger.hear(name, listener, filter, extra[name]));
    }
    await ledger.settled();
  };

  return {
    /** Makes sure that events of this host are heard. */
    hear(host: string): Promise<void> {
      const known = hosts.get(host) ?? listen(host);
      hosts.set(host, known);
      return known;
    },
    watch(sighting: Sighting): void {
      open.push(sighting);
    },
    forget(sighting: Sighting): void {
      const at = open.indexOf(sighting);
      if (at >= 0) open.splice(at, 1);
      if (sighting.requestId !== undefined) byId.delete(sighting.requestId);
    },
    /** For Firefox: whether a request about to choose its proxy is one of ours that wants to go direct. */
    wantsDirect(details: RequestDetails): boolean {
      if (!isOurs(details)) return false;
      const known = byId.get(details.requestId);
      if (known) return known.isDirect;
      const sighting = open.find(
        (one) => one.proxyRequestId === details.requestId || (one.proxyRequestId === undefined && one.url === details.url),
      );
      if (!sighting) return false;
      sighting.proxyRequestId = details.requestId;
      return sighting.isDirect;
    },
    close(): void {
      for (const remove of removers.splice(0)) remove();
      hosts.clear();
    },
  };
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

interface Reading {
  bytes: number;
  isComplete: boolean;
  text: string;
  body: Uint8Array;
}

/** Reads at most `maxBytes`; `progress` keeps the count when the stream breaks. */
async function readBody(response: Response, request: ExchangeRequest, progress: { bytes: number }): Promise<Reading> {
  const maxBytes = request.maxBytes ?? DEFAULT_MAX_BYTES;
  const wanted = request.keepBytes ? maxBytes : Math.min(maxBytes, (request.keepText ?? 0) * 4);
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  const result = (isComplete: boolean): Reading => {
    const body = new Uint8Array(keptBytes);
    let at = 0;
    for (const chunk of kept) {
      body.set(chunk, at);
      at += chunk.length;
    }
    return { bytes: progress.bytes, isComplete, body, text: new TextDecoder().decode(body).slice(0, request.keepText ?? 0) };
  };
  if (!response.body) return result(true);
  const reader = response.body.getReader();
  while (true) {
    if (progress.bytes >= maxBytes) {
      // Stopped at once: a server that never ends would hold the connection.
      await reader.cancel().catch(() => undefined);
      return result(false);
    }
    const { done, value } = await reader.read();
    if (done) return result(true);
    progress.bytes += value.length;
    if (keptBytes < wanted) {
      const part = value.subarray(0, wanted - keptBytes);
      kept.push(part);
      keptBytes += part.length;
    }
  }
}

/** What resource timing told of a request that succeeded. */
async function readTiming(url: string, startedAt: number): Promise<{ protocol: string; hasConnected: boolean }> {
  const find = () =>
    (performance.getEntriesByName(url) as PerformanceResourceTiming[])
      .filter((entry) => entry.startTime >= startedAt - 1)
      .sort((a, b) => a.startTime - b.startTime)[0];
  let entry = find();
  if (!entry) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    entry = find();
  }
  return { protocol: entry?.nextHopProtocol ?? '', hasConnected: entry !== undefined && entry.connectEnd > entry.connectStart };
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
      const sendOnce = async (): Promise<Exchange> => {
        const place = request.party === 'failing-site' ? await budget.enter(signal) : { leave: () => undefined };
        if ('refused' in place) {
          if (place.refused === 'cancelled') return { url: request.url, durationMs: 0, wasFresh: false, outcome: 'cancelled' };
          return refused(place.refused);
        }
        if (request.party === 'failing-site') options.onSpent?.(budget.spent());
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
    async close() {
      tap.close();
      removeDirect?.();
      await lanes.close();
    },
  };
}
