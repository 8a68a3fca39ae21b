// Hypothesis: the device has no connection.
// Varies: nothing; the browser is asked.
// Held: everything.
// Misleads: "online" only means that some network is there.
import type { Check } from '../model/check';
import { cleared, implicated } from './judge';

const check: Check = {
  id: 'offline-device',
  area: 'network',
  part: 'device',
  causes: ['unstable-link', 'provider-fault'],
  needs: ['device-state'],
  step: 'check-connection',
  evaluate(facts) {
    return facts.measurements['device-state']?.isOnline === false
      ? implicated('check_offline_device_offline')
      : cleared('check_offline_device_online');
  },
};

export default check;
