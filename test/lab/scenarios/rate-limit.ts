import { rateLimiter } from '../boxes';
import type { Scenario } from '../scenario';
import { addSite, burstApp, drawNames } from '../site';

const scenario: Scenario = {
  name: 'rate-limit',
  about:
    'A guard of the site counts connections from one address; a page with a burst of them has used up what it allows, and all are reset now.',
  shows: ['ERR_CONNECTION_RESET'],
  // Whether a server is down or does not want this address, only its owner or another network can tell.
  expect: { verdict: 'cause', causes: ['server-block', 'server-crash', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const start = draw.path();
    const allowed = draw.int(3, 6);
    const site = await addSite(internet, {
      host,
      aliases: siblings,
      front: rateLimiter(internet, { allowed, windowMs: draw.int(60_000, 300_000) }),
      ...burstApp(internet, { start, requests: allowed * 3 }),
    });
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }],
      trigger: () => internet.hangUp(site.v4),
    };
  },
};
export default scenario;
