import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resettingServer } from '../site';

const scenario: Scenario = {
  name: 'extension-proxy-one-family.twin',
  about: "Another extension's proxy does not reach IPv6 addresses and works otherwise; the server, which has both kinds, resets everybody.",
  needs: 'namespace',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-block', 'server-crash', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { front, app } = resettingServer(internet, 'server resets all');
    const site = await addSite(internet, { host, front, http: app, https: app, v6: [draw.publicV6()] });
    await addHealthySiblings(internet, siblings);
    const proxy = addProxy(internet, { where: 'elsewhere', treats: (name) => (name.includes(':') ? 'reset' : 'pass') });
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'set-proxy', proxy }] };
  },
};
export default scenario;
