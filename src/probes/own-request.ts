import type { Exchange } from '../model/exchange';
import type { Probe } from './context';
import { isPrivateHost } from './hosts';
import { breaksLate, siteConsents, targetOf } from './target';

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
    const ask = (timeoutMs: number) =>
      context.request({ url, cookies: 'include', party: 'failing-site', timeoutMs, maxBytes: WHOLE_BODY_BYTES });
    // As long as may be: one after the other there is no time for two, and of a private host only one thing at a time is asked.
    if (breaksLate(context))
      return { exchanges: await Promise.all(isPrivateHost(new URL(url).hostname) ? [ask(7500)] : [ask(7500), ask(7500)]) };
    const exchanges: Exchange[] = [];
    while (exchanges.length < 2) {
      const exchange = await ask(6000);
      exchanges.push(exchange);
      // A second silence would only tell the same, six seconds later.
      if (exchange.outcome !== 'response' && exchange.outcome !== 'failure') break;
      if (context.signal.aborted) break;
    }
    return { exchanges };
  },
};
