// Hypothesis: the server or a box on the way cannot take a modern browser's greeting or protocol.
// Varies: a client with a smaller greeting, an older protocol (asked).
// Held: site, network.
// Misleads: other browsers differ in more than that.
import type { Check } from '../model/check';
import { cleared, implicated, known } from './judge';

const check: Check = {
  id: 'modern-greeting',
  area: 'site',
  part: 'path',
  causes: ['tls-clienthello', 'http2-or-quic'],
  needs: [],
  uses: ['socket-handshake'],
  step: 'try-small-clienthello',
  evaluate(facts) {
    if (known(facts, 'small-clienthello') === 'works') return implicated('check_modern_greeting_small_works');
    const version = known(facts, 'http-version');
    if (version === 'only-http2-fails' || version === 'only-http3-fails') return implicated('check_modern_greeting_version');
    if (known(facts, 'small-clienthello') === 'fails' || version === 'independent') return cleared('check_modern_greeting_no_difference');
    return undefined;
  },
};

export default check;
