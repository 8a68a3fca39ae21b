import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resettingServer } from '../site';

const scenario: Scenario = {
  name: 'extension-redirect.twin',
  about: 'Another extension leads the page to https; the server resets http just the same.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-block', 'server-crash', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { front, app } = resettingServer(internet, 'server resets all');
    const site = await addSite(internet, { host, front, http: app, https: app });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpUrl(draw.path()), extensions: [{ does: 'upgrade' }] };
  },
};
export default scenario;
