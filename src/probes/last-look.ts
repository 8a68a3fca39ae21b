import type { Exchange } from '../model/exchange';
import type { Probe } from './context';
import { WHOLE_BODY_BYTES } from './own-request';
import { breaksMidway, fails, siteConsents, targetOf, works } from './target';

/** Successes in a row that show that it has passed. */
const ENOUGH_SUCCESSES = 3;

/**
 * The page once more when all else is measured: a fault that passed meanwhile must not be taken for a lasting one. One failure
 * is enough to go by what was measured; a success is asked for again, up to three times.
 */
export const lastLook: Probe<'last-look'> = {
  id: 'last-look',
  after: [
    'own-request',
    'tab-replay',
    'controls',
    'cookies',
    'site-root',
    'start-address',
    'other-agent',
    'other-scheme',
    'sibling-host',
    'answer-size',
    'bare-address',
    'repetition',
    'independent-dns',
    'browser-dns',
    'named-greeting',
    'direct-connection',
    'extensions-off',
  ],
  consents: siteConsents,
  deadlineMs: 8000,
  skip({ measurements, budgetLeft }) {
    const tries = [...(measurements['own-request']?.exchanges ?? []), ...(measurements.repetition?.inARow ?? [])];
    // What works now and then has its answer already, and silence costs seconds each time.
    const isSteady = tries.length > 0 && tries.every((exchange) => fails(exchange) && exchange.outcome !== 'timed-out');
    return isSteady && (budgetLeft?.() ?? ENOUGH_SUCCESSES) > 0 ? undefined : 'not-applicable';
  },
  async run(context) {
    const { url } = targetOf(context);
    const exchanges: Exchange[] = [];
    while (exchanges.length < ENOUGH_SUCCESSES && !context.signal.aborted) {
      const exchange = await context.request({
        url,
        cookies: 'include',
        isFreshConnection: true,
        party: 'failing-site',
        timeoutMs: 2500,
        maxBytes: breaksMidway(context) ? WHOLE_BODY_BYTES : 65_536,
      });
      if (exchange.outcome === 'refused-by-us') break;
      exchanges.push(exchange);
      if (!works(exchange)) break;
    }
    return { exchanges };
  },
};
