// Hypothesis: only this device is affected.
// Varies: another device on the same network (asked).
// Held: network, site.
// Misleads: a phone may use mobile data instead of the Wi-Fi.
import type { Check } from '../model/check';
import { cleared, implicated, known } from './judge';

const check: Check = {
  id: 'device-only-fault',
  area: 'security-software',
  part: 'device',
  causes: ['security-software', 'network-driver', 'device-network-stack', 'vpn-client'],
  needs: [],
  step: 'try-other-device',
  evaluate(facts) {
    const other = known(facts, 'other-device-same-network');
    if (other === 'works') return implicated('check_device_only_fault_works');
    if (other === 'fails') return cleared('check_device_only_fault_fails');
    return undefined;
  },
};

export default check;
