import type { Verdict } from '../../src/model/diagnosis';
import type { Exchange } from '../../src/model/exchange';
import type { Incident } from '../../src/model/incident';
import type { Measurements } from '../../src/model/measurement';
import type { SessionState } from '../../src/model/session';
import type { CauseId, Owner } from '../../src/model/vocabulary';
import { ABLE, alwaysFails, bad, bare, breaks, controls, error, HOST, loads, noControls, ok, resolvers, times, withHeader } from './walk';

/** One situation as measurements, and what must come out. Twins: the tell-tale is there and innocent. */
export interface Situation {
  name: string;
  measured: Partial<Measurements>;
  incident?: Partial<Incident>;
  engine?: 'chromium' | 'gecko';
  answers?: SessionState['answers'];
  expect: { verdict: Verdict | readonly Verdict[]; first?: readonly CauseId[]; owner?: Owner };
}

const OWN = '93.184.216.34';
const OTHER = '151.101.1.7';
const SIX = '2606:2800:220:1:248:1893:25c8:1946';
const PRESENT = { atMs: 1 };
const FILTERS: readonly CauseId[] = ['isp-filter', 'organisation-filter', 'router-filter'];
const SERVER: readonly CauseId[] = ['server-block', 'server-crash', 'server-overload'];
const EITHER: readonly Verdict[] = ['cause', 'cannot-tell'];

const sibling = (isUp: boolean): Pick<Measurements, 'sibling-host'> => ({
  'sibling-host': { siblings: [{ host: 'shop-example.com', exchange: isUp ? ok() : bad() }] },
});
const other = (scheme: 'http' | 'https', exchange = ok(), isSamePort = false): Pick<Measurements, 'other-scheme'> => ({
  'other-scheme': { scheme, isSamePort, exchange, isUpgradedByBrowser: false },
});
const addresses = (...results: Measurements['bare-address']['results'][number][]): Pick<Measurements, 'bare-address'> => ({
  'bare-address': { results },
});
const size = (small: boolean, hadHeaders = true): Pick<Measurements, 'answer-size'> => ({
  'answer-size': { small: small ? ok() : bad(), large: bad('reset', { hadHeaders, bytes: 40_000 }) },
});
const direct = (isUp: boolean, isInEffect = true): Pick<Measurements, 'direct-connection'> => ({
  'direct-connection': { isInEffect, direct: isInEffect ? times(2, () => (isUp ? ok() : bad())) : [], proxied: times(2, () => bad()) },
});
const proxied = (
  heldBy: 'person' | 'policy' | 'other-extension' = 'person',
  mode: 'manual' | 'pac' = 'manual',
): Pick<Measurements, 'proxy-settings'> => ({ 'proxy-settings': { mode, heldBy, servers: ['proxy.test:3128'] } });
const ownWorks: Partial<Measurements> = {
  'own-request': { exchanges: [ok({ headerBytes: 400, cookieBytes: 0 }), ok({ headerBytes: 400, cookieBytes: 0 })] },
  repetition: { inARow: times(4, () => ok()), burst: times(4, () => ok()), reused: times(2, () => ok()) },
};
const cookies = (bytes: number, isMended: boolean): Pick<Measurements, 'cookies' | 'own-request'> => ({
  cookies: { pairs: times(3, () => ({ included: bad(), without: isMended ? ok() : bad() })), isOnlyDifference: true, cookieBytes: bytes },
  'own-request': { exchanges: times(2, () => bad('reset', { cookieBytes: bytes, headerBytes: bytes + 500 })) },
});
const serverResets: Partial<Measurements> = {
  ...alwaysFails,
  ...resolvers([OWN], [OWN]),
  ...other('http', bad()),
  ...addresses(bare(OWN, { tls: 'fails', tlsError: error() })),
};
const unanswered = (durationMs: number): Exchange => ({
  url: `http://${HOST}/`,
  durationMs,
  wasFresh: false,
  outcome: 'timed-out',
});
const smallHttp = { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false } as const;
/** No greeting is answered; the page took longer to fail than any try of ours may last. */
const silence: Partial<Measurements> = {
  ...alwaysFails,
  ...resolvers([OWN], [OWN]),
  ...addresses(bare(OWN, { tls: 'timed-out' })),
  'own-request': { exchanges: [unanswered(6_000)] },
  'tab-replay': { plain: { ...loads(), outcome: 'timed-out', durationMs: 4_000 } },
  repetition: { inARow: [], burst: [], reused: [] },
};
const nameFilter: Partial<Measurements> = {
  ...alwaysFails,
  ...resolvers([OWN], [OWN]),
  ...other('http', ok({ status: 301 })),
  ...addresses(bare(OWN, { tls: 'reaches', tlsError: error('certificate') })),
  ...sibling(true),
};
const KEPT = { wasFresh: false, wasShared: true } as const;
const tlsError = (raw: string) => ({ raw, failure: 'tls-alert-or-protocol' }) as const;
const tlsIncident = (raw: string): Partial<Incident> => ({ error: tlsError(raw), phase: 'connecting-or-tls' });
/** A greeting that is answered with an error of TLS, whoever asks. */
const tlsAnswered = (raw: string): Partial<Measurements> => ({
  ...alwaysFails,
  ...resolvers([OWN], [OWN]),
  'own-request': { exchanges: times(2, () => bad('tls-alert-or-protocol')) },
  'tab-replay': { plain: breaks('tls-alert-or-protocol'), pastCache: breaks('tls-alert-or-protocol') },
  repetition: { inARow: times(3, () => bad('tls-alert-or-protocol')), burst: [], reused: [] },
  ...addresses(bare(OWN, { tls: 'reaches', tlsError: tlsError(raw) })),
});
/** By https at the very path. */
const samePath = (exchange: Exchange): Pick<Measurements, 'other-scheme'> => ({
  'other-scheme': { scheme: 'https', isSamePort: false, isSamePath: true, exchange, isUpgradedByBrowser: false },
});
const plain = { url: 'http://www.shop-example.com/page' };
const hostFilter: Partial<Measurements> = {
  ...alwaysFails,
  ...resolvers([OWN], [OWN]),
  ...other('https', bad('refused')),
  ...addresses(bare(OWN, { http: 'reaches', httpWithName: 'fails' })),
  ...sibling(true),
};

