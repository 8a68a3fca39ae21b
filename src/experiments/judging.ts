import type { Exchange } from '../model/exchange';
import type { Judgement } from '../model/experiment';
import type { Measurements, TabAttempt } from '../model/measurement';
import type { Failure } from '../model/vocabulary';
import { isResetLike } from '../net-errors';

const judgementOfFailure = (failure: Failure | undefined, page: Failure): Judgement =>
  failure === page || (failure !== undefined && isResetLike(failure) && isResetLike(page)) ? 'fails' : 'unclear';

/** What a request of our own says about the page's failure. Any answer works: what it says is the site's business. */
export function judgementOf(exchange: Exchange, page: Failure): Judgement {
  if (exchange.outcome === 'response') return 'works';
  if (exchange.outcome === 'timed-out') return page === 'timed-out' ? 'fails' : 'unclear';
  return exchange.outcome === 'failure' ? judgementOfFailure(exchange.error.failure, page) : 'unclear';
}

/** What a navigation says about it. Throws where the site asks for fewer requests: nothing more is learnt from it now. */
export function judgementOfTab({ outcome, error, status }: TabAttempt, page: Failure): Judgement {
  if (status === 429 || status === 503) throw new Error('asked-to-stop');
  if (outcome === 'loaded') return 'works';
  if (outcome === 'not-asked' || outcome === 'no-page') return 'unclear';
  if (outcome === 'timed-out') return page === 'timed-out' ? 'fails' : 'unclear';
  return judgementOfFailure(error?.failure, page);
}

/** Whether our own requests to the page have met both: then single loads of it tell little. */
export function isComingAndGoing(measurements: Partial<Measurements>, page: Failure): boolean {
  const row = [...(measurements['own-request']?.exchanges ?? []), ...(measurements.repetition?.inARow ?? [])];
  const judged = new Set(row.map((exchange) => judgementOf(exchange, page)));
  return judged.has('works') && judged.has('fails');
}
