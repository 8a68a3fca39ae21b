// Hypothesis: another extension changes the tab's request so that it is reset.
// Varies: who sends the request: the tab, or this extension, whose requests others cannot touch.
// Held: URL, device, network, person's cookies.
// Misleads: a proxy that an extension sets reaches our request too; a stale cache or address of the tab looks the same until it is bypassed.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'request-changed-by-extension',
  area: 'extensions',
  part: 'browser',
  causes: ['browser-extension'],
  needs: ['tab-replay', 'own-request'],
  uses: ['installed-extensions', 'extensions-off', 'start-address'],
  step: 'disable-extensions',
  evaluate(facts) {
    if (known(facts, 'redirected-by') === 'extension') return implicated('check_request_changed_by_extension_led_elsewhere');
    const bypass = known(facts, 'extension-bypass');
    if (bypass === 'fails') return cleared('check_request_changed_by_extension_both_fail');
    if (bypass !== 'works') return inconclusive('check_request_changed_by_extension_unclear');
    if (known(facts, 'tab-headers') === 'extended') return implicated('check_request_changed_by_extension_headers_added');
    if (known(facts, 'site-state-bypass') === 'works' || known(facts, 'extensions-disabled') === 'fails')
      return cleared('check_request_changed_by_extension_other_reason');
    return inconclusive('check_request_changed_by_extension_only_tab_fails');
  },
};

export default check;
