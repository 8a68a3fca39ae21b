import type { Exchange } from '../../model/exchange';
import type { ProbeId } from '../../model/measurement';
import type { ObservationValue } from '../../model/vocabulary';
import { tlsAnswerOf } from '../../net-errors';
import { commonFate, fateOf, lengthVerdict, pageError, reachOf } from '../fate';
import { placeOfHost } from '../place';
import { metSilence } from './comparable';
import type { Found, Observer, Seen } from './found';
import { HANDSHAKES, namedTls } from './incident';
import { fatesInARow, isNameWorking } from './repetition';

/**
 * What the failing port speaks, now that the other scheme works on it. A port may speak both, with
 * the name filtered in one of them: it must have been tried without the name, or have said so itself.
 */
const portProtocol = (seen: Seen, isHttpOther: boolean, answer: Exchange) => {
  const { incident, measurements, page } = seen;
  const speaksOther = isHttpOther ? 'speaks-http' : 'speaks-tls';
  if (isHttpOther) {
    // Servers answer plain http on their TLS port with 400 to say just that.
    if (answer.outcome === 'response' && answer.status === 400) return undefined;
    // An alert that only TLS can send.
    const alert = tlsAnswerOf(pageError(incident, measurements) ?? incident.error);
    if (alert === 'no-common-version-or-cipher' || alert === 'unknown-name') return 'as-expected';
  }
  if (page === 'tls-alert-or-protocol') return speaksOther;
  const results = measurements['bare-address']?.results ?? [];
  const own = results.map(({ tls, http }) => (isHttpOther ? tls : http));
  if (own.includes('reaches')) return 'as-expected';
  if (own.includes('fails')) return speaksOther;
  // Names of inner hosts are filtered by nobody.
  return placeOfHost(incident.host) === 'public' ? undefined : speaksOther;
};

/** Whether the page's answer had begun when it broke. */
const hasHadHeaders = ({ incident, measurements }: Seen): boolean =>
  incident.phase === 'response-started' ||
  (measurements['own-request']?.exchanges ?? []).some((exchange) => exchange.outcome === 'failure' && exchange.hadHeaders);

/** Length from which the probe leaves the query away instead of the path, characters. */
const LONG_URL = 4_000;

/** Pairs of names that must agree before a name is what the site minds. */
const AGENT_PAIRS = 2;

/** HTTP answers by which a site, or what stands before it, refuses (RFC 9110, RFC 6585, RFC 7725). */
const REFUSALS: ReadonlyMap<number, ObservationValue<'refusal-status'>> = new Map([
  [429, 'too-many-requests'],
  [503, 'unavailable'],
  [502, 'gateway-error'],
  [504, 'gateway-error'],
  [403, 'forbidden'],
  [451, 'forbidden'],
]);

/** The most telling refusal among the site's answers to requests of ours. */
const refusalOf = (measurements: Seen['measurements']): { value: ObservationValue<'refusal-status'>; by: ProbeId } | undefined => {
  const { 'own-request': own, repetition, 'last-look': last, 'site-root': root, 'other-scheme': other } = measurements;
  const answers: readonly (readonly [ProbeId, readonly Exchange[]])[] = [
    ['own-request', own?.exchanges ?? []],
    ['repetition', repetition?.inARow ?? []],
    ['last-look', last?.exchanges ?? []],
    ['site-root', root ? [root.exchange] : []],
    ['other-scheme', other ? [other.exchange] : []],
  ];
  for (const [status, value] of REFUSALS) {
    const by = answers.find(([, exchanges]) => exchanges.some((exchange) => exchange.outcome === 'response' && exchange.status === status));
    if (by) return { value, by: by[0] };
  }
  return undefined;
};

/**
 * Whether the page itself comes by HTTP/1.1, which the handshake of a WebSocket is mostly sent by, and fails otherwise. It carries no
 * cookies: told only where those make no difference. A refusal and a redirect may be about the handshake, and so may what opens.
 */
const isFailingByHttp2 = ({ measurements, page, isIntermittent }: Seen): boolean => {
  const { 'socket-handshake': handshake, 'own-request': own, cookies } = measurements;
  const answers = handshake?.exchanges ?? [];
  if (isIntermittent || answers.length < HANDSHAKES || commonFate(fatesInARow(measurements, page)) !== 'fails') return false;
  const hasNoCookies = (own?.exchanges ?? []).some(({ cookieBytes }) => cookieBytes === 0);
  const isCookieless = hasNoCookies || commonFate((cookies?.pairs ?? []).map(({ without }) => fateOf(without, page))) === 'fails';
  return (
    isCookieless &&
    answers.every((exchange) => exchange.outcome === 'response' && exchange.status === 200 && /^http\/1/.test(exchange.protocol))
  );
};

