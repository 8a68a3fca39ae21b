import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, dripApp } from '../site';

const scenario: Scenario = {
  name: 'answer-timeout',
  about: 'The answer comes slowly, and the server resets it when it has taken as long as is allowed.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-timeout', 'load-balancer'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const app = dripApp(internet, { limitMs: draw.int(4_200, 6_200), isAnyTime: false });
    const site = await addSite(internet, { host, https: app, ...(draw.isTrue() ? { http: 'closed' } : {}) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
