// Hypothesis: another extension has set a proxy that resets the connection.
// Varies: nothing; the setting's holder is read. The controls tell whether the proxy works at all.
// Held: everything.
// Misleads: a VPN or blocker extension may hold a proxy that works well.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'extension-held-proxy',
  area: 'extensions',
  part: 'browser',
  causes: ['browser-extension'],
  needs: ['proxy-settings'],
  uses: ['controls', 'direct-connection'],
  step: 'disable-extensions',
  evaluate(facts) {
    if (known(facts, 'proxy-configured') !== 'extension') return cleared('check_extension_held_proxy_none');
    if (known(facts, 'direct-connection') === 'works') return implicated('check_extension_held_proxy_direct_works');
    if (known(facts, 'direct-connection') === 'fails') return cleared('check_extension_held_proxy_direct_fails');
    const connectivity = known(facts, 'general-connectivity');
    if (connectivity === 'fails') return implicated('check_extension_held_proxy_all_fail');
    return inconclusive('check_extension_held_proxy_held');
  },
};

export default check;
