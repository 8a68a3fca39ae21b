// Hypothesis: the tab holds on to an old address or an old connection.
// Varies: the tab's own pools against this extension's.
// Held: URL, cookies, network.
// Misleads: another extension that touches only the tab.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'stale-address',
  area: 'site-data',
  part: 'browser',
  causes: ['browser-site-data'],
  needs: ['tab-replay', 'own-request'],
  uses: ['installed-extensions'],
  step: 'restart-browser',
  evaluate(facts) {
    const bypass = known(facts, 'extension-bypass');
    if (bypass === 'fails') return cleared('check_stale_address_own_fails');
    if (bypass !== 'works') return inconclusive('check_stale_address_unclear');
    if (
      known(facts, 'tab-headers') === 'extended' ||
      known(facts, 'extensions-disabled') === 'works' ||
      known(facts, 'site-state-bypass') === 'works'
    )
      return cleared('check_stale_address_other_reason');
    return known(facts, 'tab-headers') === 'as-expected'
      ? implicated('check_stale_address_same_headers')
      : inconclusive('check_stale_address_unclear');
  },
};

export default check;
