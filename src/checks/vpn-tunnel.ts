// Hypothesis: the VPN, its tunnel or its exit resets the connection.
// Varies: VPN on against off (asked, watched).
// Held: device, browser, site.
// Misleads: a VPN also goes past filters: working only *with* it points at the network.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'vpn-tunnel',
  area: 'vpn',
  part: 'device',
  causes: ['vpn-client', 'path-mtu'],
  needs: [],
  step: 'toggle-vpn',
  evaluate(facts) {
    const toggled = known(facts, 'vpn-toggled');
    if (toggled === 'works-without-vpn') return implicated('check_vpn_tunnel_works_without');
    if (toggled === 'no-difference') return cleared('check_vpn_tunnel_no_difference');
    if (toggled === 'works-with-vpn') return cleared('check_vpn_tunnel_works_with');
    if (known(facts, 'vpn-active') === 'no') return cleared('check_vpn_tunnel_not_active');
    if (known(facts, 'vpn-active') === 'yes') return inconclusive('check_vpn_tunnel_active');
    return undefined;
  },
};

export default check;
