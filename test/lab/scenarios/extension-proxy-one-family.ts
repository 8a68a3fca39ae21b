import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'extension-proxy-one-family',
  about: "Another extension's proxy resets this site, and every IPv6 address, which it does not reach; the site has both kinds.",
  needs: 'namespace',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-extension'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue(), v6: [draw.publicV6()] });
    await addHealthySiblings(internet, siblings);
    const proxy = addProxy(internet, { where: 'elsewhere', treats: (name) => (name === host || name.includes(':') ? 'reset' : 'pass') });
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'set-proxy', proxy }] };
  },
};
export default scenario;
