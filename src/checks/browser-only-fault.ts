// Hypothesis: only this browser, or only its usual profile, is affected.
// Varies: private window, other browser (asked).
// Held: device, network, site.
// Misleads: another browser may go past the proxy or use another name service.
import type { Check } from '../model/check';
import { cleared, implicated, known } from './judge';

const check: Check = {
  id: 'browser-only-fault',
  area: 'extensions',
  part: 'browser',
  causes: ['browser-extension', 'browser-site-data', 'oversized-headers', 'tls-clienthello', 'http2-or-quic'],
  needs: [],
  step: 'open-private-window',
  evaluate(facts) {
    if (known(facts, 'incognito') === 'works') return implicated('check_browser_only_fault_private_works');
    if (known(facts, 'other-browser') === 'works') return implicated('check_browser_only_fault_other_works');
    if (known(facts, 'other-browser') === 'fails' || known(facts, 'incognito') === 'fails')
      return cleared('check_browser_only_fault_fails_too');
    return undefined;
  },
};

export default check;