/** Whether an answer came, past any proxy, from an address at which the browser looks for the failing host; where it does not say, at which others do. */
const isAtFailingAddress = ({ ip, proxy }: Exchange, measurements: Seen['measurements']): boolean => {
  const own = measurements['browser-dns']?.addresses ?? [];
  const addresses = own.length > 0 ? own : (measurements['independent-dns']?.answers ?? []).flatMap((answer) => answer.addresses);
  return ip !== undefined && proxy === undefined && addresses.includes(ip);
};

/** Whether the server's own greeting, where there is one, is known to have come through. */
const isGreeted = (seen: Seen): boolean =>
  !/^(?:https|wss):/i.test(seen.incident.url) || hasHadHeaders(seen) || namedTls(seen.measurements) === 'completes';

/** What became of a request larger than one packet where a small one was answered at once, before it and after it. */
const largeRequest = ({ environment, measurements }: Seen): ObservationValue<'large-request'> | undefined => {
  const large = measurements['other-scheme']?.large;
  if (large?.exchange.outcome === 'response') return 'arrives';
  return large && metSilence(large.exchange, environment) && large.again?.outcome === 'response' ? 'is-lost' : undefined;
};

/** Tries that broke midway from which the place is told. */
const BREAKS = 4;
/** Places that differ by no more than this share are the same; by so much more, and bytes, they vary. */
const SAME_SHARE = 1.1;
const VARIED_SHARE = 1.5;
const VARIED_BYTES = 16_384;
/** What a reset may drop unread, bytes: as much as a usual buffer holds. By so much more they vary where one ended in a reset. */
const UNREAD_BYTES = 65_536;

/** Whether an answer that breaks midway does so at the same place each time. Before its first byte there is no place in it. */
const breakPlace = (measurements: Seen['measurements']): ObservationValue<'break-place'> | undefined => {
  const { 'own-request': own, repetition, 'direct-connection': apart, 'last-look': last } = measurements;
  const tries = [own?.exchanges, repetition?.inARow, apart?.proxied, apart?.direct, last?.exchanges].flatMap(
    (exchanges) => exchanges ?? [],
  );
  const breaks = tries.flatMap((exchange) =>
    exchange.outcome === 'failure' && exchange.hadHeaders && exchange.bytes > 0
      ? [{ place: exchange.bytes, by: exchange.error.failure }]
      : [],
  );
  if (breaks.length < BREAKS) return undefined;
  const places = breaks.map(({ place }) => place);
  const [nearest, farthest] = [Math.min(...places), Math.max(...places)];
  if (farthest <= nearest * SAME_SHARE) return 'same';
  const isOrderly = breaks.every(({ by }) => by === 'truncated-body');
  const isFarApart = farthest - nearest >= (isOrderly ? VARIED_BYTES : UNREAD_BYTES);
  return isFarApart && farthest >= nearest * VARIED_SHARE ? 'varies' : undefined;
};

