import { muteFront } from '../boxes';
import { addHop, forwarding } from '../hop';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'mtu-way-out.twin',
  about: 'The line takes small packets only, and says so; the greetings arrive, and what stands before the site says nothing and resets.',
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  // Whose silence it is, of a balancer without a backend, a firewall or a server, nobody sees from here. Firefox greets ten times before
  // it says so, and a greeting that is refused looks the same to it.
  expect: {
    verdict: 'cannot-tell',
    causes: ['load-balancer', 'server-timeout', 'server-block', 'server-certificate-binding'],
    owner: 'site',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const front = muteFront(internet, draw.int(1_900, 2_600));
    const site = await addSite(internet, { host, front, http: pageApp(internet) });
    await addHealthySiblings(internet, siblings);
    addHop(internet, { to: site.v4, lineMtu: draw.int(1_280, 1_400), nft: forwarding([]) });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
