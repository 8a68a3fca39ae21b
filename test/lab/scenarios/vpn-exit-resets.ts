import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';
import { addVpn } from '../vpn';

const scenario: Scenario = {
  name: 'vpn-exit-resets',
  about: 'The device is on a VPN, and the exit of its tunnel resets every connection to any site.',
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: {
    // No browser tells its extensions of a tunnel of the system; the question for it separates them.
    verdict: 'cannot-tell',
    causes: ['vpn-client', 'nat-or-conntrack', 'unstable-link', 'provider-fault', 'security-software'],
    owner: 'device',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    // As most tunnels, it carries IPv4 only, and its client switches IPv6 off.
    internet.hasIpv6 = false;
    addVpn(internet, { to: 'all', resets: 'all' });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
