import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, dripApp } from '../site';

const scenario: Scenario = {
  name: 'proxy-time-limit.twin',
  about: 'The browser is set to a proxy that works; it is the server that resets the slow page after two or three seconds.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-timeout', 'load-balancer'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, https: dripApp(internet, { limitMs: draw.int(2_200, 3_400), isAnyTime: false }) });
    await addHealthySiblings(internet, siblings);
    const fixed = addProxy(internet, { where: draw.pick(['device', 'network', 'elsewhere']) });
    return { url: site.httpsUrl(draw.path()), proxy: { fixed } };
  },
};
export default scenario;
