import { refuseSplitHello, USUAL_MTU } from '../hello-splitter';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'clienthello-in-two',
  about: 'A box before the site wants every ClientHello whole in its first packet; those of today come in two, and are reset.',
  needs: 'namespace',
  programs: ['nft'],
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
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    refuseSplitHello(internet, { to: site.v4, lineMtu: USUAL_MTU });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
