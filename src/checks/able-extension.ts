// Hypothesis: an installed extension is able to interfere with this site.
// Varies: nothing; it is a look.
// Held: everything.
// Misleads: being able is not doing: most able extensions are innocent.
import type { Check } from '../model/check';
import { cleared, inconclusive, isAbleToInterfere } from './judge';

const check: Check = {
  id: 'able-extension',
  area: 'extensions',
  part: 'browser',
  causes: ['browser-extension'],
  needs: ['installed-extensions'],
  step: 'disable-extensions',
  evaluate(facts) {
    const able = (facts.measurements['installed-extensions']?.extensions ?? []).filter(isAbleToInterfere);
    if (able.length === 0) return cleared('check_able_extension_none');
    return inconclusive(
      'check_able_extension_some',
      String(able.length),
      able
        .slice(0, 3)
        .map(({ name }) => name)
        .join(', '),
    );
  },
};

export default check;
