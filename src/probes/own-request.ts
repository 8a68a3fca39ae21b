import type { Exchange } from '../model/exchange';
import type { Probe } from './context';
import { siteConsents, targetOf } from './target';

/** As much of the body as is read, bytes: a reset in the middle must have room to happen. */
export const WHOLE_BODY_BYTES = 2 * 1024 * 1024;

/** The failing URL by our own request, with the person's cookies, twice. Other extensions' rules do not touch it; a proxy they set does. */
export const ownRequest: Probe<'own-request'> = {
  id: 'own-request',
  after: [],
  consents: siteConsents,
  deadlineMs: 8000,
  async run(context) {
    const { url } = targetOf(context);
    const exchanges: Exchange[] = [];
    while (exchanges.length < 2) {
      const exchange = await context.request({
        url,
        cookies: 'include',
        party: 'failing-site',
        timeoutMs: 6000,
        maxBytes: WHOLE_BODY_BYTES,
      });
      exchanges.push(exchange);
      // A second silence would only tell the same, six seconds later.
      if (exchange.outcome !== 'response' && exchange.outcome !== 'failure') break;
      if (context.signal.aborted) break;
    }
    return { exchanges };
  },
};
