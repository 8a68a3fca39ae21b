import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'mid-body.twin',
  about: 'The page breaks in the middle of its body, but it is the configured proxy that cuts this site, not the server.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['proxy-configuration'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, {
      host,
      http: pageApp(internet, { paragraphs: draw.int(12_000, 16_000) }),
      https: 'closed',
    });
    await addHealthySiblings(internet, siblings);
    const fixed = addProxy(internet, {
      where: draw.pick(['device', 'network']),
      cuts: { afterBytes: draw.int(30_000, 150_000), applies: (name) => name === host },
    });
    return { url: site.httpUrl(draw.path()), proxy: { fixed } };
  },
};
export default scenario;
