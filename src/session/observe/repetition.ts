import type { Exchange } from '../../model/exchange';
import { type Incident, isPartOfPage, isRepeatable } from '../../model/incident';
import type { Measurements } from '../../model/measurement';
import type { Failure, ObservationValue } from '../../model/vocabulary';
import { commonFate, type Fate, fateOfAttempt, fateOf as fateOfExchange, isTrial, TOO_MANY_REQUESTS } from '../fate';
import type { Found, Observer } from './found';

/** "Too many requests" is no page, and no failure either: whoever counts requests answers some and resets others. */
const fateOf = (exchange: Exchange, page: Failure | undefined): Fate =>
  exchange.outcome === 'response' && exchange.status === TOO_MANY_REQUESTS ? undefined : fateOfExchange(exchange, page);

type Known = Exclude<Fate, undefined>;
const known = (fates: readonly Fate[]): Known[] => fates.filter((fate) => fate !== undefined);

/** Fewest tries from which "always" or "never" is said. */
const ENOUGH_TRIES = 3;
/** Successes of the last look, after nothing but failures, from which the fault counts as over; the number of requests may allow no third. */
const ENOUGH_LAST_LOOKS = 2;
/** Successes in a row after the first failures from which the page counts as mended. */
const LASTING_SUCCESSES = 6;
/** The same after several failures in a row, which chance does not put all first. */
const SUCCESSES_AFTER_SEVERAL = 4;
/** Share of failures from which a fault is called frequent. */
const OFTEN_SHARE = 0.15;

/** Own tries that must all work for the page's coming and going to be the tab's own. */
const OWN_TRIES = 5;

/**
 * What the tab did in the walk where the page is known to fail and to load by turns and our own requests got through each time: then
 * it is the tab that fails now and then. `fails`: seen again meanwhile; `works`: it was lucky.
 */
export const tabByTurns = (incident: Incident, measurements: Partial<Measurements>, page: Failure | undefined): Fate => {
  if (incident.comeBacks === undefined || isTrial(incident) || isStandIn(incident, measurements)) return undefined;
  const { 'own-request': request, repetition } = measurements;
  const tries = [...(request?.exchanges ?? []), ...(repetition?.inARow ?? []), ...(repetition?.burst ?? [])];
  // Over a kept connection the browser hides a reset, and several requests over one are one try.
  const isNew = ({ wasFresh, wasShared }: Exchange) => wasFresh && !wasShared;
  const own = known(tries.filter(isNew).map((exchange) => fateOf(exchange, page)));
  if (own.length < OWN_TRIES || tries.some((exchange) => fateOf(exchange, page) === 'fails')) return undefined;
  const { 'tab-replay': replay, 'last-look': last } = measurements;
  const tab = known([replay?.plain, replay?.pastCache, last?.tab].map((attempt) => fateOfAttempt(attempt, page)));
  if (!tab.includes('works')) return undefined;
  return tab.includes('fails') ? 'fails' : 'works';
};

/** Fates of our own tries, in order: own request, then fresh connections in a row. */
export const fatesInARow = (measurements: Partial<Measurements>, page: Failure | undefined): Known[] =>
  known(
    [...(measurements['own-request']?.exchanges ?? []), ...(measurements.repetition?.inARow ?? [])].map((exchange) =>
      fateOf(exchange, page),
    ),
  );

/** Fates of our own tries, in order, without those over one shared connection: they say nothing of a new one. */
const freshFates = (measurements: Partial<Measurements>, page: Failure | undefined): Known[] => {
  const tries = [...(measurements['own-request']?.exchanges ?? []), ...(measurements.repetition?.inARow ?? [])];
  const fates = known(tries.filter(({ wasShared }) => !wasShared).map((exchange) => fateOf(exchange, page)));
  // Where the browser keeps one connection for all, the tab's own is the other that was new.
  const isSharing = tries.some(({ wasShared }) => wasShared) && !fates.includes('fails');
  return isSharing && fateOfAttempt(measurements['tab-replay']?.plain, page) === 'works' ? ['works', ...fates] : fates;
};

