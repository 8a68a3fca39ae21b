// Hypothesis: a proxy set by a person or the system stands between and fails.
// Varies: nothing; settings are read. The controls tell whether anything gets through.
// Held: everything.
// Misleads: Chromium says "system" also where there is no proxy at all.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known, notApplicable } from './judge';

const check: Check = {
  id: 'proxy-in-between',
  area: 'proxy',
  part: 'device',
  causes: ['proxy-configuration'],
  needs: ['proxy-settings'],
  uses: ['controls', 'direct-connection'],
  step: 'switch-proxy-off',
  evaluate(facts) {
    const configured = known(facts, 'proxy-configured');
    if (configured === 'none') return cleared('check_proxy_in_between_none');
    if (configured === undefined) return inconclusive('check_proxy_in_between_unknown');
    if (configured === 'extension' || configured === 'policy') return notApplicable('check_proxy_in_between_held_by_other');
    if (known(facts, 'direct-connection') === 'fails') return cleared('check_proxy_in_between_direct_fails');
    const connectivity = known(facts, 'general-connectivity');
    if (connectivity === 'fails') return implicated('check_proxy_in_between_all_fail');
    if (connectivity === 'works') return inconclusive('check_proxy_in_between_controls_work');
    return inconclusive('check_proxy_in_between_configured');
  },
};

export default check;
