import type { Exchange } from './exchange';
import type { NetError } from './incident';
import type { ObservationValue } from './vocabulary';

/** One navigation of the inactive probe tab; where the walk is about a part of a page, what became of that part while its page loaded. */
export interface TabAttempt {
  /** Of a part: `not-asked`, its page loaded and did not ask for it; `no-page`, the page did not come, not whole in the time, or another came in its place. */
  outcome: 'loaded' | 'failed' | 'timed-out' | 'not-asked' | 'no-page';
  error?: NetError;
  /** HTTP status of the final answer. */
  status?: number;
  ip?: string;
  durationMs: number;
  /** The final request headers as they left (names lower case, bytes of the value; `isForeign`: not the value that the browser itself sends); empty without host access. */
  requestHeaders: readonly { name: string; bytes: number; isForeign?: true }[];
  cookieBytes?: number;
  /** Redirects taken by the navigation, oldest first. */
  redirects: readonly string[];
  /** URL that finally failed or loaded. */
  finalUrl: string;
  /** It had answered and not ended loading when we stopped waiting. */
  isCut?: true;
  /** The answer came from the browser's cache or a service worker. */
  isFromCache?: boolean;
  /** Of a part: its page came from the browser's cache or a service worker. */
  isPageFromCache?: true;
  /** Why the browser redirected without asking the network, in its own words (Chromium's `Non-Authoritative-Reason`), oldest first. */
  redirectReasons?: readonly string[];
  /** Address at which a service worker of the site answered by leading to another, which no event of a redirect told. */
  ledByWorkerFrom?: string;
  /** It loaded only past a service worker of the site, which had asked for its very address and failed: Firefox goes on without it. */
  isPastWorker?: true;
  /** Errors of requests that a service worker of the site made meanwhile. */
  workerErrors?: readonly NetError[];
}

/** Owner and mode of the browser's proxy. */
export interface ProxyFacts {
  /** Firefox `none`, `system`, `manual`, `auto-detect`, `pac`; Chromium `direct`, `system`, `manual` (fixed servers), `auto-detect`, `pac`. `unknown` where it could not be read. */
  mode: 'direct' | 'system' | 'manual' | 'auto-detect' | 'pac' | 'unknown';
  /** Who holds the setting. `person` includes the command line. */
  heldBy: 'person' | 'policy' | 'other-extension' | 'this-extension' | 'unknown';
  /** Servers or the PAC address as configured, at most 5; without credentials. */
  servers: readonly string[];
  /** Chromium, servers set for all: some hosts are sent past them, by name or address, perhaps this one. */
  hasExceptions?: true;
  /** Firefox: the proxy that a request of ours really took; `none` when it went direct. */
  observed?: 'none' | { type: string; host: string; port: number };
}

/** Another installed extension that is able to interfere with the failing host. */
export interface ExtensionFacts {
  id: string;
  /** As its maker names it, at most 100 characters. */
  name: string;
  version: string;
  isEnabled: boolean;
  /** How it could interfere. `content` only: scripts in the page, not the request. */
  abilities: readonly ('proxy' | 'headers' | 'observe' | 'debugger' | 'vpn' | 'native' | 'content')[];
  /** Whether its host access covers the failing host. */
  hasHostAccess: boolean;
  /** Whether the person (not a policy) may switch it off. */
  mayDisable: boolean;
}

/** One well-known host, over http (captive portal) and https. */
export interface ControlResult {
  vendor: string;
  http: Exchange;
  https: Exchange;
  /** Whether the http answer was the published one. `portal`: redirected or other content. */
  httpVerdict: 'expected' | 'portal' | 'failed';
  /** Whether this vendor's host is known to speak h2 or h3. */
  isHttp2Expected: boolean;
}

/** One address of the failing host, spoken to without its name. */
export interface BareAddressResult {
  address: string;
  family: 4 | 6;
  /** Where the address came from: the browser's own resolution, an earlier answer's `ip`, or independent resolvers. */
  origin: 'browser' | 'earlier-answer' | 'independent';
  /** https to the address: any certificate or TLS-alert error or answer means that TLS answered. */
  tls?: 'reaches' | 'fails' | 'timed-out' | 'not-tried';
  tlsError?: NetError;
  /** http to the address with the address as Host. */
  http?: 'reaches' | 'fails' | 'timed-out' | 'not-tried';
  httpError?: NetError;
  /** http to the address with the failing name as Host (needs the header-rule door). */
  httpWithName?: 'reaches' | 'fails' | 'timed-out' | 'not-tried';
  httpWithNameError?: NetError;
}

/** Address answers for the failing host. */
export interface DnsAnswer {
  /** `browser`: the browser's own resolver; else the resolver's name as shown to people. */
  resolver: string;
  addresses: readonly string[];
  /** `ok`, or why there is none. `unreachable`: the resolver did not answer. */
  status: 'ok' | 'no-such-name' | 'empty' | 'unreachable';
}

/** Who signs a notice of blocking; `private-address`: nobody, but it stands inside the network. */
export type BlockPageAuthor = ObservationValue<'block-page'>;