export const SITUATIONS: readonly Situation[] = [
  { name: 'filter by server name', measured: nameFilter, expect: { verdict: EITHER, first: FILTERS, owner: 'path' } },
  {
    name: 'filter by server name, http redirect absent, siblings filtered too',
    measured: { ...nameFilter, ...other('http', bad('refused')), ...sibling(false) },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'filter by server name on the network of an organisation',
    measured: nameFilter,
    answers: { 'network-owner': { value: 'organisation', ...PRESENT } },
    expect: { verdict: 'cause', first: ['organisation-filter'] },
  },
  {
    name: 'filter by server name, twin: big cookies that the server takes',
    measured: { ...nameFilter, ...cookies(12_000, false) },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  { name: 'filter by HTTP host', measured: hostFilter, incident: plain, expect: { verdict: EITHER, first: FILTERS, owner: 'path' } },
  {
    name: 'filter by HTTP host on a port of its own, other scheme garbage',
    measured: { ...hostFilter, ...other('https', bad('tls-alert-or-protocol'), true) },
    incident: { url: 'http://www.shop-example.com:8080/' },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'filter by HTTP host, twin: the https side has a bad certificate',
    measured: { ...hostFilter, ...other('https', bad('certificate')) },
    incident: plain,
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'filter by server name, with the notice of an organisation in place of the unencrypted page',
    measured: {
      ...nameFilter,
      'other-scheme': {
        scheme: 'http',
        isSamePort: false,
        exchange: ok({ status: 302 }),
        isUpgradedByBrowser: false,
        blockPage: 'organisation',
      },
    },
    expect: { verdict: EITHER, first: ['organisation-filter'], owner: 'path' },
  },
  {
    name: 'another extension leads to an address that resets',
    measured: {
      ...serverResets,
      'installed-extensions': { extensions: [ABLE] },
      'start-address': {
        url: 'http://www.shop-example.com/page',
        own: ok(),
        tab: breaks('reset', { redirects: ['http://www.shop-example.com/page'], redirectReasons: ['WebRequest API'] }),
      },
    },
    incident: { redirects: ['http://www.shop-example.com/page'] },
    expect: { verdict: 'cause', first: ['browser-extension'] },
  },
  {
    name: 'another extension leads to an address that resets, twin: so does the one that was asked for',
    measured: {
      ...serverResets,
      'installed-extensions': { extensions: [ABLE] },
      'start-address': {
        url: 'http://www.shop-example.com/page',
        own: bad(),
        tab: breaks('reset', { redirects: ['http://www.shop-example.com/page'], redirectReasons: ['WebRequest API'] }),
      },
    },
    incident: { redirects: ['http://www.shop-example.com/page'] },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'a service worker leads to an address that resets',
    measured: {
      ...serverResets,
      'installed-extensions': { extensions: [ABLE] },
      'start-address': {
        url: 'https://app.shop-example.com/page',
        own: ok(),
        tab: breaks('reset', { redirects: ['https://app.shop-example.com/page'], ledByWorkerFrom: 'https://app.shop-example.com/page' }),
      },
    },
    incident: { redirects: ['https://app.shop-example.com/page'] },
    expect: { verdict: 'cause', first: ['browser-site-data'] },
  },
  {
    name: 'a service worker leads to an address that resets, twin: so does the site',
    measured: {
      ...serverResets,
      'start-address': {
        url: 'https://app.shop-example.com/page',
        own: ok({ status: 302, location: 'https://www.shop-example.com/page' }),
        tab: breaks('reset', { redirects: ['https://app.shop-example.com/page'], ledByWorkerFrom: 'https://app.shop-example.com/page' }),
      },
    },
    incident: { redirects: ['https://app.shop-example.com/page'] },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'a site that minds the name of the browser',
    measured: { ...serverResets, 'other-agent': { pairs: times(2, () => ({ other: ok(), own: bad() })) } },
    expect: { verdict: 'cause', first: ['server-block'] },
  },
  {
    name: 'a site that resets, twin: another name is no help',
    measured: { ...serverResets, 'other-agent': { pairs: [{ other: bad() }] } },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'forged DNS',
    measured: {
      ...alwaysFails,
      ...resolvers([OTHER], [OWN]),
      ...other('http', bad()),
      ...addresses(bare(OTHER, { tls: 'fails', tlsError: error() }), bare(OWN, { tls: 'reaches', origin: 'independent' })),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['dns-answer'] },
  },
  {
    name: 'a filter by words of a plain request: the same page comes by https',
    measured: {
      ...alwaysFails,
      'site-root': { exchange: ok() },
      ...samePath(ok()),
      ...resolvers([OWN], [OWN]),
    },
    incident: { ...plain, url: 'http://www.shop-example.com/word' },
    // Few filters read words, and few servers break at a page by one scheme alone.
    expect: { verdict: 'cannot-tell', first: [...FILTERS, 'server-crash'] },
  },
  {
    name: 'a filter by words of a plain request, twin: the page breaks the server by both',
    measured: {
      ...alwaysFails,
      'site-root': { exchange: ok() },
      ...samePath(bad()),
      ...resolvers([OWN], [OWN]),
    },
    incident: { ...plain, url: 'http://www.shop-example.com/word' },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'forged DNS of the IPv6 address alone',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN, '2606:4700:99::7'], [OWN, SIX]),
      ...addresses(
        bare(OWN, { tls: 'reaches' }),
        bare('2606:4700:99::7', { tls: 'fails', tlsError: error() }),
        bare(SIX, { tls: 'reaches', origin: 'independent' }),
      ),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['dns-answer'] },
  },
  {
    name: 'forged DNS of the IPv6 address alone, twin: another of the site’s IPv6 addresses, and IPv6 is broken',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN, '2606:4700:99::7'], [OWN, SIX]),
      ...addresses(
        bare(OWN, { tls: 'reaches' }),
        bare('2606:4700:99::7', { tls: 'fails', tlsError: error() }),
        bare(SIX, { tls: 'fails', tlsError: error(), origin: 'independent' }),
      ),
      ...sibling(true),
    },
    expect: { verdict: EITHER, first: ['ipv6-path'] },
  },
  {
    name: 'forged DNS, private address',
    measured: {
      ...alwaysFails,
      ...resolvers(['10.10.34.35'], [OWN]),
      ...other('http', bad()),
      ...addresses(bare('10.10.34.35', { tls: 'fails', tlsError: error() }), bare(OWN, { tls: 'reaches', origin: 'independent' })),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['dns-answer'] },
  },
  {
    name: 'forged DNS over plain http',
    measured: {
      ...alwaysFails,
      ...resolvers([OTHER], [OWN]),
      ...addresses(
        bare(OTHER, { http: 'fails', httpError: error(), httpWithName: 'fails' }),
        bare(OWN, { http: 'reaches', httpWithName: 'reaches', origin: 'independent' }),
      ),
      ...sibling(true),
    },
    incident: plain,
    expect: { verdict: 'cause', first: ['dns-answer'] },
  },
  {
    name: 'forged DNS, twin: differs by CDN, name filtered',
    measured: {
      ...nameFilter,
      ...resolvers([OTHER], [OWN]),
      ...addresses(bare(OTHER, { tls: 'reaches' }), bare(OWN, { tls: 'reaches', origin: 'independent' })),
    },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'IPv6 broken',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN, SIX], [OWN, SIX]),
      ...other('http', bad()),
      ...addresses(bare(OWN, { tls: 'reaches' }), bare(SIX, { tls: 'fails', tlsError: error() })),
      ...sibling(false),
    },
    expect: { verdict: 'cause', first: ['ipv6-path'] },
  },
  {
    name: 'IPv6 broken, address known from independent resolvers only, sibling well',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN], [OWN, SIX]),
      ...other('http', bad()),
      ...addresses(bare(OWN, { tls: 'reaches' }), bare(SIX, { tls: 'fails', tlsError: error(), origin: 'independent' })),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['ipv6-path'] },
  },
  {
    name: 'IPv6 broken, twin: this device has none',
    measured: {
      ...serverResets,
      ...resolvers([OWN], [OWN, SIX]),
      ...addresses(
        bare(OWN, { tls: 'fails', tlsError: error() }),
        bare(SIX, { tls: 'fails', tlsError: error('unreachable'), origin: 'independent' }),
      ),
      ...sibling(true),
    },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'extension adds a header',
    measured: {
      ...alwaysFails,
      ...ownWorks,
      ...resolvers([OWN], [OWN]),
      'tab-replay': { plain: breaks('reset', { requestHeaders: withHeader('x-coupon-data', 9_000) }), pastCache: breaks() },
    },
    expect: { verdict: 'cause', first: ['browser-extension'] },
  },
  {
    name: 'extension adds a cookie',
    measured: {
      ...alwaysFails,
      ...ownWorks,
      'tab-replay': { plain: breaks('reset', { requestHeaders: withHeader('cookie', 9_000), cookieBytes: 9_000 }), pastCache: breaks() },
    },
    expect: { verdict: 'cause', first: ['browser-extension'] },
  },
  {
    name: 'extension adds a header, twin: an able extension does nothing, cookies too large',
    measured: {
      ...alwaysFails,
      ...cookies(9_500, true),
      'installed-extensions': {
        extensions: [
          { id: 'x', name: 'Able', version: '1', isEnabled: true, abilities: ['headers'], hasHostAccess: true, mayDisable: true },
        ],
      },
      ...other('http', ok({ status: 301 })),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['oversized-headers'] },
  },
  {
    name: 'stale address or pooled socket of the tab',
    measured: { ...alwaysFails, ...ownWorks, ...resolvers([OWN], [OWN]) },
    expect: { verdict: EITHER, first: ['browser-site-data'], owner: 'browser' },
  },
  {
    name: 'stale address, twin: extensions off mends it',
    measured: { ...alwaysFails, ...ownWorks, 'extensions-off': { switchedOff: ['x'], off: [loads(), loads()], on: [breaks()] } },
    expect: { verdict: 'cause', first: ['browser-extension'] },
  },
  {
    name: 'stale cache or service worker',
    measured: { ...alwaysFails, ...ownWorks, 'tab-replay': { plain: breaks(), pastCache: loads() } },
    expect: { verdict: 'cause', first: ['browser-site-data'] },
  },
  {
    name: 'stale redirect that leads to an address out of use',
    measured: { ...serverResets, 'tab-replay': { plain: breaks(), pastCache: loads() }, ...sibling(true) },
    incident: { url: 'https://www.shop-example.com:8443/page', redirects: ['https://www.shop-example.com/page'] },
    expect: { verdict: EITHER, first: ['browser-site-data'], owner: 'browser' },
  },
  {
    name: 'the site itself still leads to the address that is reset; what loads past the cache is another page',
    measured: {
      ...serverResets,
      'tab-replay': { plain: breaks(), pastCache: loads() },
      'start-address': {
        url: 'https://www.shop-example.com/page',
        own: ok({ status: 302, location: 'https://pay.shop-example.com/' }),
        tab: breaks(),
      },
    },
    incident: { url: 'https://pay.shop-example.com/', host: 'pay.shop-example.com', redirects: ['https://www.shop-example.com/page'] },
    expect: { verdict: EITHER, first: ['server-crash', 'server-block', 'isp-filter'] },
  },
  {
    name: 'stale service worker that hides its reason',
    measured: { ...alwaysFails, ...ownWorks, 'tab-replay': { plain: breaks('failed'), pastCache: loads() } },
    incident: { error: error('failed') },
    expect: { verdict: 'cause', first: ['browser-site-data'] },
  },
  {
    name: 'oversized cookies',
    measured: {
      ...alwaysFails,
      ...cookies(9_000, true),
      ...other('http', ok({ status: 301 })),
      ...sibling(true),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
    },
    expect: { verdict: 'cause', first: ['oversized-headers'] },
  },
  {
    name: 'cookies just above a small limit: a header as long is reset too',
    measured: {
      ...serverResets,
      'own-request': { exchanges: [bad('reset', { cookieBytes: 3_900 }), bad('reset', { cookieBytes: 3_900 })] },
      cookies: { ...cookies(3_900, true).cookies, filler: bad() },
    },
    expect: { verdict: 'cause', first: ['oversized-headers'] },
  },
  {
    name: 'cookies of which one breaks the server: a header as long gets through',
    measured: {
      ...serverResets,
      'own-request': { exchanges: [bad('reset', { cookieBytes: 5_000 }), bad('reset', { cookieBytes: 5_000 })] },
      cookies: { ...cookies(5_000, true).cookies, filler: ok() },
    },
    expect: { verdict: 'cause', first: ['browser-site-data'] },
  },
  {
    name: 'oversized cookies, twin: a sibling is filtered by name',
    measured: {
      ...alwaysFails,
      ...cookies(7_000, true),
      ...other('http', bad()),
      ...sibling(false),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
    },
    expect: { verdict: 'cause', first: ['oversized-headers'] },
  },
  {
    name: 'oversized cookies, twin: privacy filter resets two vendors',
    measured: {
      ...alwaysFails,
      ...cookies(7_000, true),
      controls: controls((_vendor, index) => (index < 2 ? { http: bad(), https: bad(), httpVerdict: 'failed' } : {})),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['oversized-headers'] },
  },
  {
    name: 'oversized cookies, twin: interception by a program that passes everything on',
    measured: {
      ...alwaysFails,
      ...cookies(9_000, true),
      controls: controls(() => ({ https: ok({ protocol: 'http/1.1' }) })),
      ...sibling(true),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
    },
    expect: { verdict: 'cause', first: ['oversized-headers'] },
  },
  {
    name: 'oversized cookies, twin: PAC that sends this site direct',
    measured: { ...alwaysFails, ...proxied('person', 'pac'), ...cookies(9_000, true), ...direct(false), ...sibling(true) },
    expect: { verdict: 'cause', first: ['oversized-headers'] },
  },
  {
    name: 'small cookies that the server cannot take',
    measured: { ...alwaysFails, ...cookies(900, true), ...sibling(true) },
    expect: { verdict: 'cause', first: ['browser-site-data'] },
  },
  {
    name: 'proxy that resets this site',
    measured: {
      ...alwaysFails,
      ...proxied(),
      ...direct(true),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
      ...other('http', ok({ status: 301 })),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['proxy-configuration'] },
  },
  {
    name: 'proxy that resets everything',
    measured: {
      ...alwaysFails,
      ...proxied(),
      ...direct(true),
      controls: noControls(),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'fails', tlsError: error() })),
      ...other('http', bad()),
      ...sibling(false),
    },
    expect: { verdict: 'cause', first: ['proxy-configuration'] },
  },
  {
    name: 'proxy that resets, twin: it works and the server resets everybody',
    measured: { ...serverResets, ...proxied(), ...direct(false), ...sibling(true) },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'PAC that points to a dead proxy',
    measured: {
      ...alwaysFails,
      ...proxied('person', 'pac'),
      'own-request': { exchanges: times(2, () => bad('proxy-unreachable')) },
      'tab-replay': { plain: breaks('proxy-unreachable'), pastCache: breaks('proxy-unreachable') },
      repetition: { inARow: times(3, () => bad('proxy-unreachable')), burst: [], reused: [] },
    },
    incident: { error: error('proxy-unreachable') },
    expect: { verdict: 'cause', first: ['proxy-configuration'] },
  },
  {
    name: 'policy proxy that resets',
    measured: { ...alwaysFails, ...proxied('policy'), ...direct(true), ...resolvers([OWN], [OWN]), ...sibling(true) },
    expect: { verdict: EITHER, first: ['proxy-configuration', 'organisation-filter'] },
  },
  {
    name: 'extension sets a proxy that resets everything',
    measured: {
      ...alwaysFails,
      ...proxied('other-extension'),
      ...direct(false, false),
      controls: noControls(),
      ...other('http', bad()),
      ...sibling(false),
    },
    expect: { verdict: EITHER, first: ['browser-extension'] },
  },
  {
    name: 'extension sets a proxy that resets this site',
    measured: {
      ...alwaysFails,
      ...proxied('other-extension'),
      ...direct(false, false),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
      ...other('http', ok({ status: 301 })),
      ...sibling(true),
    },
    expect: { verdict: EITHER, first: ['browser-extension'] },
  },
  {
    name: 'extension sets a proxy, twin: it works and the server resets everybody',
    measured: { ...serverResets, ...proxied('other-extension'), ...direct(false), ...sibling(true) },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'extension sets a proxy that resets this site and reaches no IPv6 address',
    measured: {
      ...alwaysFails,
      ...proxied('other-extension'),
      ...direct(true),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' }), bare('2606:2800::1', { tls: 'fails', tlsError: error() })),
      ...other('http', ok({ status: 301 })),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['browser-extension'] },
  },
  {
    name: 'captive portal',
    measured: {
      ...alwaysFails,
      controls: controls(() => ({ http: ok({ status: 302 }), https: bad(), httpVerdict: 'portal' })),
      ...other('http', ok({ status: 302 })),
      ...sibling(false),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'fails', tlsError: error() })),
    },
    expect: { verdict: 'cause', first: ['captive-portal'] },
  },
  {
    name: 'captive portal, twin: one vendor redirected, server resets everybody',
    measured: {
      ...serverResets,
      controls: controls((_vendor, index) => (index === 2 ? { http: ok({ status: 302 }), httpVerdict: 'portal' } : {})),
      ...sibling(true),
    },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'everything resets',
    measured: {
      ...alwaysFails,
      controls: noControls(),
      ...other('http', bad()),
      ...sibling(false),
      ...direct(false),
      'independent-dns': { answers: [{ resolver: 'Cloudflare', addresses: [], status: 'unreachable' }] },
      'browser-dns': { resolver: 'browser', addresses: [OWN], status: 'ok' },
      ...addresses(bare(OWN, { tls: 'fails', tlsError: error() })),
    },
    expect: { verdict: EITHER, first: ['nat-or-conntrack', 'unstable-link', 'provider-fault'] },
  },
  {
    name: 'everything resets, Firefox without proxy',
    measured: {
      ...alwaysFails,
      'proxy-settings': { mode: 'system', heldBy: 'person', servers: [], observed: 'none' },
      controls: noControls('reset-or-close'),
      ...other('http', bad('reset-or-close')),
      ...sibling(false),
      ...addresses(bare(OWN, { tls: 'fails', tlsError: error('reset-or-close') })),
    },
    engine: 'gecko',
    expect: { verdict: EITHER, first: ['nat-or-conntrack', 'unstable-link', 'provider-fault'] },
  },
  {
    name: 'only secure connections reset everywhere',
    measured: {
      ...alwaysFails,
      controls: controls(() => ({ https: bad() })),
      ...other('http', ok()),
      ...sibling(false),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'fails', tlsError: error() })),
    },
    expect: { verdict: EITHER, first: ['security-software'] },
  },
  {
    name: 'filter by server name, seen apart from the request',
    measured: { ...nameFilter, 'named-greeting': { exchanges: times(2, () => bad('proxy-unreachable')) } },
    expect: { verdict: 'cause', first: FILTERS, owner: 'path' },
  },
  {
    name: 'the same comparisons, twin: TLS with the name comes about and the application resets',
    measured: { ...nameFilter, 'named-greeting': { exchanges: times(2, () => bad()) } },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'a server with no certificate for this name, other names of the site are well at the very address',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN], [OWN]),
      ...other('http'),
      ...addresses(bare(OWN, { tls: 'fails', tlsError: error() })),
      'sibling-host': { siblings: [{ host: 'shop-example.com', exchange: ok({ ip: OWN }) }] },
    },
    expect: { verdict: 'cause', first: ['server-certificate-binding'], owner: 'site' },
  },
  {
    name: 'server resets requests by both schemes, with a name and without',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN], [OWN]),
      ...other('http', bad()),
      ...sibling(true),
      ...addresses(bare(OWN, { tls: 'reaches', http: 'fails', httpError: error() })),
    },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'filters of both schemes, twin: plain http without the name gets through',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN], [OWN]),
      ...other('http', bad()),
      ...sibling(true),
      ...addresses(bare(OWN, { tls: 'reaches', http: 'reaches' })),
    },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'the tab never works for an added header; our own first try met something else',
    measured: {
      ...ownWorks,
      controls: controls(),
      'own-request': { exchanges: [bad('reset', { headerBytes: 400, cookieBytes: 0 }), ok({ headerBytes: 400, cookieBytes: 0 })] },
      'tab-replay': {
        plain: breaks('reset', { requestHeaders: withHeader('x-trace', 9_000) }),
        pastCache: breaks('reset', { requestHeaders: withHeader('x-trace', 9_000) }),
      },
      'last-look': { exchanges: [], tab: breaks('reset', { requestHeaders: withHeader('x-trace', 9_000) }) },
    },
    expect: { verdict: 'cause', first: ['browser-extension'] },
  },
  {
    name: 'the server was down for a moment, in which the tab was tried as well',
    measured: {
      ...ownWorks,
      controls: controls(),
      'own-request': { exchanges: [bad(), bad()] },
      'tab-replay': { plain: breaks(), pastCache: breaks() },
      repetition: { inARow: times(5, () => ok()), burst: [], reused: [] },
      'last-look': { exchanges: [], tab: loads() },
    },
    expect: { verdict: 'cause', first: ['transient'] },
  },
  {
    name: 'IPv6 breaks, and with it every control that has it',
    measured: {
      ...alwaysFails,
      controls: noControls(),
      ...other('http', bad()),
      ...resolvers([OWN, SIX], [OWN, SIX]),
      ...addresses(bare(OWN, { tls: 'reaches' }), bare(SIX, { tls: 'fails', tlsError: error() })),
    },
    expect: { verdict: EITHER, first: ['ipv6-path'] },
  },
  {
    name: 'controls that do not exist here blame nobody',
    measured: { ...nameFilter, controls: noControls('name-not-resolved') },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'interceptor that resets one site (Chromium)',
    measured: { ...nameFilter, controls: controls(() => ({ https: ok({ protocol: 'http/1.1' }) })) },
    expect: { verdict: EITHER, first: ['security-software', 'organisation-filter'] },
  },
  {
    name: 'interceptor that resets one site (Firefox, known maker)',
    measured: {
      ...nameFilter,
      controls: controls(() => ({
        https: ok({
          security: {
            subject: 'CN=x',
            issuer: 'CN=Avast Web/Mail Shield Root',
            root: 'CN=Avast Web/Mail Shield Root',
            isBuiltInRoot: false,
          },
        }),
      })),
    },
    engine: 'gecko',
    expect: { verdict: EITHER, first: ['security-software', 'organisation-filter'] },
  },
  {
    name: 'interceptor, twin: a test authority that keeps HTTP/2',
    measured: {
      ...nameFilter,
      controls: controls(() => ({ https: ok({ security: { subject: 'CN=x', issuer: 'CN=lab', root: 'CN=lab', isBuiltInRoot: false } }) })),
    },
    engine: 'gecko',
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'https resets, http works, the address resets TLS too',
    measured: { ...serverResets, ...other('http', ok()), ...sibling(true) },
    expect: { verdict: EITHER, first: ['server-certificate-binding', 'tls-version-or-cipher'], owner: 'site' },
  },
  {
    name: 'https resets while http works, twin: filtered by name',
    measured: { ...nameFilter, ...other('http', ok()) },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'plain http on a TLS port',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN], [OWN]),
      ...other('https', ok(), true),
      ...addresses(bare(OWN, { http: 'fails', httpError: error(), httpWithName: 'fails' })),
      ...sibling(true),
    },
    incident: { url: 'http://www.shop-example.com:8443/' },
    expect: { verdict: 'cause', first: ['wrong-protocol-on-port'] },
  },
  {
    name: 'plain http on a TLS port, twin: both spoken, filtered by host',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN], [OWN]),
      ...other('https', ok(), true),
      ...addresses(bare(OWN, { http: 'reaches', httpWithName: 'fails' })),
      ...sibling(true),
    },
    incident: { url: 'http://www.shop-example.com:8443/' },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  {
    name: 'https asked of a plain http port',
    measured: {
      ...alwaysFails,
      ...other('http', ok(), true),
      'own-request': { exchanges: times(2, () => bad('tls-alert-or-protocol')) },
      'tab-replay': { plain: breaks('tls-alert-or-protocol'), pastCache: breaks('tls-alert-or-protocol') },
      repetition: { inARow: times(3, () => bad('tls-alert-or-protocol')), burst: [], reused: [] },
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches', tlsError: error('tls-alert-or-protocol') })),
    },
    incident: { url: 'https://www.shop-example.com:8080/', error: error('tls-alert-or-protocol') },
    expect: { verdict: 'cause', first: ['wrong-protocol-on-port'] },
  },
  {
    name: 'plain http on the very port of https',
    measured: {
      ...tlsAnswered('net::ERR_SSL_PROTOCOL_ERROR'),
      'other-scheme': { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false, onVeryPort: ok() },
    },
    incident: tlsIncident('net::ERR_SSL_PROTOCOL_ERROR'),
    expect: { verdict: 'cause', first: ['wrong-protocol-on-port'] },
  },
  {
    name: 'no TLS version in common',
    measured: {
      ...tlsAnswered('net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH'),
      'other-scheme': { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false, onVeryPort: bad('empty-response') },
    },
    incident: tlsIncident('net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH'),
    expect: { verdict: 'cause', first: ['tls-version-or-cipher'] },
  },
  {
    name: 'no TLS version in common, and the port says that plain http is the wrong language there',
    measured: {
      ...tlsAnswered('net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH'),
      'other-scheme': { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false, onVeryPort: ok({ status: 400 }) },
    },
    incident: tlsIncident('net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH'),
    expect: { verdict: 'cause', first: ['tls-version-or-cipher'] },
  },
  {
    name: 'no certificate for the name, which the server says',
    measured: {
      ...tlsAnswered('net::ERR_SSL_UNRECOGNIZED_NAME_ALERT'),
      'other-scheme': { scheme: 'http', isSamePort: false, exchange: ok(), isUpgradedByBrowser: false, onVeryPort: bad('empty-response') },
      ...addresses(bare(OWN, { tls: 'reaches', tlsError: error('certificate') })),
    },
    incident: tlsIncident('net::ERR_SSL_UNRECOGNIZED_NAME_ALERT'),
    expect: { verdict: 'cause', first: ['server-certificate-binding'] },
  },
  {
    name: 'a short outage, over before the checks were',
    measured: { ...serverResets, 'last-look': { exchanges: times(3, () => ok()) } },
    expect: { verdict: EITHER, first: ['transient'] },
  },
  {
    name: 'a server that takes the last look as badly as the first',
    measured: { ...serverResets, 'last-look': { exchanges: [bad()] } },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'a site that forbids plain http and resets https after the greeting',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN], [OWN]),
      ...other('http', ok({ status: 403 })),
      ...addresses(bare(OWN, { tls: 'reaches' })),
      ...sibling(false),
      'named-greeting': { exchanges: times(2, () => bad()) },
    },
    expect: { verdict: EITHER, first: ['server-block', 'server-crash'], owner: 'site' },
  },
  {
    name: 'one page of a site that crashes',
    measured: {
      ...alwaysFails,
      ...other('http', ok({ status: 301 })),
      ...addresses(bare(OWN, { tls: 'reaches' })),
      'site-root': { exchange: ok() },
    },
    expect: { verdict: EITHER, first: ['server-crash', 'server-block', 'server-timeout'], owner: 'site' },
  },
  {
    name: 'overload: our own tries all failed, the tab came through',
    measured: { ...serverResets, 'tab-replay': { plain: loads() }, 'last-look': { exchanges: [ok(), bad()] } },
    expect: { verdict: EITHER, first: ['server-overload', 'load-balancer', 'unstable-link', 'server-crash'] },
  },
  {
    name: 'HTTP/2: all of ours went over one kept connection',
    measured: {
      ...alwaysFails,
      'tab-replay': { plain: breaks(), pastCache: loads() },
      'own-request': { exchanges: [bad(), ok()] },
      repetition: { inARow: [ok({ wasFresh: true })], burst: times(4, () => ok(KEPT)), reused: times(2, () => ok(KEPT)) },
    },
    expect: { verdict: EITHER, first: ['server-overload', 'load-balancer', 'unstable-link', 'transient', 'http2-or-quic'] },
  },
  {
    name: 'filter that reads the name in both schemes, siblings free',
    measured: { ...nameFilter, ...other('http', bad()), ...addresses(bare(OWN, { tls: 'reaches', http: 'reaches' })) },
    expect: { verdict: EITHER, first: FILTERS, owner: 'path' },
  },
  { name: 'server resets all', measured: { ...serverResets, ...sibling(true) }, expect: { verdict: EITHER, first: SERVER, owner: 'site' } },
  {
    name: 'server resets all, siblings at the same address',
    measured: { ...serverResets, ...sibling(false) },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'server resets all after the request',
    measured: { ...serverResets, ...sibling(true), ...addresses(bare(OWN, { tls: 'reaches', http: 'fails', httpError: error() })) },
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'server resets all over plain http',
    measured: {
      ...alwaysFails,
      ...resolvers([OWN], [OWN]),
      ...other('https', bad('refused')),
      ...addresses(bare(OWN, { http: 'fails', httpError: error(), httpWithName: 'fails' })),
      ...sibling(true),
    },
    incident: plain,
    expect: { verdict: EITHER, first: SERVER, owner: 'site' },
  },
  {
    name: 'one in three, in turn',
    measured: {
      ...alwaysFails,
      'own-request': { exchanges: [bad(), ok()] },
      'tab-replay': { plain: loads() },
      repetition: {
        inARow: times(9, (index) => (index % 3 === 1 ? bad() : ok())),
        burst: [bad(), ok(), ok(), bad()],
        reused: [ok(), ok()],
      },
    },
    expect: { verdict: EITHER, first: ['load-balancer', 'server-overload'], owner: 'site' },
  },
  {
    name: 'one in three, at random',
    measured: {
      ...alwaysFails,
      'own-request': { exchanges: [ok(), bad()] },
      'tab-replay': { plain: breaks() },
      repetition: {
        inARow: [ok(), bad(), bad(), ok(), ok(), bad(), ok(), ok(), bad()],
        burst: [bad(), ok(), ok(), ok()],
        reused: [ok(), ok()],
      },
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
    },
    expect: { verdict: EITHER, first: ['server-overload', 'load-balancer'], owner: 'site' },
  },
  {
    name: 'one in three, twin: everything on this line does',
    measured: {
      ...alwaysFails,
      controls: controls((_vendor, index) => (index % 2 === 0 ? { http: bad(), https: bad(), httpVerdict: 'failed' } : {})),
      'own-request': { exchanges: [bad(), ok()] },
      'tab-replay': { plain: loads() },
      repetition: {
        inARow: times(9, (index) => (index % 3 === 1 ? bad() : ok())),
        burst: [bad(), ok(), ok(), bad()],
        reused: [ok(), ok()],
      },
    },
    expect: { verdict: EITHER, first: ['unstable-link', 'nat-or-conntrack', 'provider-fault', 'security-software'] },
  },
  {
    name: 'only in a parallel burst',
    measured: {
      ...alwaysFails,
      ...ownWorks,
      'tab-replay': { plain: loads() },
      repetition: { inARow: times(4, () => ok()), burst: [ok(), bad(), bad(), bad()], reused: [ok(), ok()] },
    },
    expect: { verdict: EITHER, first: ['server-overload', 'server-block'], owner: 'site' },
  },
  {
    name: 'first two only',
    measured: {
      ...alwaysFails,
      ...ownWorks,
      'tab-replay': { plain: loads() },
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['transient'] },
  },
  {
    name: 'first two only, one of them ours',
    measured: {
      ...alwaysFails,
      'own-request': { exchanges: [bad(), ok()] },
      'tab-replay': { plain: loads() },
      repetition: { inARow: times(9, () => ok()), burst: times(4, () => ok()), reused: times(2, () => ok()) },
      ...sibling(true),
    },
    expect: { verdict: 'cause', first: ['transient'] },
  },
  {
    name: 'TLS ends in silence, and so does a large request by plain http',
    measured: {
      ...silence,
      'other-scheme': { ...smallHttp, large: { exchange: unanswered(3_000), again: ok() } },
    },
    incident: { durationMs: 8_700, durationsMs: [8_700, 8_350, 8_690] },
    expect: { verdict: 'cause', first: ['path-mtu'], owner: 'local-network' },
  },
  {
    name: 'TLS ends in silence, twin: a large request by plain http is answered',
    measured: { ...silence, 'other-scheme': { ...smallHttp, large: { exchange: ok() } } },
    incident: { durationMs: 8_700, durationsMs: [8_700, 8_350, 8_690] },
    expect: { verdict: 'cannot-tell', first: ['load-balancer', 'server-timeout', 'server-block'] },
  },
  {
    name: 'mid-body',
    measured: {
      ...alwaysFails,
      'own-request': { exchanges: times(2, () => bad('reset', { hadHeaders: true, bytes: 30_000 })) },
      ...size(true),
      ...sibling(true),
      ...other('http', ok({ status: 301 })),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
    },
    incident: { phase: 'response-started' },
    expect: { verdict: EITHER, first: ['server-crash', 'server-timeout', 'load-balancer'], owner: 'site' },
  },
  {
    name: 'mid-body, now here and now there, through an inspection that passes what else is asked for',
    measured: {
      ...alwaysFails,
      controls: controls(() => ({ https: ok({ protocol: 'http/1.1' }) })),
      'own-request': { exchanges: [120_832, 160_768].map((bytes) => bad('truncated-body', { hadHeaders: true, bytes })) },
      repetition: {
        inARow: [161_792, 86_016, 50_176].map((bytes) => bad('truncated-body', { hadHeaders: true, bytes })),
        burst: [],
        reused: [],
      },
      'tab-replay': { plain: breaks('truncated-body'), pastCache: breaks('truncated-body') },
      ...sibling(true),
      ...other('http', ok({ status: 301 })),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
    },
    // Who opens TLS ends it in order, whatever the site did.
    incident: { phase: 'response-started', error: error('truncated-body') },
    expect: { verdict: EITHER, first: ['server-crash', 'load-balancer', 'server-timeout'], owner: 'site' },
  },
  {
    name: 'mid-body, twin: an inspection cuts the page at one place',
    measured: {
      ...alwaysFails,
      controls: controls(() => ({ https: ok({ protocol: 'http/1.1' }) })),
      'own-request': { exchanges: times(2, () => bad('reset', { hadHeaders: true, bytes: 50_176 })) },
      repetition: { inARow: times(3, () => bad('reset', { hadHeaders: true, bytes: 50_176 })), burst: [], reused: [] },
      ...direct(false),
      ...sibling(true),
      ...other('http', ok({ status: 301 })),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { tls: 'reaches' })),
    },
    incident: { phase: 'response-started' },
    expect: { verdict: EITHER, first: ['security-software', 'organisation-filter'] },
  },
  {
    name: 'mid-body over plain http, the bare address gives a small answer',
    measured: {
      ...alwaysFails,
      'own-request': { exchanges: times(2, () => bad('reset', { hadHeaders: true, bytes: 30_000 })) },
      ...size(true),
      ...sibling(true),
      ...resolvers([OWN], [OWN]),
      ...addresses(bare(OWN, { http: 'reaches' })),
    },
    incident: { ...plain, phase: 'response-started' },
    expect: { verdict: EITHER, first: ['server-crash', 'server-timeout', 'load-balancer'], owner: 'site' },
  },
  {
    name: 'mid-body, twin: the proxy cuts it',
    measured: {
      ...alwaysFails,
      ...proxied(),
      ...direct(true),
      'own-request': { exchanges: times(2, () => bad('reset', { hadHeaders: true, bytes: 30_000 })) },
      ...size(true),
      ...sibling(true),
    },
    incident: { ...plain, phase: 'response-started' },
    expect: { verdict: 'cause', first: ['proxy-configuration'] },
  },
  {
    name: 'healthy page',
    measured: { ...alwaysFails, ...ownWorks, 'tab-replay': { plain: loads() }, ...proxied(), ...resolvers([OTHER], [OWN]) },
    incident: { isHealthy: true, error: { raw: '', failure: 'failed' } },
    expect: { verdict: 'no-fault' },
  },
  {
    name: 'refused',
    measured: {
      ...alwaysFails,
      'own-request': { exchanges: [bad('refused'), bad('refused')] },
      'tab-replay': { plain: breaks('refused') },
    },
    incident: { error: error('refused') },
    expect: { verdict: 'not-a-reset' },
  },
  {
    name: 'certificate error',
    measured: { ...alwaysFails, 'tab-replay': { plain: breaks('certificate') } },
    incident: { error: error('certificate') },
    expect: { verdict: 'not-a-reset' },
  },
  {
    name: 'blocked inside the browser',
    measured: { ...alwaysFails, ...ownWorks },
    incident: { error: error('blocked-by-client') },
    expect: { verdict: 'not-a-reset' },
  },
  {
    name: 'timed out and nothing else known',
    measured: { controls: controls() },
    incident: { error: error('timed-out') },
    expect: { verdict: 'not-a-reset' },
  },
  {
    name: 'published container port on this machine',
    measured: { ...alwaysFails, controls: controls() },
    incident: { url: 'http://localhost:8080/', host: 'localhost' },
    answers: { 'runs-in-container': { value: 'yes', ...PRESENT } },
    expect: { verdict: EITHER, first: ['container-port'], owner: 'site' },
  },
  {
    name: 'upload that is never sent again',
    measured: { ...alwaysFails, ...ownWorks, 'tab-replay': { notTried: 'not-get' } },
    incident: { method: 'POST', kind: 'fetch' },
    answers: { 'request-size': { value: 'fails-only-above-a-size', ...PRESENT } },
    expect: { verdict: EITHER, first: ['upload-limit', 'unread-body'], owner: 'site' },
  },
];
