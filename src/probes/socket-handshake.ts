import type { Exchange } from '../model/exchange';
import { isRepeatable } from '../model/incident';
import { isResetLike } from '../net-errors';
import type { Probe } from './context';
import { httpUrl, siteConsents, targetOf, works } from './target';

/** One answer among failures may be luck. */
const TRIES = 2;

/**
 * The failing page asked for by the handshake of a WebSocket, which Firefox sends over HTTP/1.1 and a connection of its own, where no
 * other request of an extension can be kept from HTTP/2 [seen]. Whatever answers, TLS with the name came about; and a page that comes
 * so fails by HTTP/2. It carries no cookies, and no word of ours is ever sent after it.
 */
export const socketHandshake: Probe<'socket-handshake'> = {
  id: 'socket-handshake',
  after: ['own-request', 'tab-replay'],
  // It would name this installation as its origin, were its headers left as they are.
  consents: (context) => (context.environment.engine === 'gecko' ? ['set-own-headers', ...siteConsents(context)] : []),
  deadlineMs: 7000,
  skip(context) {
    const { incident, measurements, handshake, canSetOwnHeaders } = context;
    if (!handshake) return 'cannot-in-this-browser';
    const own = measurements['own-request']?.exchanges ?? [];
    const isReset = own.some((exchange) => exchange.outcome === 'failure' && !exchange.hadHeaders && isResetLike(exchange.error.failure));
    const isSecure = httpUrl(incident.url).protocol === 'https:';
    return canSetOwnHeaders && isSecure && isRepeatable(incident) && isReset && !own.some(works) ? undefined : 'not-applicable';
  },
  async run(context) {
    const { url } = targetOf(context);
    const exchanges: Exchange[] = [];
    while (exchanges.length < TRIES && !context.signal.aborted) {
      const exchange = await context.handshake?.({ url, timeoutMs: 3000 });
      if (!exchange || exchange.outcome === 'refused-by-us') break;
      exchanges.push(exchange);
      if (!works(exchange)) break;
    }
    return { exchanges };
  },
};
