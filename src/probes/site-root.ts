import type { Probe } from './context';
import { breaksMidway, httpUrl, siteConsents, targetOf, works } from './target';

/** Length from which an address is long for servers, characters: the smallest usual limit of request lines and headers. */
const LONG_URL = 4_000;

/**
 * The site's root by the failing scheme and name, with cookies: only the path varies. Where it works, host, name and TLS are well.
 * Of a long address it is the same path without its query, and where that works with one as long that says nothing: the length alone.
 */
export const siteRoot: Probe<'site-root'> = {
  id: 'site-root',
  after: ['own-request'],
  consents: siteConsents,
  deadlineMs: 6000,
  skip(context) {
    const { url } = targetOf(context);
    const own = context.measurements['own-request']?.exchanges ?? [];
    const isRoot = url === `${httpUrl(url).origin}/`;
    return isRoot || own.some(works) || breaksMidway(context) ? 'not-applicable' : undefined;
  },
  async run(context) {
    const { url } = targetOf(context);
    const { origin, pathname } = httpUrl(url);
    const isLong = url.length >= LONG_URL;
    const ask = (other: string, timeoutMs: number) =>
      context.request({ url: other, cookies: 'include', isFreshConnection: true, party: 'failing-site', timeoutMs });
    const page = `${origin}${pathname}`;
    const exchange = await ask(isLong ? page : `${origin}/`, 3500);
    if (!isLong || !works(exchange) || context.signal.aborted) return { exchange };
    return { exchange, padded: await ask(`${page}?q=`.padEnd(url.length, 'a'), 2500) };
  },
};
