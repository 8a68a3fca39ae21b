import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, cutApp, drawNames } from '../site';

const scenario: Scenario = {
  name: 'mid-body',
  about: 'The server answers and resets in the middle of the body, every time.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-crash', 'server-timeout', 'load-balancer', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const app = cutApp(internet);
    const isPlain = draw.isTrue(0.3);
    const site = await addSite(internet, { host, http: isPlain ? app : undefined, https: isPlain ? 'closed' : app });
    await addHealthySiblings(internet, siblings);
    return { url: isPlain ? site.httpUrl(draw.path()) : site.httpsUrl(draw.path()) };
  },
};
export default scenario;
