// Hypothesis: the failure comes and goes.
// Varies: time, and several connections at once.
// Held: URL, headers, no cookies.
// Misleads: too few tries; a site that slows us down.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'unsteady-fault',
  area: 'network',
  part: 'local-network',
  causes: ['unstable-link', 'server-overload', 'load-balancer', 'keep-alive-race'],
  needs: ['repetition'],
  step: 'ask-frequency',
  evaluate(facts) {
    switch (known(facts, 'frequency')) {
      case 'always':
        return cleared('check_unsteady_fault_always');
      case 'often':
      case 'rare':
        if (known(facts, 'general-connectivity') === 'partly') return implicated('check_unsteady_fault_link');
        // Told by what the tab did, for our own requests all got through.
        if (facts.observations.frequency?.by === 'incident') return implicated('check_unsteady_fault_by_turns');
        return known(facts, 'failure-pattern') === 'periodic'
          ? implicated('check_unsteady_fault_periodic')
          : implicated('check_unsteady_fault_mixed');
      case 'only-in-parallel-burst':
        return implicated('check_unsteady_fault_burst');
      case 'works-then-all-fail':
        return implicated('check_unsteady_fault_then_all');
      case 'not-reproduced':
      case 'only-first-request':
        return cleared('check_unsteady_fault_gone');
      default:
        return inconclusive('check_unsteady_fault_unclear');
    }
  },
};

export default check;
