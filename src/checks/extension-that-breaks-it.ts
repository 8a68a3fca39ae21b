// Hypothesis: the page loads once other extensions are off.
// Varies: able extensions off, then on again.
// Held: URL, tab, network, cookies.
// Misleads: a fault that comes and goes: the tab must fail again once they are on.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'extension-that-breaks-it',
  area: 'extensions',
  part: 'browser',
  causes: ['browser-extension'],
  needs: ['extensions-off'],
  step: 'disable-extensions',
  evaluate(facts) {
    const disabled = known(facts, 'extensions-disabled');
    if (disabled === 'works')
      return implicated('check_extension_that_breaks_it_works', String(facts.measurements['extensions-off']?.switchedOff.length ?? 0));
    if (disabled === 'fails') return cleared('check_extension_that_breaks_it_fails');
    return inconclusive('check_extension_that_breaks_it_unclear');
  },
};

export default check;
