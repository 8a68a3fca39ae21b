// Hypothesis: the server breaks off while it answers.
// Varies: how much of the answer is asked for.
// Held: URL, connection.
// Misleads: a line that drops; large packets that get lost.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'cut-answers',
  area: 'site',
  part: 'site',
  causes: ['server-crash', 'server-timeout', 'load-balancer'],
  needs: ['answer-size'],
  uses: ['own-request'],
  step: 'read-server-log',
  evaluate(facts) {
    if (known(facts, 'phase') === 'response-started') return implicated('check_cut_answers_cut');
    if (known(facts, 'response-size') !== 'fails-only-large') return cleared('check_cut_answers_before');
    switch (known(facts, 'large-answer')) {
      case 'begins':
        return implicated('check_cut_answers_large_begins');
      case 'nothing-comes':
        return cleared('check_cut_answers_nothing_comes');
      default:
        return inconclusive('check_cut_answers_only_large');
    }
  },
};

export default check;
