import { blackHole } from '../black-hole';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'mtu-black-hole',
  about: 'Packets over some size vanish on the way back and nobody is told; the server waits for what never arrives, and resets.',
  needs: 'namespace',
  programs: ['nft'],
  // Firefox sends a request that is reset up to ten times by itself, and the server takes seconds for each.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  // Small answers come and large ones stall equally long: so does a server that is too slow. A large answer of
  // another site, or another network, separates them.
  expect: {
    verdict: 'cannot-tell',
    causes: ['path-mtu', 'server-timeout', 'load-balancer', 'server-crash'],
    amongFirst: 'path-mtu',
    owner: 'local-network',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const page = pageApp(internet, { paragraphs: draw.int(300, 900) });
    const stallMs = draw.int(1_550, 1_700);
    const site = await addSite(internet, {
      host,
      https: 'closed',
      http: (request, response, tools) => {
        if (request.method !== 'HEAD') setTimeout(() => tools.reset(`nothing acknowledged for ${stallMs} ms`), stallMs);
        page(request, response, tools);
      },
    });
    await addHealthySiblings(internet, siblings);
    blackHole(internet, { to: site.v4, mtu: draw.int(900, 1_300), isSilent: true });
    return { url: site.httpUrl(draw.path()) };
  },
};
export default scenario;
