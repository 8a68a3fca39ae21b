import type { Exchange } from '../../model/exchange';
import type { Measurements } from '../../model/measurement';

const asUntold = (exchange: Exchange): Exchange => {
  if (exchange.outcome !== 'response' || exchange.isComplete) return exchange;
  const { url, durationMs, wasFresh } = exchange;
  return { url, durationMs, wasFresh, outcome: 'cancelled' };
};

/**
 * Measurements of a page that breaks in the middle of its answer, without the answers that we cut ourselves, for their length or
 * because our time was up: they may have broken later, as the page did, and so they are no success.
 */
export const withoutCutAnswers = (measurements: Partial<Measurements>): Partial<Measurements> => {
  const { 'own-request': own, repetition, 'last-look': last, 'answer-size': size, cookies, 'direct-connection': direct } = measurements;
  return {
    ...measurements,
    ...(own && { 'own-request': { exchanges: own.exchanges.map(asUntold) } }),
    ...(repetition && {
      repetition: {
        ...repetition,
        inARow: repetition.inARow.map(asUntold),
        burst: repetition.burst.map(asUntold),
        reused: repetition.reused.map(asUntold),
      },
    }),
    ...(last && { 'last-look': { exchanges: last.exchanges.map(asUntold) } }),
    ...(size && { 'answer-size': { small: size.small, large: asUntold(size.large) } }),
    ...(cookies && {
      cookies: {
        ...cookies,
        pairs: cookies.pairs.map(({ included, without }) => ({ included: asUntold(included), without: asUntold(without) })),
      },
    }),
    ...(direct && {
      'direct-connection': { ...direct, direct: direct.direct.map(asUntold), proxied: direct.proxied.map(asUntold) },
    }),
  };
};
