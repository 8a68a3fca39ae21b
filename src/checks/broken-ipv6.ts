// Hypothesis: the IPv6 path is broken while IPv4 works.
// Varies: the family of the address.
// Held: site, port, scheme.
// Misleads: a site without IPv6, or a device without it; a proxy, which picks the address itself.
import type { Check, Facts } from '../model/check';
import { cleared, implicated, inconclusive, known, notApplicable } from './judge';

/** Whether addresses of both families took the greeting, and the page fails only after it. */
const isEitherGreeting = ({ measurements }: Facts): boolean => {
  const greeting = (measurements['bare-address']?.results ?? []).filter(({ tls }) => tls === 'reaches');
  return greeting.some(({ family }) => family === 4) && greeting.some(({ family }) => family === 6);
};

/** Whether addresses of both families were spoken to. */
const isEitherTried = ({ measurements }: Facts): boolean =>
  new Set((measurements['bare-address']?.results ?? []).map(({ family }) => family)).size > 1;

/** Whether a proxy may carry the request, which then picks the address itself. */
const mayBeByProxy = (facts: Facts): boolean =>
  known(facts, 'direct-connection') === 'works' || (known(facts, 'proxy-configured') ?? 'none') !== 'none';

const check: Check = {
  id: 'broken-ipv6',
  area: 'network',
  part: 'local-network',
  causes: ['ipv6-path'],
  needs: ['bare-address'],
  uses: ['independent-dns', 'proxy-settings', 'direct-connection'],
  step: 'switch-ipv6-off',
  evaluate(facts) {
    switch (known(facts, 'address-family')) {
      case 'only-ipv6-fails':
        return implicated('check_broken_ipv6_only_six');
      case 'only-ipv4-fails':
        return inconclusive('check_broken_ipv6_only_four');
      case 'both-work':
      case 'both-fail':
        return cleared('check_broken_ipv6_same');
      default:
        if (known(facts, 'address-records') === 'ipv4-only') return cleared('check_broken_ipv6_no_six');
        if (isEitherTried(facts) && mayBeByProxy(facts)) return notApplicable('check_broken_ipv6_by_proxy');
        return isEitherGreeting(facts) ? inconclusive('check_broken_ipv6_greets') : notApplicable('check_broken_ipv6_one_family');
    }
  },
};

export default check;
