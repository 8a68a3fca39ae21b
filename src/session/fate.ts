import type { Exchange } from '../model/exchange';
import type { Incident, NetError } from '../model/incident';
import type { Measurements, TabAttempt } from '../model/measurement';
import type { Failure } from '../model/vocabulary';
import { isResetLike } from '../net-errors';

/** What became of one try, as far as it says something about the page's failure; undefined says nothing. */
export type Fate = 'works' | 'fails' | undefined;

/** Whether the walk is about a page that has not failed: the person asked to test an address, and it loaded. */
export const isTrial = (incident: Incident): boolean => incident.isHealthy === true;

/** Whether the "error" is nothing but that we would not wait any longer, and the page has answered since: it is slow, and nothing more. */
const isOnlyOurPatience = ({ error }: Incident, measurements: Partial<Measurements>): boolean => {
  if (error.failure !== 'timed-out' || error.raw !== '') return false;
  const { 'tab-replay': replay, 'own-request': own, repetition, 'last-look': last } = measurements;
  const tries = [...(own?.exchanges ?? []), ...(repetition?.inARow ?? []), ...(last?.exchanges ?? [])];
  return (
    [replay?.plain, replay?.pastCache].some((attempt) => attempt?.outcome === 'loaded') ||
    tries.some(({ outcome }) => outcome === 'response')
  );
};

/** The failure that the walk is about: the incident's, or for a trial the first that our own tries met. */
export const pageError = (incident: Incident, measurements: Partial<Measurements>): NetError | undefined => {
  if (!isTrial(incident)) return isOnlyOurPatience(incident, measurements) ? undefined : incident.error;
  const replay = measurements['tab-replay']?.plain;
  // A tab that failed is a fault, also where nobody named it.
  if (replay?.outcome === 'failed') return replay.error ?? { raw: '', failure: 'failed' };
  if (replay?.error) return replay.error;
  const tries = [...(measurements['own-request']?.exchanges ?? []), ...(measurements.repetition?.inARow ?? [])];
  const isAnswered = measurements['tab-replay']?.pastCache?.outcome === 'loaded' || tries.some(({ outcome }) => outcome === 'response');
  // Our patience is short: a page that answers somebody is slow, and nothing more.
  if (replay?.outcome === 'timed-out') return isAnswered ? undefined : { raw: '', failure: 'timed-out' };
  if (replay?.outcome === 'loaded') {
    // The tab is the page; our own request failing beside a loaded tab is not the person's failure unless it keeps doing so.
    const own = measurements.repetition?.inARow.find((exchange) => exchange.outcome === 'failure');
    return own?.outcome === 'failure' && isResetLike(own.error.failure) ? own.error : undefined;
  }
  for (const exchange of tries) {
    if (exchange.outcome === 'failure') return exchange.error;
    if (exchange.outcome === 'timed-out' && !isAnswered) return { raw: '', failure: 'timed-out' };
  }
  return undefined;
};

const fateOfError = (failure: Failure, page: Failure | undefined): Fate => {
  if (failure === page || isResetLike(failure)) return 'fails';
  return undefined;
};

/** Fate of a request of ours. A time-out counts as the failure only where the page itself timed out: it is not a reset. */
export const fateOf = (exchange: Exchange, page: Failure | undefined): Fate => {
  switch (exchange.outcome) {
    case 'response':
      return 'works';
    case 'failure':
      return fateOfError(exchange.error.failure, page);
    case 'timed-out':
      return page === 'timed-out' ? 'fails' : undefined;
    default:
      return undefined;
  }
};

/** Whether a request of ours reached its peer: an answer, or a certificate error, which only a TLS answer can cause. */
export const reachOf = (exchange: Exchange, page: Failure | undefined): Fate =>
  exchange.outcome === 'failure' && exchange.error.failure === 'certificate' ? 'works' : fateOf(exchange, page);

/** Answers by which a server says that body, address or headers are too long (RFC 9110, RFC 6585). */
const TOO_LONG: ReadonlySet<number> = new Set([413, 414, 431]);

/** What a request that is as long as the failing one, and says nothing, tells of the length; undefined: nothing. */
export const lengthVerdict = (
  exchange: Exchange | undefined,
  page: Failure | undefined,
): 'fails-only-above-a-size' | 'independent' | undefined => {
  if (exchange === undefined) return undefined;
  if (exchange.outcome === 'response' && TOO_LONG.has(exchange.status)) return 'fails-only-above-a-size';
  const fate = fateOf(exchange, page);
  return fate && (fate === 'fails' ? 'fails-only-above-a-size' : 'independent');
};

/** RFC 6585. */
export const TOO_MANY_REQUESTS = 429;

/** Fate of a navigation of the probe tab. */
export const fateOfAttempt = (attempt: TabAttempt | undefined, page: Failure | undefined): Fate => {
  if (!attempt) return undefined;
  // Whoever counts requests answers some and resets others.
  if (attempt.outcome === 'loaded') return attempt.status === TOO_MANY_REQUESTS ? undefined : 'works';
  if (attempt.outcome === 'not-asked' || attempt.outcome === 'no-page') return undefined;
  if (attempt.outcome === 'timed-out') return page === 'timed-out' ? 'fails' : undefined;
  return attempt.error ? fateOfError(attempt.error.failure, page) : 'fails';
};

/** The common fate of several tries; undefined where they differ or say nothing. */
export const commonFate = (fates: readonly Fate[]): Fate => {
  const known = fates.filter((fate) => fate !== undefined);
  if (known.length === 0) return undefined;
  return known.every((fate) => fate === known[0]) ? known[0] : undefined;
};
