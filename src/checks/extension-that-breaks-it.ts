// Hypothesis: the page loads once other extensions are off.
// Varies: able extensions off, then on again.
// Held: URL, tab, network, cookies.
// Misleads: a fault that comes and goes: the tab must fail again once they are on.
import type { Check, Facts } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

/** What the search among the extensions came to, where it says something. */
const resultOf = ({ experiments }: Facts): { kind: 'found' | 'cleared'; names: readonly string[] } | undefined => {
  const detail = experiments?.['extension-search']?.detail;
  const kind = detail?.result?.kind;
  if (!detail || (kind !== 'found' && kind !== 'cleared')) return undefined;
  return { kind, names: detail.extensions.filter(({ state }) => state === 'culprit').map(({ name }) => name) };
};

const check: Check = {
  id: 'extension-that-breaks-it',
  area: 'extensions',
  part: 'browser',
  causes: ['browser-extension'],
  needs: ['extensions-off'],
  step: 'disable-extensions',
  standsIn: (facts) => resultOf(facts) !== undefined,
  evaluate(facts) {
    const search = resultOf(facts);
    if (search?.kind === 'cleared') return cleared('check_extension_that_breaks_it_search_cleared');
    if (search) {
      const [first = '', ...others] = search.names;
      return others.length === 0
        ? implicated('check_extension_that_breaks_it_found', first)
        : implicated('check_extension_that_breaks_it_found_several', search.names.join(', '));
    }
    const disabled = known(facts, 'extensions-disabled');
    if (disabled === 'works')
      return implicated('check_extension_that_breaks_it_works', String(facts.measurements['extensions-off']?.switchedOff.length ?? 0));
    if (disabled === 'fails') return cleared('check_extension_that_breaks_it_fails');
    return inconclusive('check_extension_that_breaks_it_unclear');
  },
};

export default check;
