import type { Probe } from './context';
import { breaksMidway, httpUrl, siteConsents, targetOf, works } from './target';

/** The site's root by the failing scheme and name, with cookies: only the path varies. Where it works, host, name and TLS are well. */
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
    const exchange = await context.request({
      url: `${httpUrl(context.incident.url).origin}/`,
      cookies: 'include',
      isFreshConnection: true,
      party: 'failing-site',
      timeoutMs: 4000,
    });
    return { exchange };
  },
};