/** What the page did at last, when all else had been measured and nothing had worked. */
const lastFates = (measurements: Partial<Measurements>, page: Failure | undefined): Known[] =>
  known((measurements['last-look']?.exchanges ?? []).filter(({ wasShared }) => !wasShared).map((exchange) => fateOf(exchange, page)));

/** Whether the last look was three answers over one connection: the first of them was new, and more of that kind there is not to be had. */
const isSharedLook = ({ 'last-look': look }: Partial<Measurements>): boolean =>
  look !== undefined && look.exchanges.length >= ENOUGH_TRIES && look.exchanges.some(({ wasShared }) => wasShared);

/** New connections that must have come through for a fault to be over: over kept ones a server that is sick now and then looks well. */
const NEW_CONNECTIONS = 2;
/** Failures that come first. */
const FAILURES_BEFORE = 2;

/**
 * Whether the fault ended while we measured: all that came first failed, and all that came later, on several new connections, worked.
 * What was compared once was then compared across that moment.
 */
export const isOver = (incident: Incident, measurements: Partial<Measurements>, page: Failure | undefined): boolean => {
  // It worked before, and failed again.
  if (incident.comeBacks !== undefined) return false;
  const { 'own-request': own, 'other-agent': agents, repetition, 'direct-connection': direct } = measurements;
  // The tab's own tries came first as well, if it works now.
  const { 'tab-replay': replay, 'last-look': last } = measurements;
  const hasTabComeBack = fateOfAttempt(last?.tab, page) === 'works';
  const tabFailures = hasTabComeBack
    ? [replay?.plain, replay?.pastCache].filter((attempt) => fateOfAttempt(attempt, page) === 'fails').length
    : 0;
  const tries = [
    ...(own?.exchanges ?? []),
    ...(agents?.pairs ?? []).flatMap((pair) => (pair.own ? [pair.other, pair.own] : [pair.other])),
    ...(repetition?.inARow ?? []),
    ...(repetition?.burst ?? []),
    ...(direct?.proxied ?? []),
    ...(measurements['named-greeting']?.exchanges ?? []),
    ...(measurements['last-look']?.exchanges ?? []),
  ].flatMap((exchange) => {
    const fate = fateOf(exchange, page);
    return fate ? [{ fate, isNew: exchange.wasFresh && !exchange.wasShared, isShared: exchange.wasShared === true }] : [];
  });
  const end = tries.findIndex(({ fate }) => fate === 'works');
  if (end < 1 || end + tabFailures < FAILURES_BEFORE || isStandIn(incident, measurements)) return false;
  const after = tries.slice(end);
  // What is shared afterwards was new once, for nothing had come about before.
  const newOnes = after.filter(({ isNew }) => isNew).length + (after.some(({ isShared }) => isShared) ? 1 : 0);
  return after.every(({ fate }) => fate === 'works') && after.length >= SUCCESSES_AFTER_SEVERAL && newOnes >= NEW_CONNECTIONS;
};

const burstFates = (measurements: Partial<Measurements>, page: Failure | undefined): Known[] =>
  known((measurements.repetition?.burst ?? []).map((exchange) => fateOf(exchange, page)));

const count = (fates: readonly Known[], fate: Known): number => fates.filter((one) => one === fate).length;

/** Whether our own requests ask for the origin's root because the failing request may not be repeated (an upload, a one-time link). */
export const isStandIn = (incident: Incident, measurements: Partial<Measurements>): boolean =>
  !isRepeatable(incident) || measurements['tab-replay']?.notTried === 'one-time-link';

/** Whether another request by the very scheme and name works: the site's root, or each time what stands in for the failing request. Then host, name, path and TLS are well, and the request itself is not. */
export const isNameWorking = (incident: Incident, measurements: Partial<Measurements>, page: Failure | undefined): boolean =>
  isRootWorking(measurements) || (isStandIn(incident, measurements) && commonFate(fatesInARow(measurements, page)) === 'works');

