// Hypothesis: the name leads to a wrong address here.
// Varies: the browser's resolver against independent ones.
// Held: name, time.
// Misleads: large sites give every place another address: differing alone proves nothing.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'forged-address',
  area: 'dns',
  part: 'local-network',
  causes: ['dns-answer'],
  needs: ['browser-dns', 'independent-dns'],
  uses: ['bare-address'],
  step: 'change-dns',
  evaluate(facts) {
    const agreement = known(facts, 'resolver-agreement');
    const reached = known(facts, 'tls-at-independent-address');
    if (agreement === 'agree') return cleared('check_forged_address_agree');
    if (agreement === 'bogus-address') return implicated('check_forged_address_bogus');
    if (agreement === 'no-answer') return implicated('check_forged_address_no_answer');
    if (agreement === 'differ') {
      if (known(facts, 'tls-without-name') === 'reaches') return cleared('check_forged_address_differ_reaches');
      return reached === 'reaches' ? implicated('check_forged_address_differ_wrong') : inconclusive('check_forged_address_differ');
    }
    return inconclusive('check_forged_address_unclear');
  },
};

export default check;
