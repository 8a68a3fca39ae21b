import { helloSizeFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'clienthello-intolerance',
  about: 'What stands before the site takes a ClientHello in one packet only, and resets the larger ones that browsers send today.',
  shows: ['ERR_CONNECTION_RESET'],
  // No browser lets an extension greet in another way, and a server without a certificate or a common version resets the very
  // same greeting: only a smaller one separates them.
  expect: {
    verdict: 'cannot-tell',
    causes: ['tls-clienthello', 'server-certificate-binding', 'tls-version-or-cipher'],
    amongFirst: 'tls-clienthello',
    separatedBy: 'try-small-clienthello',
    owner: 'path',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue(), front: helloSizeFilter(internet, draw.int(1_200, 1_460)) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
