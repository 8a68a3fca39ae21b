import { isAbleToInterfere } from '../../checks/judge';
import type { Exchange } from '../../model/exchange';
import { isPartOfPage, isRepeatable } from '../../model/incident';
import type { Measurements, TabAttempt } from '../../model/measurement';
import type { Failure, ObservationValue } from '../../model/vocabulary';
import { commonFate, fateOf, fateOfAttempt, isTrial, lengthVerdict } from '../fate';
import type { Found, Observer, Seen } from './found';
import { isOwnUpgrade } from './network';
import { proxyInTheWay } from './proxy';
import { fatesInARow, isTabsOwn, tabByTurns } from './repetition';
import { sizeBand } from './site-data';

/** Headers a browser sends with a navigation by itself (Chromium 156, Firefox 153), and the longest each gets, bytes. */
const BROWSER_HEADERS: ReadonlyMap<string, number> = new Map([
  ...[
    'host',
    'connection',
    'upgrade-insecure-requests',
    'dnt',
    'te',
    'priority',
    'cache-control',
    'pragma',
    'if-modified-since',
    'range',
    'purpose',
    'sec-purpose',
    'save-data',
    'device-memory',
    'downlink',
    'rtt',
    'ect',
    'dpr',
    'width',
    'viewport-width',
    'alt-used',
    'keep-alive',
    'sec-gpc',
    'x-client-data',
    'early-data',
    'service-worker-navigation-preload',
  ].map((name): [string, number] => [name, 300]),
  ['user-agent', 400],
  ['accept', 400],
  ['accept-encoding', 120],
  ['accept-language', 300],
  ['if-none-match', 1_000],
  ['referer', 8_192],
  ['origin', 300],
  // Passwords and tokens that the browser keeps may be long.
  ['authorization', 16_384],
  ['proxy-authorization', 16_384],
  // The cookie is compared with our own request's instead.
  ['cookie', Number.POSITIVE_INFINITY],
]);

/** Bytes by which the tab's cookies may exceed ours for innocent reasons (partitioned cookies are not sent with ours). */
const COOKIE_SLACK_BYTES = 512;

/** Names of the tab's headers that neither the browser nor our own request explains. */
export const foreignHeaders = (attempt: TabAttempt, own: readonly Exchange[]): readonly string[] => {
  const foreign = attempt.requestHeaders
    .filter(({ name, bytes, isForeign }) => {
      if (isForeign) return true;
      const isKnown = name.startsWith('sec-fetch-') || name.startsWith('sec-ch-');
      return !(isKnown && bytes <= 600) && bytes > (BROWSER_HEADERS.get(name) ?? -1);
    })
    .map(({ name }) => name);
  // Headers shown without a cookie among them: none left.
  const ours = own
    .map(({ cookieBytes, headerBytes }) => cookieBytes ?? (headerBytes === undefined ? undefined : 0))
    .filter((bytes) => bytes !== undefined);
  const theirs = attempt.cookieBytes ?? attempt.requestHeaders.find(({ name }) => name === 'cookie')?.bytes;
  if (ours.length > 0 && theirs !== undefined && theirs > Math.max(...ours) + COOKIE_SLACK_BYTES) foreign.push('cookie');
  return foreign;
};

/** Whether our own request fails also past every proxy, where nobody's rules and nobody's proxy touch it. */
const isDirectFailing = ({ 'direct-connection': experiment }: Partial<Measurements>, page: Failure): boolean =>
  experiment?.isInEffect === true && commonFate(experiment.direct.map((exchange) => fateOf(exchange, page))) === 'fails';

/** What Chromium says of a redirect that another extension made. */
const BY_EXTENSION = 'WebRequest API';

/** Whether the server where the navigation began, asked by ourselves past every cache, leads to the failing host: then no kept redirect does. */
const isLedThereStill = ({ incident, measurements }: Seen): boolean => {
  const start = measurements['start-address'];
  const last = start?.led ?? start?.own;
  const location = last?.outcome === 'response' && !isOwnUpgrade(last) ? last.location : undefined;
  return (
    last !== undefined &&
    location !== undefined &&
    URL.canParse(location, last.url) &&
    new URL(location, last.url).hostname === incident.host
  );
};

/** Whether our own request had a page where the navigation began: a refusal, or a way that was not followed to its end, may lead anywhere. */
const isStartServed = ({ 'start-address': start }: Partial<Measurements>): boolean => {
  const last = start?.led ?? start?.own;
  return last?.outcome === 'response' && last.status >= 200 && last.status < 300;
};

