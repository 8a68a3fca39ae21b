import type { Exchange } from '../model/exchange';
import { isResetLike } from '../net-errors';
import type { Probe } from './context';
import { addressAsHost, literalAddress } from './hosts';
import { httpUrl, siteConsents, works } from './target';

const TRIES = 2;

/**
 * TLS with the name, seen apart from the request in it: the site is spoken to as though it were a proxy over TLS for its own
 * name, because browsers say of a proxy, and of nothing else, whether its TLS came about. What arrives is a plain GET for the
 * site's own root in absolute form, which every server takes (RFC 9112 §3.2.2).
 */
export const namedGreeting: Probe<'named-greeting'> = {
  id: 'named-greeting',
  after: ['own-request', 'tab-replay', 'proxy-settings', 'direct-connection'],
  // Chromium calls it `system` also where a system proxy is in use: then this goes past it and shows the person's own address.
  consents: (context) => ['go-direct', ...siteConsents(context)],
  isExclusive: true,
  deadlineMs: 7000,
  skip({ incident, measurements, proxy }) {
    if (!proxy.whileRelayed) return 'cannot-in-this-browser';
    const own = measurements['own-request']?.exchanges ?? [];
    const isReset = own.some((exchange) => exchange.outcome === 'failure' && !exchange.hadHeaders && isResetLike(exchange.error.failure));
    const facts = measurements['proxy-settings'];
    // Behind a proxy it would be another way than the page's, unless that way breaks as well.
    const direct = measurements['direct-connection'];
    const isBrokenDirectly =
      direct?.isInEffect === true &&
      direct.direct.length > 0 &&
      direct.direct.every((exchange) => exchange.outcome === 'failure' && isResetLike(exchange.error.failure));
    const isProxied = facts === undefined || (facts.mode !== 'direct' && facts.mode !== 'system') || (facts.observed ?? 'none') !== 'none';
    return httpUrl(incident.url).protocol === 'https:' && isReset && !own.some(works) && (!isProxied || isBrokenDirectly)
      ? undefined
      : 'not-applicable';
  },
  async run(context) {
    const { hostname, port } = httpUrl(context.incident.url);
    const literal = literalAddress(hostname);
    const host = literal ? addressAsHost(literal.address) : hostname;
    const outcome = await context.proxy.whileRelayed?.({ host, port: Number(port || 443) }, async () => {
      const exchanges: Exchange[] = [];
      while (exchanges.length < TRIES && !context.signal.aborted) {
        const exchange = await context.request({ url: `http://${host}/`, party: 'failing-site', timeoutMs: 3000, maxBytes: 1024 });
        exchanges.push(exchange);
        if (exchange.outcome !== 'failure') break;
      }
      return exchanges;
    });
    return { exchanges: outcome?.isInEffect ? outcome.value : [] };
  },
};
