import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resettingServer } from '../site';

const scenario: Scenario = {
  name: 'server-resets-all',
  about: 'The server resets every connection to this address, whatever is said.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-block', 'server-crash', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { front, app } = resettingServer(internet, 'server resets all');
    const isPlain = draw.isTrue(0.3);
    const site = await addSite(internet, { host, front, http: app, https: isPlain ? 'closed' : app });
    await addHealthySiblings(internet, siblings);
    return { url: isPlain ? site.httpUrl(draw.path()) : site.httpsUrl(draw.path()) };
  },
};
export default scenario;