/**
 * Whether a service worker of the site led the tab from where the navigation began to the address that fails, while our own request,
 * which goes past it, has the page there.
 */
const isLedByWorker = (seen: Seen): boolean => {
  const { 'start-address': start, 'tab-replay': replay } = seen.measurements;
  const tab = start?.tab;
  if (tab?.ledByWorkerFrom === undefined || tab.outcome === 'loaded') return false;
  // At the failing host it is known to fail; whether it did so in the time this once is no matter.
  const isThere = URL.canParse(tab.finalUrl) && new URL(tab.finalUrl).hostname === seen.incident.host;
  return isThere && fateOfAttempt(replay?.plain, seen.page) === 'fails' && isStartServed(seen.measurements);
};

/**
 * Who led the tab from the address where the navigation began to the one that fails: told only where our own request gets an answer
 * at the beginning, or else the way there is not what makes the difference.
 */
const redirectedBy = ({ measurements, environment, page }: Seen): ObservationValue<'redirected-by'> | undefined => {
  const start = measurements['start-address'];
  if (!start || fateOfAttempt(start.tab, page) !== 'fails' || start.own.outcome !== 'response') return undefined;
  // The browser's list keeps the port that was asked for, which a server for plain http may hold.
  if (isOwnUpgrade(start.own) && new URL(start.url).port !== '') return 'https-list';
  // Our own request is led away as well, by the site or by the browser's own list.
  if (start.own.status >= 300 && start.own.status < 400) return 'other';
  if (start.tab.redirectReasons?.length) return start.tab.redirectReasons.includes(BY_EXTENSION) ? 'extension' : 'other';
  // Firefox gives no reason. Where it turns http into https by itself it goes back to http when that fails, or takes our request along.
  const isAble = measurements['installed-extensions']?.extensions.some(
    (one) => isAbleToInterfere(one) && one.abilities.includes('headers'),
  );
  return environment.engine === 'gecko' && isAble && isStartServed(measurements) && start.tab.redirects.length > 0
    ? 'extension'
    : undefined;
};

/**
 * Whether only an old copy of the page asks for the failing part: the tab's did, which came from the cache or a service worker, or the
 * page had come from the cache, and the page past that does not. In Chromium a tab that we navigate has a cache of its own, so
 * that its first load is past the person's [seen]. What a script asks for when it likes proves nothing by not being asked for.
 */
const isPartOutgrown = ({ incident, measurements, page }: Seen): boolean => {
  const replay = measurements['tab-replay'];
  if (!isPartOfPage(incident) || incident.kind !== 'sub-resource') return false;
  if (fateOfAttempt(replay?.plain, page) === 'fails')
    return replay?.plain?.isPageFromCache === true && replay.pastCache?.outcome === 'not-asked';
  return incident.isPageFromCache === true && replay?.plain?.outcome === 'not-asked';
};

