// Hypothesis: the connection as a whole is broken.
// Varies: this site against well-known hosts of several vendors.
// Held: device, browser, time.
// Misleads: controls that are not reachable from here at all (a closed network) say nothing.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'broken-connection',
  area: 'network',
  part: 'local-network',
  causes: ['provider-fault', 'unstable-link', 'nat-or-conntrack', 'device-network-stack', 'proxy-configuration'],
  needs: ['controls'],
  step: 'check-connection',
  evaluate(facts) {
    switch (known(facts, 'general-connectivity')) {
      case 'works':
        return cleared('check_broken_connection_works');
      case 'partly':
        return implicated('check_broken_connection_partly');
      case 'fails':
        return implicated('check_broken_connection_fails');
      default:
        return inconclusive('check_broken_connection_unclear');
    }
  },
};

export default check;
