// Hypothesis: the provider or its line is the reason.
// Varies: another network (asked, watched).
// Held: device, site.
// Misleads: a site may refuse one provider's addresses only.
import type { Check } from '../model/check';
import { cleared, implicated, known } from './judge';

const check: Check = {
  id: 'provider-or-line',
  area: 'network',
  part: 'path',
  causes: ['provider-fault', 'isp-filter', 'router-filter'],
  needs: [],
  step: 'try-other-network',
  evaluate(facts) {
    const other = known(facts, 'other-network');
    if (other === 'works') return implicated('check_provider_or_line_works');
    if (other === 'fails') return cleared('check_provider_or_line_fails');
    return undefined;
  },
};

export default check;
