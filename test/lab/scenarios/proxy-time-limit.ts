import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, longApp } from '../site';

const scenario: Scenario = {
  name: 'proxy-time-limit',
  about: 'The proxy resets whatever stands for more than two or three seconds, and the page takes longer to come.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['proxy-configuration'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, https: longApp(draw.int(4_200, 5_000)) });
    await addHealthySiblings(internet, siblings);
    const fixed = addProxy(internet, {
      where: draw.pick(['device', 'network', 'elsewhere']),
      lifetimeMs: draw.int(2_200, 3_400),
    });
    return { url: site.httpsUrl(draw.path()), proxy: { fixed } };
  },
};
export default scenario;
