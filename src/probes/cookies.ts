import type { Exchange } from '../model/exchange';
import type { Probe } from './context';
import { fails, siteConsents, targetOf, works } from './target';

const MOST_PAIRS = 3;
/** Header that says nothing and is only long; as long a name as `Cookie`. */
export const FILLER_NAME = 'x-fill';

/** With and without cookies, alternately. By rule the Cookie header is the only difference; else `omit`, which also takes another socket pool. */
export const cookies: Probe<'cookies'> = {
  id: 'cookies',
  after: ['own-request'],
  consents: siteConsents,
  deadlineMs: 8000,
  skip: ({ isOtherJar }) => (isOtherJar ? 'not-applicable' : undefined),
  async run(context) {
    const own = context.measurements['own-request']?.exchanges ?? [];
    const isOnlyDifference = context.canSetOwnHeaders;
    const sizes = own.flatMap((exchange) => exchange.cookieBytes ?? []);
    // The largest: the first answer may have set some.
    const cookieBytes = sizes.length > 0 ? Math.max(...sizes) : undefined;
    const known = cookieBytes === undefined ? {} : { cookieBytes };
    // Nothing to leave away, or nothing to explain: the request with cookies works.
    const isNeedless = cookieBytes === 0 || (own.length > 0 && own.every(works)) || (own[0]?.outcome === 'timed-out' && !cookieBytes);
    if (isNeedless) return { pairs: [], isOnlyDifference, ...known };

    const { url } = targetOf(context);
    const ask = (kind: 'include' | 'strip' | 'omit') =>
      context.request({ url, cookies: kind, party: 'failing-site', timeoutMs: 3000, maxBytes: 1024 * 1024 });
    const pairs: { included: Exchange; without: Exchange }[] = [];
    while (pairs.length < MOST_PAIRS && !context.signal.aborted) {
      const included = await ask('include');
      const without = await ask(isOnlyDifference ? 'strip' : 'omit');
      // Not sent at all is no comparison.
      if (included.outcome === 'refused-by-us' || without.outcome === 'refused-by-us') break;
      pairs.push({ included, without });
      // Two equal pairs are enough where both sides fail alike; a difference deserves a third.
      const isDecided = pairs.every((pair) => fails(pair.included) && fails(pair.without));
      if (included.outcome === 'timed-out' || (pairs.length >= 2 && isDecided)) break;
    }
    // Where they make the difference: a header that is as long and says nothing tells their size from what they say.
    const isDifference = pairs.length >= 2 && pairs.every((pair) => fails(pair.included) && works(pair.without));
    if (!isDifference || !isOnlyDifference || !cookieBytes || context.signal.aborted) return { pairs, isOnlyDifference, ...known };
    const filler = await context.request({
      url,
      cookies: 'strip',
      headers: { [FILLER_NAME]: 'x'.repeat(cookieBytes) },
      party: 'failing-site',
      timeoutMs: 3000,
    });
    return { pairs, isOnlyDifference, ...known, ...(filler.outcome !== 'refused-by-us' && { filler }) };
  },
};