/** The site itself: the other scheme, its other hosts, small against large answers. */
export const observeSite: Observer = (seen) => {
  const { incident, measurements, page, isIntermittent } = seen;
  const found: Found[] = [];
  if (page === undefined) return found;

  const root = measurements['site-root'];
  const rootFate = root && fateOf(root.exchange, page);
  if (rootFate) found.push({ id: 'site-root', value: rootFate, by: 'site-root' });
  // The same path with and without its long query, of which the long one fails, whatever it says.
  const length = lengthVerdict(root?.padded, page);
  if (rootFate === 'works' && incident.url.length >= LONG_URL && length)
    found.push({ id: 'url-or-header-size', value: length, by: 'site-root' });

  const agents = isIntermittent ? [] : (measurements['other-agent']?.pairs ?? []);
  const others = commonFate(agents.map(({ other: exchange }) => fateOf(exchange, page)));
  const ours = commonFate(agents.map(({ own }) => own && fateOf(own, page)));
  if (others === 'fails') found.push({ id: 'other-agent', value: 'fails', by: 'other-agent' });
  else if (others === 'works' && ours === 'fails' && agents.length >= AGENT_PAIRS)
    found.push({ id: 'other-agent', value: 'works', by: 'other-agent' });
  const refusal = refusalOf(measurements);
  if (refusal) found.push({ id: 'refusal-status', ...refusal });

  if (isFailingByHttp2(seen)) found.push({ id: 'http-version', value: 'only-http2-fails', by: 'socket-handshake' });

  const other = measurements['other-scheme'];
  // Where what stands in for the request works, the failing scheme works too: there is nothing to compare.
  if (other && !other.isUpgradedByBrowser && !isIntermittent && (other.isSamePath || !isNameWorking(incident, measurements, page))) {
    const isHttpOther = other.scheme === 'http';
    // On the very port any TLS answer tells what it speaks; on another one a stranger's certificate is no page of the site.
    const tried = other.isSamePort && !isHttpOther ? reachOf(other.exchange, page) : fateOf(other.exchange, page);
    // A page that breaks in the middle had its headers by the failing scheme: a small answer by the other one tells nothing.
    const fate = tried === 'works' && hasHadHeaders(seen) ? undefined : tried;
    const isMute = other.isSamePort && portProtocol(seen, isHttpOther, other.exchange) === undefined;
    // On one port the other scheme working is half a proof; without the other half it leads astray.
    if (fate === 'works' && !isMute) {
      found.push({ id: 'other-scheme', value: isHttpOther ? 'http-works-https-fails' : 'https-works-http-fails', by: 'other-scheme' });
      const port = other.isSamePort ? portProtocol(seen, isHttpOther, other.exchange) : undefined;
      if (port) found.push({ id: 'port-protocol', value: port, by: 'other-scheme' });
    } else if (fate === 'fails' && !other.isSamePort) {
      // On one port the other scheme fails by nature; on the default ports both failing is news.
      found.push({ id: 'other-scheme', value: 'both-fail', by: 'other-scheme' });
    } else if (fate === 'fails') found.push({ id: 'port-protocol', value: 'as-expected', by: 'other-scheme' });
    // A network that wants a sign-in leads every page away.
    const isPortal = measurements.controls?.results.some(({ httpVerdict }) => httpVerdict === 'portal');
    if (other.blockPage && !isPortal) found.push({ id: 'block-page', value: other.blockPage, by: 'other-scheme' });
  }

  const place = isIntermittent ? undefined : breakPlace(measurements);
  if (place) found.push({ id: 'break-place', value: place, by: 'repetition' });

  const large = isIntermittent || hasHadHeaders(seen) ? undefined : largeRequest(seen);
  if (large) found.push({ id: 'large-request', value: large, by: 'other-scheme' });

  if (other?.onVeryPort && !isIntermittent && !hasHadHeaders(seen) && !isNameWorking(incident, measurements, page)) {
    const isHttpOther = other.scheme === 'http';
    const fate = isHttpOther ? fateOf(other.onVeryPort, page) : reachOf(other.onVeryPort, page);
    const port = fate === 'works' ? portProtocol(seen, isHttpOther, other.onVeryPort) : fate === 'fails' ? 'as-expected' : undefined;
    if (port) found.push({ id: 'port-protocol', value: port, by: 'other-scheme' });
  }

  const siblings = measurements['sibling-host']?.siblings ?? [];
  const fates = siblings.map(({ exchange }) => reachOf(exchange, page));
  if (placeOfHost(incident.host) === 'loopback') {
    const isSeveral = fates.filter((fate) => fate !== undefined).length > 0;
    if (isSeveral && !isIntermittent)
      found.push({ id: 'loopback-names', value: fates.includes('works') ? 'differ' : 'same', by: 'sibling-host' });
  } else if (!isIntermittent) {
    // One try of a sibling says nothing about a fault that comes and goes.
    if (fates.includes('works')) found.push({ id: 'sibling-host', value: 'works', by: 'sibling-host' });
    // Another address tells little: most sites have many.
    if (siblings.some(({ exchange }) => reachOf(exchange, page) === 'works' && isAtFailingAddress(exchange, measurements)))
      found.push({ id: 'sibling-address', value: 'same', by: 'sibling-host' });
    else if (commonFate(fates) === 'fails') found.push({ id: 'sibling-host', value: 'fails', by: 'sibling-host' });
  }

  const size = measurements['answer-size'];
  if (size && !isIntermittent) {
    const small = fateOf(size.small, page);
    const large = fateOf(size.large, page);
    if (small === 'works' && large === 'fails') {
      found.push({ id: 'response-size', value: 'fails-only-large', by: 'answer-size' });
      const hasBegun = hasHadHeaders(seen) || (size.large.outcome === 'failure' && size.large.hadHeaders);
      found.push({ id: 'large-answer', value: hasBegun ? 'begins' : 'nothing-comes', by: 'answer-size' });
    }
    // The server's part of a TLS handshake is several packets long: until that has come, no answer is a small one.
    else if (small === 'fails' && large === 'fails' && isGreeted(seen))
      found.push({ id: 'response-size', value: 'independent', by: 'answer-size' });
  }
  return found;
};
