import { helloSizeFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'clienthello-intolerance',
  about: 'What stands before the site takes a ClientHello in one packet only, and resets the larger ones that browsers send today.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: {
    // No browser lets an extension greet in another way: a server without a certificate for the name, or without a common
    // version, resets the very same greeting. Another browser, or curl, separates them.
    verdict: 'cause',
    causes: ['server-certificate-binding', 'tls-version-or-cipher', 'tls-clienthello'],
    owner: 'site',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue(), front: helloSizeFilter(internet, draw.int(1_200, 1_460)) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
