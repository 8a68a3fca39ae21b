// Hypothesis: the reset was a passing one.
// Varies: time: the same request again and again.
// Held: everything else.
// Misleads: reused connections hide resets; a site that fails rarely may succeed ten times.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'passing-fault',
  area: 'network',
  part: 'path',
  causes: ['transient'],
  needs: ['own-request'],
  uses: ['repetition', 'tab-replay'],
  step: 'wait-and-retry',
  evaluate(facts) {
    const frequency = known(facts, 'frequency');
    if (frequency === 'not-reproduced' || frequency === 'only-first-request') return implicated('check_passing_fault_gone');
    if (known(facts, 'retry') === 'fails') return cleared('check_passing_fault_persists');
    return inconclusive('check_passing_fault_mixed');
  },
};

export default check;
