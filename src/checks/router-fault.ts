// Hypothesis: the router loses track of connections or filters by itself.
// Varies: router restarted, its filter paused (asked, watched).
// Held: device, site.
// Misleads: a restart also gives a new public address.
import type { Check } from '../model/check';
import { cleared, implicated, known } from './judge';

const check: Check = {
  id: 'router-fault',
  area: 'network',
  part: 'local-network',
  causes: ['nat-or-conntrack', 'router-filter', 'unstable-link'],
  needs: [],
  step: 'restart-router',
  evaluate(facts) {
    if (known(facts, 'router-filter-paused') === 'works') return implicated('check_router_fault_filter');
    if (known(facts, 'router-restarted') === 'works') return implicated('check_router_fault_restarted');
    if (known(facts, 'router-restarted') === 'fails' || known(facts, 'router-filter-paused') === 'fails')
      return cleared('check_router_fault_no_help');
    return undefined;
  },
};

export default check;