/** What each probe brings home. Raw facts; `observe` turns them into the vocabulary. */
export interface Measurements {
  /** `navigator.onLine`, connection type where told; about how old the browser's version is. */
  'device-state': { isOnline: boolean; connectionType?: string; hasHostAccess: boolean; browserAgeDays?: number };
  /**
   * The tab's navigation, repeated in an inactive tab: the failing URL as it is, and past the cache and service worker from where the navigation began
   * (before its redirects). For a part of a page its page is loaded, and what becomes of the part is told.
   */
  'tab-replay': { plain?: TabAttempt; pastCache?: TabAttempt; notTried?: 'one-time-link' | 'switched-off' | 'not-get' };
  /** The failing URL by our own request, with the person's cookies. */
  'own-request': { exchanges: readonly Exchange[] };
  /** Own request again and again. Order kept. */
  repetition: {
    /** In a row, asked for fresh connections. */
    inARow: readonly Exchange[];
    /** At once. */
    burst: readonly Exchange[];
    /** In a row on reused connections. */
    reused: readonly Exchange[];
    /** How many of the row came before the burst; absent where none did or the row ended there. */
    rowBeforeBurst?: number;
  };
  /** With and without cookies, alternately; cookies the only difference when `isOnlyDifference`. `filler`: without them, with a header as long that says nothing. */
  cookies: {
    pairs: readonly { included: Exchange; without: Exchange }[];
    isOnlyDifference: boolean;
    cookieBytes?: number;
    filler?: Exchange;
  };
  /**
   * The site's root by the failing scheme and name, where the failing page is another; of a long address the same path without its
   * query. `padded`: where that works, the same path with a query that says nothing and is as long.
   */
  'site-root': { exchange: Exchange; padded?: Exchange };
  /**
   * Where the navigation began before it was redirected: the tab's navigation from there, and our own request to there. `led`: the last
   * answer of our own request, led on by the site, unless that is to the failing host.
   */
  'start-address': { url: string; tab: TabAttempt; own: Exchange; led?: Exchange };
  /** The failing URL under another browser's name, and where that works under our own again. */
  'other-agent': { pairs: readonly { other: Exchange; own?: Exchange }[] };
  /**
   * The other scheme, root path (`isSamePath`: the failing one, another than that), no cookies; same explicit port, or the default
   * ports. `onVeryPort`: the other scheme on the failing scheme's own default port, where the error may mean that the port speaks the other language.
   */
  'other-scheme': {
    scheme: 'http' | 'https';
    isSamePort: boolean;
    isSamePath?: true;
    exchange: Exchange;
    isUpgradedByBrowser: boolean;
    onVeryPort?: Exchange;
    /** Where plain http answered at once and the page took long to fail: the same request, larger than one packet; and the small one again where that brought no answer. */
    large?: { exchange: Exchange; again?: Exchange };
    /** A notice of blocking stood where the unencrypted page should be, by whose words or address. */
    blockPage?: BlockPageAuthor;
  };
  /** The failing host's addresses, spoken to without its name. */
  'bare-address': { results: readonly BareAddressResult[] };
  /** The site spoken to as though it were a proxy over TLS for its own name: a proxy that cannot be reached is TLS that does not come about. Empty: nothing learnt. */
  'named-greeting': { exchanges: readonly Exchange[] };
  /** Firefox: the failing page asked for by the handshake of a WebSocket, without cookies and by no proxy, until that fails. */
  'socket-handshake': { exchanges: readonly Exchange[] };
  /** The failing URL once more, after all else: by our own request where nothing had worked, in a row, ended by the first failure; by the tab where only that had never worked. */
  'last-look': { exchanges: readonly Exchange[]; tab?: TabAttempt };
  /** Other hostnames of the same registrable domain. */
  'sibling-host': { siblings: readonly { host: string; exchange: Exchange }[] };
  /** Well-known hosts of at least three vendors. */
  controls: { results: readonly ControlResult[] };
  'proxy-settings': ProxyFacts;
  /** Other extensions that are able to interfere; needs `management`. */
  'installed-extensions': { extensions: readonly ExtensionFacts[] };
  /** The browser's own answer (Firefox `dns`, Chromium by proxy script). */
  'browser-dns': DnsAnswer;
  /** Independent resolvers over HTTPS, by GET. */
  'independent-dns': { answers: readonly DnsAnswer[] };
  /** Small answer (HEAD, first bytes) against the whole. */
  'answer-size': { small: Exchange; large: Exchange };
  /** Past the proxy, against by the proxy. `isInEffect` false: the setting is held by another, so nothing was learnt. */
  'direct-connection': { isInEffect: boolean; direct: readonly Exchange[]; proxied: readonly Exchange[]; heldBy?: string };
  /** The tab's navigation with all able extensions off, then on again. */
  'extensions-off': {
    switchedOff: readonly string[];
    off: readonly TabAttempt[];
    on: readonly TabAttempt[];
    /** The proxy setting while they were off: where it differs, one of them had set it. */
    proxyWhileOff?: ProxyFacts;
  };
}
export type ProbeId = keyof Measurements;
export const PROBE_IDS = [
  'device-state',
  'proxy-settings',
  'installed-extensions',
  'controls',
  'own-request',
  'tab-replay',
  'cookies',
  'repetition',
  'site-root',
  'start-address',
  'other-agent',
  'other-scheme',
  'browser-dns',
  'independent-dns',
  'bare-address',
  'named-greeting',
  'socket-handshake',
  'sibling-host',
  'answer-size',
  'direct-connection',
  'extensions-off',
  'last-look',
] as const satisfies readonly ProbeId[];
