import { impatientFront } from '../boxes';
import { USUAL_MTU } from '../hello-splitter';
import { addHop, forwarding } from '../hop';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'mtu-way-out',
  about: 'Packets over some size vanish on the way to the site and nobody is told: no greeting of TLS gets there, and small requests do.',
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['path-mtu'], owner: 'local-network' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const front = impatientFront(draw.int(1_900, 2_600));
    const site = await addSite(internet, { host, front, isHttp2: draw.isTrue(), http: pageApp(internet) });
    await addHealthySiblings(internet, siblings);
    const rules = [`ip length > ${draw.int(1_200, 1_420)} counter drop`];
    addHop(internet, { to: site.v4, lineMtu: USUAL_MTU, nft: forwarding(rules) });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