/** Whether the site's root works by the very scheme and name by which another page of it fails. */
export const isRootWorking = ({ 'site-root': root }: Partial<Measurements>): boolean => root?.exchange.outcome === 'response';

/** Whether the site's root fails as the page does. */
export const isRootFailing = ({ 'site-root': root }: Partial<Measurements>, page: Failure | undefined): boolean =>
  root !== undefined && fateOf(root.exchange, page) === 'fails';

/** Share of failures of our own up to which they may be chance beside a tab that never works. */
const STRAY_SHARE = 0.25;
/** Our own latest tries that must all work for the tab's steady failing to be the tab's own. */
const LATEST_TRIES = 3;

/**
 * Whether the tab fails each time it is tried while our own request has come to work: a matter of the tab, whatever
 * our first tries met. The failed navigation itself is one try; at least two more of the tab must agree.
 */
export const isTabsOwn = (measurements: Partial<Measurements>, page: Failure | undefined): boolean => {
  const { 'tab-replay': replay, 'extensions-off': off, 'last-look': last, 'own-request': own } = measurements;
  const since = known([...(off?.on ?? []), last?.tab].map((attempt) => fateOfAttempt(attempt, page)));
  const tab = [...known([replay?.plain, replay?.pastCache].map((attempt) => fateOfAttempt(attempt, page))), ...since];
  if (tab.length < 2 || tab.includes('works')) return false;
  const row = freshFates(measurements, page);
  // A tab that was tried only while our own requests failed as well shows when it failed, not where.
  if (since.length === 0 && (own?.exchanges ?? []).some((exchange) => fateOf(exchange, page) === 'fails')) return false;
  const latest = row.slice(-LATEST_TRIES);
  return latest.length === LATEST_TRIES && !latest.includes('fails') && count(row, 'fails') / row.length <= STRAY_SHARE;
};

/** Parts of a page that fail within this time of each other, ms, and their number, are a burst. */
const BURST_MS = 20_000;
const BURST_PARTS = 3;

/** Whether the page itself came from this host, several of its parts failed at once, and now everything there does, the root too. */
const isAfterPage = (
  { kind, host, pageUrl, count: parts, firstAtMs, lastAtMs }: Incident,
  measurements: Partial<Measurements>,
  page: Failure | undefined,
): boolean =>
  (kind === 'sub-resource' || kind === 'fetch') &&
  URL.canParse(pageUrl) &&
  new URL(pageUrl).hostname === host &&
  parts >= BURST_PARTS &&
  lastAtMs - firstAtMs <= BURST_MS &&
  isRootFailing(measurements, page);

/** Whether a try of ours was met by silence for longer than any that was answered took: then it is chance who gets through. */
const isSilentAtTimes = (measurements: Partial<Measurements>): boolean => {
  const tries = [...(measurements['own-request']?.exchanges ?? []), ...(measurements.repetition?.inARow ?? [])];
  const answered = tries.flatMap(({ outcome, durationMs }) => (outcome === 'response' ? [durationMs] : []));
  return answered.length > 0 && tries.some(({ outcome, durationMs }) => outcome === 'timed-out' && durationMs > Math.max(...answered));
};

/** Whether the site said that it counts requests, and resets others: in the burst we may have made it count ourselves. */
const isCounted = (measurements: Partial<Measurements>, page: Failure | undefined): boolean => {
  const { 'own-request': own, 'tab-replay': replay, repetition, 'last-look': last } = measurements;
  const tries = [...(own?.exchanges ?? []), ...(repetition?.inARow ?? []), ...(last?.exchanges ?? [])];
  const tab = [replay?.plain, replay?.pastCache, last?.tab];
  const isSaid =
    tries.some((exchange) => exchange.outcome === 'response' && exchange.status === TOO_MANY_REQUESTS) ||
    tab.some((attempt) => attempt?.outcome === 'loaded' && attempt.status === TOO_MANY_REQUESTS);
  return isSaid && tries.some((exchange) => fateOf(exchange, page) === 'fails');
};

