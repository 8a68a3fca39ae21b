// Hypothesis: the site fails from everywhere.
// Varies: the place from which it is asked (measured elsewhere).
// Held: site, time.
// Misleads: a site may answer machines and refuse people, or the other way round.
import type { Check } from '../model/check';
import { cleared, implicated, known } from './judge';

const check: Check = {
  id: 'failing-from-everywhere',
  area: 'site',
  part: 'site',
  causes: ['server-crash', 'server-overload', 'server-block'],
  needs: [],
  step: 'measure-from-outside',
  evaluate(facts) {
    const outside = known(facts, 'outside-vantage');
    if (outside === 'fails') return implicated('check_failing_from_everywhere_fails');
    if (outside === 'works') return cleared('check_failing_from_everywhere_works');
    return undefined;
  },
};

export default check;
