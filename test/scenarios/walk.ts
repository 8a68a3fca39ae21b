import type { Exchange } from '../../src/model/exchange';
import type { Incident, NetError } from '../../src/model/incident';
import {
  type BareAddressResult,
  type ControlResult,
  type ExtensionFacts,
  type Measurements,
  PROBE_IDS,
  type TabAttempt,
} from '../../src/model/measurement';
import type { ProbeRun, SessionState } from '../../src/model/session';
import type { Failure } from '../../src/model/vocabulary';

/** Literals that measurements are made of; nothing here judges. */
const AT_MS = 1_700_000_000_000;
export const HOST = 'www.shop-example.com';

export const error = (failure: Failure = 'reset'): NetError => ({ raw: `net::${failure}`, failure });
const base = { url: `https://${HOST}/`, durationMs: 40, wasFresh: true };
export const ok = (more: Partial<Extract<Exchange, { outcome: 'response' }>> = {}): Exchange => ({
  ...base,
  outcome: 'response',
  status: 200,
  protocol: 'h2',
  bytes: 900,
  isComplete: true,
  ...more,
});
export const bad = (failure: Failure = 'reset', more: Partial<Extract<Exchange, { outcome: 'failure' }>> = {}): Exchange => ({
  ...base,
  outcome: 'failure',
  error: error(failure),
  hadHeaders: false,
  bytes: 0,
  ...more,
});
export const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

const BROWSER_HEADERS = ['host', 'user-agent', 'accept', 'accept-language', 'accept-encoding', 'sec-fetch-mode'].map((name) => ({
  name,
  bytes: 40,
}));
export const loads = (more: Partial<TabAttempt> = {}): TabAttempt => ({
  outcome: 'loaded',
  status: 200,
  durationMs: 200,
  requestHeaders: BROWSER_HEADERS,
  redirects: [],
  finalUrl: `https://${HOST}/`,
  ...more,
});
export const breaks = (failure: Failure = 'reset', more: Partial<TabAttempt> = {}): TabAttempt => ({
  outcome: 'failed',
  error: error(failure),
  durationMs: 200,
  requestHeaders: BROWSER_HEADERS,
  redirects: [],
  finalUrl: `https://${HOST}/`,
  ...more,
});
export const withHeader = (name: string, bytes: number) => [...BROWSER_HEADERS, { name, bytes }];

const VENDORS = ['Google', 'Cloudflare', 'Apple', 'Mozilla'];
export const controls = (make: (vendor: string, index: number) => Partial<ControlResult> = () => ({})): { results: ControlResult[] } => ({
  results: VENDORS.map((vendor, index) => ({
    vendor,
    http: ok({ protocol: 'http/1.1' }),
    https: ok(),
    httpVerdict: 'expected',
    isHttp2Expected: true,
    ...make(vendor, index),
  })),
});
export const noControls = (failure: Failure = 'reset') =>
  controls(() => ({ http: bad(failure), https: bad(failure), httpVerdict: 'failed' }));

export const bare = (address: string, more: Partial<BareAddressResult>): BareAddressResult => ({
  address,
  family: address.includes(':') ? 6 : 4,
  origin: 'browser',
  ...more,
});
export const resolvers = (
  own: readonly string[],
  independent: readonly string[],
): Pick<Measurements, 'browser-dns' | 'independent-dns'> => ({
  'browser-dns': { resolver: 'browser', addresses: own, status: 'ok' },
  'independent-dns': { answers: ['Cloudflare', 'Google'].map((resolver) => ({ resolver, addresses: independent, status: 'ok' })) },
});

/** What an always-failing page shows where nothing has been varied. */
export const alwaysFails: Partial<Measurements> = {
  'device-state': { isOnline: true, hasHostAccess: true },
  'proxy-settings': { mode: 'system', heldBy: 'person', servers: [] },
  controls: controls(),
  'own-request': { exchanges: [bad(), bad()] },
  'tab-replay': { plain: breaks(), pastCache: breaks() },
  cookies: { pairs: [], isOnlyDifference: true, cookieBytes: 0 },
  repetition: { inARow: times(3, () => bad()), burst: [], reused: [] },
};

/** Another extension that is able to change requests of the page. */
export const ABLE = {
  id: 'able',
  name: 'Able',
  version: '1',
  isEnabled: true,
  abilities: ['headers'],
  hasHostAccess: true,
  mayDisable: true,
} as const satisfies ExtensionFacts;

/** Probes that start only by a word of the person (Chromium). */
export const BY_CONSENT = [
  'installed-extensions',
  'browser-dns',
  'independent-dns',
  'direct-connection',
  'extensions-off',
  'named-greeting',
  'other-agent',
] as const;

export const incident = (more: Partial<Incident> = {}): Incident => ({
  id: 'i1',
  tabId: 7,
  url: `https://${HOST}/page`,
  host: HOST,
  pageUrl: `https://${HOST}/page`,
  kind: 'main-frame',
  method: 'GET',
  error: error(),
  phase: 'unknown-before-headers',
  firstAtMs: AT_MS,
  lastAtMs: AT_MS,
  count: 1,
  autoReloads: 0,
  redirects: [],
  ...more,
});

/** A session in which these measurements are done and the rest waits, is refused or has nothing to do. */
export const session = (
  measurements: Partial<Measurements>,
  more: {
    incident?: Partial<Incident>;
    engine?: 'chromium' | 'gecko';
    answers?: SessionState['answers'];
    consents?: SessionState['consents'];
  } = {},
): SessionState => ({
  schema: 1,
  id: 's1',
  incident: incident(more.incident),
  environment: {
    os: 'linux',
    browser: more.engine === 'gecko' ? 'firefox' : 'chrome',
    engine: more.engine ?? 'chromium',
    browserVersion: 156,
    language: 'en',
  },
  startedAtMs: AT_MS,
  runs: Object.fromEntries(
    PROBE_IDS.map((id): [string, ProbeRun] => [
      id,
      measurements[id] !== undefined
        ? { status: 'done', durationMs: 20, atMs: AT_MS }
        : id === 'browser-dns'
          ? { status: 'waiting', consent: 'read-browser-dns' }
          : id === 'independent-dns'
            ? { status: 'waiting', consent: 'ask-resolvers' }
            : { status: 'skipped', why: 'not-applicable' },
    ]),
  ) as SessionState['runs'],
  measurements,
  consents: more.consents ?? {},
  answers: more.answers ?? {},
  stepResults: [],
  retests: [],
});
