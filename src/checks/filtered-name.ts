// Hypothesis: somebody on the way resets connections that show this name.
// Varies: with against without the name.
// Held: the address that the browser itself uses, port, device, network.
// Misleads: a server that answers any name but crashes on this one; where TLS with the name was seen to come about, it is that.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'filtered-name',
  area: 'network',
  part: 'path',
  causes: ['isp-filter', 'organisation-filter', 'router-filter', 'security-software'],
  needs: ['bare-address'],
  uses: ['repetition', 'controls', 'named-greeting', 'socket-handshake', 'site-root'],
  step: 'try-other-network',
  evaluate(facts) {
    if (known(facts, 'tls-with-name') === 'completes') return cleared('check_filtered_name_greeting_passes');
    if (known(facts, 'site-root') === 'works') return cleared('check_filtered_name_root_works');
    const isReached = known(facts, 'tls-without-name') === 'reaches' || known(facts, 'same-address-other-name') === 'works';
    const isNotReached = known(facts, 'tls-without-name') === 'fails' || known(facts, 'same-address-other-name') === 'fails';
    if (isReached && known(facts, 'frequency') === 'always') return implicated('check_filtered_name_name_only');
    if (isReached) return inconclusive('check_filtered_name_reached');
    if (isNotReached) return cleared('check_filtered_name_address_too');
    return inconclusive('check_filtered_name_unclear');
  },
};

export default check;
