// Hypothesis: a proxy set by an organisation's policy resets the request.
// Varies: nothing; the setting's holder is read.
// Held: everything.
// Misleads: a managed device at home goes through the same proxy.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'policy-proxy',
  area: 'organisation',
  part: 'path',
  causes: ['organisation-filter'],
  needs: ['proxy-settings'],
  uses: ['direct-connection'],
  step: 'contact-organisation',
  evaluate(facts) {
    if (known(facts, 'proxy-configured') !== 'policy') return cleared('check_policy_proxy_none');
    if (known(facts, 'direct-connection') === 'works') return implicated('check_policy_proxy_direct_works');
    return inconclusive('check_policy_proxy_held');
  },
};

export default check;
