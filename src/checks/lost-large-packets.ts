// Hypothesis: large packets do not get through.
// Varies: small against large answer, small against large request.
// Held: URL, connection, device.
// Misleads: a server that crashes while it writes; of a large answer whose packets get lost not even the headers come, for they
// travel in the first of them.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'lost-large-packets',
  area: 'network',
  part: 'local-network',
  causes: ['path-mtu', 'nat-or-conntrack', 'server-timeout'],
  needs: ['answer-size'],
  uses: ['other-scheme'],
  step: 'lower-mtu',
  evaluate(facts) {
    if (known(facts, 'large-request') === 'is-lost') return implicated('check_lost_large_packets_request');
    const size = known(facts, 'response-size');
    if (size === 'fails-only-large') {
      const large = known(facts, 'large-answer');
      if (large === 'nothing-comes') return implicated('check_lost_large_packets_nothing_comes');
      return inconclusive(large === 'begins' ? 'check_lost_large_packets_begins' : 'check_lost_large_packets_only_large');
    }
    return size === 'independent' ? cleared('check_lost_large_packets_independent') : inconclusive('check_lost_large_packets_unclear');
  },
};

export default check;