/** What the tab has that our own request has not: other extensions, cookies, cache, service worker. */
export const observeBrowser: Observer = (seen) => {
  const { incident, measurements, page, isIntermittent } = seen;
  const found: Found[] = [];
  if (page === undefined) return found;
  const replay = measurements['tab-replay'];
  const tab = fateOfAttempt(replay?.plain, page);
  const row = fatesInARow(measurements, page);
  const own = isTabsOwn(measurements, page) ? 'works' : commonFate(row);

  // A proxy that an extension sets takes our own request too: its failing then clears nobody.
  // A kept redirect led the tab to an address that is out of use: our own request asks for that very address.
  const isOutgrown = !isIntermittent && isPartOutgrown(seen);
  if (isOutgrown) found.push({ id: 'site-state-bypass', value: 'works', by: 'tab-replay' });
  const isLed = isLedByWorker(seen);
  const isRetiredTarget =
    isOutgrown || isLed || (incident.redirects.length > 0 && fateOfAttempt(replay?.pastCache, page) === 'works' && !isLedThereStill(seen));
  const isOursProxied = proxyInTheWay(measurements) === 'extension';
  // A part that its page did not ask for again: that it failed in the tab is the incident itself.
  const isPart =
    (replay?.plain === undefined || replay.plain.outcome === 'not-asked') &&
    incident.kind !== 'main-frame' &&
    !isTrial(incident) &&
    isRepeatable(incident);
  const byTurns = tabByTurns(incident, measurements, page);
  const isWorkers = !isIntermittent && isLed;
  if (isWorkers) found.push({ id: 'site-state-bypass', value: 'works', by: 'start-address' });
  const leader = isIntermittent || isWorkers ? undefined : redirectedBy(seen);
  if (leader) found.push({ id: 'redirected-by', value: leader, by: 'start-address' });
  // What the tab was asked for works for us; where it was led to fails for everybody.
  if (leader === 'extension') found.push({ id: 'extension-bypass', value: 'works', by: 'start-address' });
  else if (byTurns === 'fails') found.push({ id: 'extension-bypass', value: 'works', by: 'tab-replay' });
  else if (
    tab === 'fails' &&
    !isIntermittent &&
    own !== undefined &&
    (own === 'works' || (!isRetiredTarget && (!isOursProxied || isDirectFailing(measurements, page))))
  ) {
    found.push({ id: 'extension-bypass', value: own, by: 'tab-replay' });
  } else if (isPart && own === 'fails' && !isIntermittent && !isOursProxied && !isOutgrown)
    found.push({ id: 'extension-bypass', value: 'fails', by: 'own-request' });
  if (tab === 'fails' && !isIntermittent) {
    const past = fateOfAttempt(replay?.pastCache, page);
    // A load that was not led there this time met another page, and one that the service worker led there is not past it.
    const isPastWorker = !isWorkers && replay?.pastCache?.ledByWorkerFrom === undefined;
    if (past && isPastWorker && !(past === 'works' && isLedThereStill(seen)))
      found.push({ id: 'site-state-bypass', value: past, by: 'tab-replay' });
  }
  if (replay?.plain && replay.plain.requestHeaders.length > 0) {
    const all = foreignHeaders(replay.plain, measurements['own-request']?.exchanges ?? []);
    // A page's scripts add headers as they like, but for those that are the browser's alone.
    const foreign = incident.kind === 'fetch' ? replay.plain.requestHeaders.filter(({ isForeign }) => isForeign) : all;
    if (foreign.length > 0 || incident.kind !== 'fetch')
      found.push({ id: 'tab-headers', value: foreign.length > 0 ? 'extended' : 'as-expected', by: 'tab-replay' });
  }

  const switched = measurements['extensions-off'];
  if (switched && switched.switchedOff.length > 0) {
    const off = commonFate(switched.off.map((attempt) => fateOfAttempt(attempt, page)));
    const on = commonFate(switched.on.map((attempt) => fateOfAttempt(attempt, page)));
    if (off === 'works' && on === 'fails') found.push({ id: 'extensions-disabled', value: 'works', by: 'extensions-off' });
    else if (off === 'fails') found.push({ id: 'extensions-disabled', value: 'fails', by: 'extensions-off' });
  }
  const installed = measurements['installed-extensions'];
  if (
    installed &&
    !installed.extensions.some(isAbleToInterfere) &&
    tab === 'fails' &&
    !found.some(({ id }) => id === 'extensions-disabled')
  ) {
    // The tab failed while no other extension could touch it: that is the test itself.
    found.push({ id: 'extensions-disabled', value: 'fails', by: 'installed-extensions' });
  }

  const cookies = measurements.cookies;
  const hasNone = own === 'fails' && (measurements['own-request']?.exchanges ?? []).every(({ cookieBytes }) => cookieBytes === 0);
  // Our own request had no cookie to send, and failed: that is the test itself.
  if (hasNone && !isIntermittent) found.push({ id: 'cookieless', value: 'fails', by: 'own-request' });
  else if (cookies && !isIntermittent) {
    const included = commonFate(cookies.pairs.map((pair) => fateOf(pair.included, page)));
    const without = commonFate(cookies.pairs.map((pair) => fateOf(pair.without, page)));
    if (included === 'fails' && without !== undefined) {
      found.push({ id: 'cookieless', value: without, by: 'cookies' });
      // Then the cookies explain why our own request fails as the tab does; it clears nobody.
      if (without === 'works') {
        const length = lengthVerdict(cookies.filler, page);
        if (length) found.push({ id: 'url-or-header-size', value: length, by: 'cookies' });
        return [...found.filter(({ id }) => id !== 'extension-bypass'), ...cookieSize(measurements)];
      }
    }
  }
  return [...found, ...cookieSize(measurements)];
};

/** Bytes of the site's cookies, as our own request carries them: the tab's may have been added by another extension. */
const cookieSize = (measurements: Partial<Measurements>): Found[] => {
  const sizes = [
    measurements.cookies?.cookieBytes,
    ...(measurements['own-request']?.exchanges ?? []).map(({ cookieBytes }) => cookieBytes),
  ].filter((bytes) => bytes !== undefined);
  return sizes.length > 0 ? [{ id: 'cookie-header-size', value: sizeBand(Math.max(...sizes)), by: 'cookies' }] : [];
};
