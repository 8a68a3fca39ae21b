import { Authority } from '../authority';
import { interceptor } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, cutApp, drawNames } from '../site';

const scenario: Scenario = {
  name: 'inspected-answer.twin',
  about: 'Software opens all TLS and passes everything on; the server breaks its page off, now here and now there.',
  shows: ['ERR_CONNECTION_RESET'],
  // The software is seen, and it lets all else through, and of this page now more and now less: both stand in the list.
  expect: {
    verdict: 'cannot-tell',
    causes: ['server-crash', 'server-timeout', 'security-software'],
    amongFirst: 'server-crash',
    owner: 'site',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, https: cutApp(internet, { isAnywhere: true }) });
    await addHealthySiblings(internet, siblings);
    const product = `${draw.name()} Web Protection Root`;
    const authority = await Authority.create(product);
    internet.furtherTrusted.push(authority);
    internet.boxes.push(await interceptor(internet, authority, { product, isReset: () => false, at: 'opening' }));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