/** Answers of a site that cannot answer: its gateway's, and its own (RFC 9110). Asked one at a time: at once may be too much for a limit. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);
const isUnavailable = ({ 'own-request': own, repetition }: Partial<Measurements>): boolean =>
  [...(own?.exchanges ?? []), ...(repetition?.inARow ?? [])].some(
    (exchange) => exchange.outcome === 'response' && UNAVAILABLE.has(exchange.status),
  );

/** How regularly the page fails when it is asked for by ourselves; undefined while there are too few tries. */
const frequencyOf = (
  incident: Incident,
  measurements: Partial<Measurements>,
  page: Failure | undefined,
): ObservationValue<'frequency'> | undefined => {
  if (tabByTurns(incident, measurements, page) !== undefined) return 'often';
  const row = freshFates(measurements, page);
  // A page that stands in for a request that may not be repeated says something only when it fails.
  if (isStandIn(incident, measurements) && row.includes('works')) return undefined;
  if (isTabsOwn(measurements, page)) return undefined;
  const burst = burstFates(measurements, page);
  const tab = fateOfAttempt(measurements['last-look']?.tab ?? measurements['tab-replay']?.plain, page);
  const failures = count(row, 'fails');
  if (isOver(incident, measurements, page)) return isTrial(incident) ? 'only-first-request' : 'not-reproduced';
  // The tab's failures are tries as well, where those of ours that tell nothing were silence.
  if (row.length < ENOUGH_TRIES) return tab === 'fails' && isSilentAtTimes(measurements) ? 'often' : undefined;
  if (failures === row.length) {
    const last = lastFates(measurements, page);
    if (isAfterPage(incident, measurements, page) && !last.includes('works')) return 'works-then-all-fail';
    const isOnce = incident.comeBacks === undefined;
    if (isOnce && !last.includes('fails') && (last.length >= ENOUGH_LAST_LOOKS || (last.length > 0 && isSharedLook(measurements))))
      return 'not-reproduced';
    // Failed each time in a short while, and yet worked before or after it: the tab's word counts as much as ours.
    return last.includes('works') || tab === 'works' ? 'often' : 'always';
  }
  if (failures === 0) {
    // Our own request works and the tab does not: that is a matter of the browser, not of chance.
    if (tab === 'fails') return undefined;
    // Our own request for a part is not that of its page, which was still under way, or did not come.
    const { outcome } = measurements['tab-replay']?.plain ?? {};
    if (isPartOfPage(incident) && (outcome === 'timed-out' || outcome === 'no-page')) return undefined;
    // A site that says that it cannot answer has not recovered.
    if (isUnavailable(measurements)) return undefined;
    if (count(burst, 'fails') >= 2) return 'only-in-parallel-burst';
    if (count(burst, 'fails') > 0 || isTrial(incident)) return undefined;
    // It has worked before and failed again since.
    return incident.comeBacks === undefined ? 'not-reproduced' : 'often';
  }
  const lastFailure = row.lastIndexOf('fails');
  const firstFailure = row.indexOf('fails');
  if (
    incident.comeBacks === undefined &&
    failures === lastFailure + 1 &&
    // What the tab met belongs to the failures where more than one of ours came first; one alone may be chance.
    row.length - failures >= (failures > 1 ? SUCCESSES_AFTER_SEVERAL : LASTING_SUCCESSES) &&
    count(burst, 'fails') === 0 &&
    (tab !== 'fails' || failures > 1)
  ) {
    return isTrial(incident) ? 'only-first-request' : 'not-reproduced';
  }
  if (firstFailure >= 2 && row.length - firstFailure >= 4 && row.slice(firstFailure).every((fate) => fate === 'fails'))
    return 'works-then-all-fail';
  return failures / row.length >= OFTEN_SHARE ? 'often' : 'rare';
};

