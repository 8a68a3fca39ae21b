import type { Exchange } from '../model/exchange';
import { isRepeatable } from '../model/incident';
import { isResetLike } from '../net-errors';
import type { Probe } from './context';
import { httpUrl, siteConsents, targetOf, works } from './target';

/** One answer among failures may be luck. */
const TRIES = 2;

/**
 * The failing page asked for by the handshake of a WebSocket. Firefox sends it over HTTP/1.1, except where the server takes
 * WebSockets by HTTP/2 (RFC 8441); no other request of an extension can be kept from HTTP/2 [seen]. Whatever answers, TLS with the
 * name came about; and a page that comes by HTTP/1.1 fails by HTTP/2. It carries no cookies, and no word of ours is ever sent after it.
 */
export const socketHandshake: Probe<'socket-handshake'> = {
  id: 'socket-handshake',
  after: ['own-request', 'tab-replay', 'proxy-settings'],
  // It would name this installation as its origin, were its headers left as they are.
  consents: (context) => (context.environment.engine === 'gecko' ? ['set-own-headers', ...siteConsents(context)] : []),
  deadlineMs: 7000,
  skip(context) {
    const { incident, measurements, handshake, canSetOwnHeaders } = context;
    if (!handshake) return 'cannot-in-this-browser';
    const own = measurements['own-request']?.exchanges ?? [];
    const isReset = own.some((exchange) => exchange.outcome === 'failure' && !exchange.hadHeaders && isResetLike(exchange.error.failure));
    const isSecure = httpUrl(incident.url).protocol === 'https:';
    // Firefox may choose another proxy for it than for the page.
    const isDirect = measurements['proxy-settings']?.observed === 'none';
    const isFit = canSetOwnHeaders && isDirect && isSecure && isRepeatable(incident) && isReset && !own.some(works);
    return isFit ? undefined : 'not-applicable';
  },
  async run(context) {
    const { url } = targetOf(context);
    const exchanges: Exchange[] = [];
    while (exchanges.length < TRIES && !context.signal.aborted) {
      const exchange = await context.handshake?.({ url, timeoutMs: 3000 });
      if (!exchange || exchange.outcome === 'refused-by-us' || exchange.proxy) break;
      exchanges.push(exchange);
      if (!works(exchange)) break;
    }
    return { exchanges };
  },
};
