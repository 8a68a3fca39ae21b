// Hypothesis: the network wants a sign-in first.
// Varies: nothing; well-known answers are compared with what comes.
// Held: well-known plain addresses.
// Misleads: a single vendor may change its answer.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'sign-in-page',
  area: 'network',
  part: 'local-network',
  causes: ['captive-portal'],
  needs: ['controls'],
  step: 'sign-in-to-network',
  evaluate(facts) {
    const portal = known(facts, 'captive-portal');
    if (portal === 'yes') return implicated('check_sign_in_page_yes');
    if (portal === 'no') return cleared('check_sign_in_page_no');
    return inconclusive('check_sign_in_page_unclear');
  },
};

export default check;