/** Whether one try proves nothing about the page, because it fails only now and then. */
const isIntermittent = (frequency: ObservationValue<'frequency'> | undefined): boolean =>
  frequency !== undefined && frequency !== 'always' && frequency !== 'works-then-all-fail';

/**
 * Whether comparisons that were made once say nothing, because the page works now and then; also where there are too few tries to
 * tell how often.
 */
export const isUnsteady = (incident: Incident, measurements: Partial<Measurements>, page: Failure | undefined): boolean => {
  // What is compared while somebody counts requests, shows whose turn it was.
  if (isCounted(measurements, page)) return true;
  const frequency = frequencyOf(incident, measurements, page);
  if (frequency !== undefined) return isIntermittent(frequency);
  // Over a shared connection a success is none of a new one; that the page fails and works is so all the same.
  const look = (measurements['last-look']?.exchanges ?? []).map((exchange) => fateOf(exchange, page));
  const row = [...fatesInARow(measurements, page), ...look];
  const isMixed = (row.includes('works') && row.includes('fails')) || isSilentAtTimes(measurements);
  return isMixed && !isStandIn(incident, measurements) && !isTabsOwn(measurements, page);
};

/** Strict period of the failures among fresh connections in an unbroken row; on kept connections there is none to see. */
export const patternOf = (
  repetition: Measurements['repetition'] | undefined,
  page: Failure | undefined,
): 'periodic' | 'irregular' | undefined => {
  const row = (repetition?.inARow ?? []).slice(repetition?.rowBeforeBurst ?? 0);
  if (row.some(({ outcome, wasFresh }) => outcome === 'response' && !wasFresh)) return undefined;
  const fates = known(row.map((exchange) => fateOf(exchange, page)));
  const at = fates.flatMap((fate, index) => (fate === 'fails' ? [index] : []));
  if (at.length < 3 || at.length === fates.length) return undefined;
  const gap = (at[1] ?? 0) - (at[0] ?? 0);
  return gap >= 2 && at.every((position, index) => index === 0 || position - (at[index - 1] ?? 0) === gap) ? 'periodic' : 'irregular';
};

/** How regularly it fails. */
export const observeRepetition: Observer = ({ incident, measurements, page }) => {
  const found: Found[] = [];
  if (page === undefined) return found;
  const frequency = frequencyOf(incident, measurements, page);
  const byTurns = tabByTurns(incident, measurements, page);
  if (frequency) found.push({ id: 'frequency', value: frequency, by: byTurns === undefined ? 'repetition' : 'incident' });

  // One retry more or less says nothing beside that.
  if (byTurns === 'fails') return found;

  const tab = fateOfAttempt(measurements['tab-replay']?.plain, page);
  const row = fatesInARow(measurements, page);
  if (isStandIn(incident, measurements) && row.includes('works')) return found;
  const isMixed = (row.includes('works') && row.includes('fails')) || isSilentAtTimes(measurements);
  if (lastFates(measurements, page).includes('works')) found.push({ id: 'retry', value: 'succeeds', by: 'last-look' });
  else if (tab === 'fails' && (!row.includes('works') || isTabsOwn(measurements, page)))
    found.push({ id: 'retry', value: 'fails', by: 'tab-replay' });
  else if (tab !== undefined && (row.length === 0 || (tab === 'works' && !row.includes('works'))))
    found.push({ id: 'retry', value: tab === 'works' ? 'succeeds' : 'fails', by: 'tab-replay' });
  else if (isMixed || (row.includes('works') && tab !== 'fails')) found.push({ id: 'retry', value: 'succeeds', by: 'own-request' });
  else if (row.length > 0) found.push({ id: 'retry', value: 'fails', by: 'own-request' });

  const pattern = patternOf(measurements.repetition, page);
  if (pattern) found.push({ id: 'failure-pattern', value: pattern, by: 'repetition' });
  return found;
};
