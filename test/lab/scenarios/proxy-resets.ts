import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'proxy-resets',
  about: 'The proxy that the browser is set to resets, the site itself is well.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['proxy-configuration'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    const isOnlyThisSite = draw.isTrue();
    const fixed = addProxy(internet, {
      where: draw.pick(['device', 'network', 'elsewhere']),
      treats: (name) => (!isOnlyThisSite || name === host ? 'reset' : 'pass'),
    });
    return { url: site.httpsUrl(draw.path()), proxy: { fixed } };
  },
};
export default scenario;
