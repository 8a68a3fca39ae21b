import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, dripApp } from '../site';

const scenario: Scenario = {
  name: 'answer-timeout.twin',
  about: 'The answer comes as slowly, but the server breaks it off at any time: it is no limit.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cannot-tell', causes: ['server-crash', 'load-balancer', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const app = dripApp(internet, { limitMs: draw.int(4_200, 6_200), isAnyTime: true });
    const site = await addSite(internet, { host, https: app, ...(draw.isTrue() ? { http: 'closed' } : {}) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
