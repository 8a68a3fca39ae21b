// Hypothesis: the whole site fails, not only this host.
// Varies: the hostname.
// Held: registrable domain, scheme.
// Misleads: siblings may live on quite other servers, or not exist.
import type { Check } from '../model/check';
import { implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'failing-sibling-hosts',
  area: 'site',
  part: 'site',
  causes: ['server-crash', 'server-block', 'isp-filter'],
  needs: ['sibling-host'],
  evaluate(facts) {
    const sibling = known(facts, 'sibling-host');
    if (sibling === 'works') return inconclusive('check_failing_sibling_hosts_works');
    if (sibling === 'fails') return implicated('check_failing_sibling_hosts_fails');
    return inconclusive('check_failing_sibling_hosts_none');
  },
};

export default check;
