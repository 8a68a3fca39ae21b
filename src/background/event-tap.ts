import type { SecurityFacts } from '../model/exchange';
import type { BrowserApi, RequestDetails, RequestListener } from './doors/browser-api';
import { type HeaderWish, isWithoutCookies } from './doors/header-lanes';
import type { ListenerLedger } from './doors/listener-ledger';

/** What the browser's events told of one request of ours. */
export interface Sighting {
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
export function createEventTap(api: BrowserApi, engine: 'chromium' | 'gecko', ledger: ListenerLedger) {
  const ownOrigin = api.runtime.getURL('').replace(/\/$/, '');
  const hosts = new Map<string, Promise<void>>();
  const open: Sighting[] = [];
  const byId = new Map<string, Sighting>();
  const removers: (() => void)[] = [];
  let canBlock = false;
  let agent: string | undefined;

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
      if (sighting.wish?.['user-agent'] === undefined) agent ??= headers.find(({ name }) => name.toLowerCase() === 'user-agent')?.value;
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
    /** The browser's own name as sites are told it, by a request that nobody else touches; undefined before the first. */
    agent: () => agent,
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
