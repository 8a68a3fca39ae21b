// Hypothesis: the site's cookies make the server hang up, most often because they have grown too large.
// Varies: with against without cookies, alternately.
// Held: URL, method, other headers, connection kind.
// Misleads: big cookies that the server takes; a server that fails now and then.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const sizeText = (bytes: number | undefined): string => (bytes === undefined ? '4096+' : String(bytes));

const check: Check = {
  id: 'oversized-cookies',
  area: 'site-data',
  part: 'browser',
  causes: ['oversized-headers', 'browser-site-data'],
  needs: ['cookies'],
  step: 'clear-site-data',
  standsIn: ({ experiments }) => experiments?.['cookie-search']?.detail?.outcome === 'found',
  evaluate(facts) {
    const search = facts.experiments?.['cookie-search']?.detail;
    if (search?.outcome === 'found' && search.culprits) {
      const names = search.culprits.map(({ name }) => name || '(…)').join(', ');
      const bytes = String(search.culprits.reduce((sum, one) => sum + one.bytes, 0));
      return search.culprits.length === 1
        ? implicated('check_oversized_cookies_found', names, bytes)
        : implicated('check_oversized_cookies_found_several', names, bytes);
    }
    const without = known(facts, 'cookieless');
    const size = known(facts, 'cookie-header-size');
    if (without === 'works')
      return size === undefined || size === 'under-4k'
        ? implicated('check_oversized_cookies_content')
        : implicated('check_oversized_cookies_size', sizeText(facts.measurements.cookies?.cookieBytes));
    if (without === 'fails') return cleared('check_oversized_cookies_without_fails');
    const included = facts.measurements.cookies?.pairs.some(({ included: exchange }) => exchange.outcome === 'response');
    return included ? cleared('check_oversized_cookies_with_works') : inconclusive('check_oversized_cookies_unclear');
  },
};

export default check;
