// Hypothesis: large answers do not get through.
// Varies: small against large answer.
// Held: URL, connection, device.
// Misleads: a server that crashes while it writes.
import type { Check } from '../model/check';
import { cleared, inconclusive, known } from './judge';

const check: Check = {
  id: 'lost-large-packets',
  area: 'network',
  part: 'local-network',
  causes: ['path-mtu', 'nat-or-conntrack', 'server-timeout'],
  needs: ['answer-size'],
  step: 'lower-mtu',
  evaluate(facts) {
    const size = known(facts, 'response-size');
    if (size === 'fails-only-large') return inconclusive('check_lost_large_packets_only_large');
    return size === 'independent' ? cleared('check_lost_large_packets_independent') : inconclusive('check_lost_large_packets_unclear');
  },
};

export default check;
