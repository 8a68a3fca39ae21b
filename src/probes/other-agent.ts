import type { Exchange } from '../model/exchange';
import type { Probe } from './context';
import { breaksMidway, fails, siteConsents, targetOf, works } from './target';

/** A common browser that neither engine of ours can be taken for. */
const OTHER_AGENT = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';
const MOST_PAIRS = 2;

/** The failing request under another browser's name and under our own, in turn: only the name varies. A failure under the other name decides. */
export const otherAgent: Probe<'other-agent'> = {
  id: 'other-agent',
  after: ['own-request', 'tab-replay', 'cookies', 'site-root'],
  consents: (context) => ['set-own-headers', ...siteConsents(context)],
  deadlineMs: 8000,
  skip(context) {
    const own = context.measurements['own-request']?.exchanges ?? [];
    const isSteady = own.length > 0 && own.every((exchange) => fails(exchange) && exchange.outcome !== 'timed-out');
    return isSteady && !breaksMidway(context) ? undefined : 'not-applicable';
  },
  async run(context) {
    const { url } = targetOf(context);
    const pairs: { other: Exchange; own?: Exchange }[] = [];
    const ask = (headers?: Record<string, string>) =>
      context.request({
        url,
        cookies: 'include',
        isFreshConnection: true,
        party: 'failing-site',
        timeoutMs: 2500,
        ...(headers && { headers }),
      });
    while (pairs.length < MOST_PAIRS && !context.signal.aborted) {
      const other = await ask({ 'user-agent': OTHER_AGENT });
      if (!works(other)) {
        if (other.outcome !== 'refused-by-us') pairs.push({ other });
        break;
      }
      pairs.push({ other, own: await ask() });
    }
    return { pairs };
  },
};
