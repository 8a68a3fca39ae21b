import { blackHole } from '../black-hole';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, cutApp, drawNames } from '../site';

const scenario: Scenario = {
  name: 'mtu-black-hole.twin',
  about:
    'The line passes smaller packets only and tells so, as it should; large answers fail because the server resets in the middle of them.',
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-crash', 'server-timeout', 'load-balancer', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, https: cutApp(internet) });
    await addHealthySiblings(internet, siblings);
    blackHole(internet, { to: site.v4, mtu: draw.int(900, 1_300), isSilent: false });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
