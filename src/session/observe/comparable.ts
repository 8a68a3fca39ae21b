import type { Environment } from '../../model/environment';
import type { Exchange } from '../../model/exchange';
import type { Incident } from '../../model/incident';
import type { Measurements, TabAttempt } from '../../model/measurement';
import { isResetLike } from '../../net-errors';
import { isTrial } from '../fate';

/** A failure that we did not wait for has no words of the browser. */
export const isPresumed = (exchange: Exchange): boolean => exchange.outcome === 'failure' && exchange.error.raw === '';

/** Within this time, ms, whoever is there answers or refuses; what takes longer to fail is silence until somebody's patience ended. */
export const AT_ONCE_MS = 1_500;

/**
 * Whether nothing came of a try before somebody's patience ended. Firefox sends what was reset again, up to ten times, and tells the
 * sum: what took seconds may have failed at once each time, so there a reset is no silence.
 */
export const metSilence = (exchange: Exchange, { engine }: Pick<Environment, 'engine'>): boolean => {
  if (exchange.outcome === 'timed-out' || isPresumed(exchange)) return true;
  if (exchange.outcome !== 'failure' || exchange.hadHeaders || exchange.durationMs < AT_ONCE_MS) return false;
  const { failure } = exchange.error;
  return failure === 'timed-out' || (isResetLike(failure) && engine !== 'gecko');
};

/** What one try is worth beside the page. */
interface Rules {
  exchange(exchange: Exchange): Exchange;
  attempt(attempt: TabAttempt): TabAttempt;
}

const rulesOf = ({ phase, durationMs, error: { failure } }: Incident): Rules => {
  // A page that breaks in the middle of its answer: what we cut, for its length or our time, may have broken later as well.
  const isCut = (exchange: Exchange) => phase === 'response-started' && exchange.outcome === 'response' && !exchange.isComplete;
  // A page that took longer to fail than we wait: silence until then is what the page did, too.
  const isAsSilent = (waitedMs: number) =>
    durationMs !== undefined && isResetLike(failure) && phase !== 'response-started' && durationMs >= waitedMs;
  const presumed = { raw: '', failure };
  return {
    exchange(exchange) {
      const { url, durationMs: waitedMs, wasFresh } = exchange;
      if (isCut(exchange)) return { url, durationMs: waitedMs, wasFresh, outcome: 'cancelled' };
      if (exchange.outcome !== 'timed-out' || !isAsSilent(waitedMs)) return exchange;
      return { url, durationMs: waitedMs, wasFresh, outcome: 'failure', error: presumed, hadHeaders: false, bytes: 0 };
    },
    attempt(attempt) {
      if (attempt.isCut && phase === 'response-started') return { ...attempt, outcome: 'timed-out' };
      return attempt.outcome === 'timed-out' && isAsSilent(attempt.durationMs)
        ? { ...attempt, outcome: 'failed', error: presumed }
        : attempt;
    },
  };
};

/** Measurements as they compare with the page's own failure: without successes and silences that are only our impatience. */
export const comparable = (incident: Incident, measurements: Partial<Measurements>): Partial<Measurements> => {
  if (isTrial(incident)) return measurements;
  const { exchange, attempt } = rulesOf(incident);
  const { 'own-request': own, 'tab-replay': replay, repetition, cookies } = measurements;
  const { 'last-look': last, 'answer-size': size, 'direct-connection': direct } = measurements;
  return {
    ...measurements,
    ...(own && { 'own-request': { exchanges: own.exchanges.map(exchange) } }),
    ...(replay && {
      'tab-replay': {
        ...replay,
        ...(replay.plain && { plain: attempt(replay.plain) }),
        ...(replay.pastCache && { pastCache: attempt(replay.pastCache) }),
      },
    }),
    ...(repetition && {
      repetition: {
        ...repetition,
        inARow: repetition.inARow.map(exchange),
        burst: repetition.burst.map(exchange),
        reused: repetition.reused.map(exchange),
      },
    }),
    ...(last && { 'last-look': { exchanges: last.exchanges.map(exchange), ...(last.tab && { tab: attempt(last.tab) }) } }),
    ...(size && { 'answer-size': { small: exchange(size.small), large: exchange(size.large) } }),
    ...(cookies && {
      cookies: {
        ...cookies,
        pairs: cookies.pairs.map(({ included, without }) => ({ included: exchange(included), without: exchange(without) })),
      },
    }),
    ...(direct && {
      'direct-connection': { ...direct, direct: direct.direct.map(exchange), proxied: direct.proxied.map(exchange) },
    }),
  };
};
