import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resettingServer } from '../site';

const scenario: Scenario = {
  name: 'extension-proxy.twin',
  about: 'A VPN-like extension sets a proxy that works; the server resets everybody.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-block', 'server-crash', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { front, app } = resettingServer(internet, 'server resets all');
    const site = await addSite(internet, { host, front, http: app, https: app });
    await addHealthySiblings(internet, siblings);
    const proxy = addProxy(internet, { where: 'elsewhere' });
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'set-proxy', proxy }] };
  },
};
export default scenario;
