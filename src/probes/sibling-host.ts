import type { Probe } from './context';
import { siblingHosts } from './hosts';
import { httpUrl, siteConsents } from './target';

/** Other hostnames of the same registrable domain, at the root path without cookies. */
export const siblingHost: Probe<'sibling-host'> = {
  id: 'sibling-host',
  after: [],
  consents: siteConsents,
  deadlineMs: 6000,
  skip: (context) => (siblingHosts(context.incident.host).length === 0 ? 'not-applicable' : undefined),
  async run(context) {
    const { protocol, port } = httpUrl(context.incident.url);
    const siblings = await Promise.all(
      siblingHosts(context.incident.host).map(async (host) => ({
        host,
        exchange: await context.request({
          url: `${protocol}//${host}${port === '' ? '' : `:${port}`}/`,
          party: 'failing-site',
          timeoutMs: 5000,
        }),
      })),
    );
    return { siblings };
  },
};
