import type { Exchange } from '../model/exchange';
import type { Probe } from './context';
import { WHOLE_BODY_BYTES } from './own-request';
import { breaksMidway, siteConsents, targetOf } from './target';

/** Past the proxy against by the proxy, twice each. Shows the person's own address to the site. */
export const directConnection: Probe<'direct-connection'> = {
  id: 'direct-connection',
  after: ['own-request', 'proxy-settings', 'repetition'],
  consents: (context) => ['go-direct', ...siteConsents(context)],
  isExclusive: true,
  deadlineMs: 8000,
  skip({ measurements }) {
    const facts = measurements['proxy-settings'];
    const isSurelyDirect = facts?.mode === 'direct' && (facts.observed === undefined || facts.observed === 'none');
    return isSurelyDirect ? 'not-applicable' : undefined;
  },
  async run(context) {
    const { url } = targetOf(context);
    const twice = async (isDirect: boolean): Promise<Exchange[]> => {
      const exchanges: Exchange[] = [];
      while (exchanges.length < 2 && !context.signal.aborted) {
        const exchange = await context.request({
          url,
          cookies: 'include',
          isDirect,
          isFreshConnection: true,
          party: 'failing-site',
          timeoutMs: 2500,
          // A page that breaks in the middle compares only where it is read as far.
          ...(breaksMidway(context) && { maxBytes: WHOLE_BODY_BYTES }),
        });
        exchanges.push(exchange);
        if (exchange.outcome === 'timed-out') break;
      }
      return exchanges;
    };
    const proxied = await twice(false);
    const outcome = await context.proxy.whileDirect(context.incident.host, () => twice(true));
    if (!outcome.isInEffect) return { isInEffect: false, direct: [], proxied, heldBy: outcome.heldBy };
    return { isInEffect: true, direct: outcome.value, proxied };
  },
};
