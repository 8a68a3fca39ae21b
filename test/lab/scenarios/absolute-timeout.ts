import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, timeLimitApp } from '../site';

const scenario: Scenario = {
  name: 'absolute-timeout',
  about: 'The page takes long to make, and the server resets every request that is not answered within its limit.',
  // Firefox sends a request that is reset up to ten times by itself: no try of ours lasts as long as that.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-timeout', 'load-balancer'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const path = draw.path();
    const app = timeLimitApp(internet, { limitMs: draw.int(1_550, 1_750), isSlow: (request) => request.url === path });
    const site = await addSite(internet, { host, https: app, ...(draw.isTrue() ? { http: 'closed' } : {}) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(path) };
  },
};
export default scenario;
