// Hypothesis: the proxy itself is not reached, or refuses the tunnel.
// Varies: nothing; the browser's own error says it.
// Held: everything.
// Misleads: a proxy may be away for a moment only.
import type { Check } from '../model/check';
import { implicated, known, notApplicable } from './judge';

const check: Check = {
  id: 'dead-proxy',
  area: 'proxy',
  part: 'device',
  causes: ['proxy-configuration', 'browser-extension'],
  needs: [],
  step: 'switch-proxy-off',
  evaluate(facts) {
    const kind = known(facts, 'error-kind');
    if (kind === 'proxy-unreachable') return implicated('check_dead_proxy_unreachable');
    if (kind === 'tunnel-failed') return implicated('check_dead_proxy_tunnel');
    return notApplicable('check_dead_proxy_other_error');
  },
};

export default check;
