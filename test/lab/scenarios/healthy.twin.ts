import { byPath, cookieSettingApp } from '../cookies';
import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'healthy.twin',
  about: 'A proxy, an able extension, large cookies, resolvers that differ and a filtered sibling are all there, and the page loads.',
  shows: ['loaded'],
  expect: { verdict: 'no-fault' },
  async configure(draw, internet) {
    const { host } = drawNames(internet);
    const start = draw.path();
    const near = draw.publicV4();
    const far = draw.publicV4();
    const site = await addSite(internet, {
      host,
      v4: [near, far],
      https: byPath({ [start]: cookieSettingApp(internet, draw.int(7_000, 12_000)) }, pageApp(internet)),
    });
    internet.zone.setIn('system', host, { a: [near], aaaa: [], ttl: 300 });
    internet.zone.setIn('independent', host, { a: [far], aaaa: [], ttl: 300 });
    const fixed = addProxy(internet, { where: draw.pick(['device', 'network', 'elsewhere']) });
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }],
      proxy: { fixed },
      extensions: [{ does: 'nothing' }],
    };
  },
};
export default scenario;
