// Hypothesis: an extension carries the traffic like a VPN.
// Varies: nothing; it is a look.
// Held: everything.
// Misleads: a VPN extension may be switched on and yet idle.
import type { Check } from '../model/check';
import { cleared, inconclusive } from './judge';

const check: Check = {
  id: 'vpn-extension',
  area: 'vpn',
  part: 'browser',
  causes: ['browser-extension'],
  needs: ['installed-extensions'],
  step: 'disable-extensions',
  evaluate(facts) {
    const carriers = (facts.measurements['installed-extensions']?.extensions ?? []).filter(
      ({ isEnabled, abilities }) => isEnabled && (abilities.includes('vpn') || abilities.includes('proxy')),
    );
    if (carriers.length === 0) return cleared('check_vpn_extension_none');
    return inconclusive(
      'check_vpn_extension_some',
      carriers
        .slice(0, 3)
        .map(({ name }) => name)
        .join(', '),
    );
  },
};

export default check;
