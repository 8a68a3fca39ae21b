import type { Probe } from './context';
import { siteConsents, targetOf } from './target';

/** Most bytes of the large answer that are read. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The smallest answer (HEAD) against the whole. */
export const answerSize: Probe<'answer-size'> = {
  id: 'answer-size',
  after: ['own-request'],
  consents: siteConsents,
  deadlineMs: 8000,
  async run(context) {
    const { url } = targetOf(context);
    const own = context.measurements['own-request']?.exchanges.findLast((exchange) => exchange.outcome !== 'refused-by-us');
    const ask = (method: 'GET' | 'HEAD') =>
      context.request({
        url,
        method,
        cookies: 'include',
        party: 'failing-site',
        timeoutMs: method === 'HEAD' ? 3000 : 4500,
        maxBytes: MOST_BYTES,
      });
    const small = await ask('HEAD');
    // The own request has read the whole already, unless it was cut for its length.
    const isWhole = own !== undefined && (own.outcome !== 'response' || own.isComplete);
    return { small, large: isWhole ? own : await ask('GET') };
  },
};
