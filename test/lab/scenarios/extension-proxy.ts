import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'extension-proxy',
  about: 'Another extension sends requests to a proxy that resets them.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-extension'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    const isOnlyThisSite = draw.isTrue();
    const proxy = addProxy(internet, { where: 'elsewhere', treats: (name) => (!isOnlyThisSite || name === host ? 'reset' : 'pass') });
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'set-proxy', proxy }] };
  },
};
export default scenario;
