// Hypothesis: the IPv6 path is broken while IPv4 works.
// Varies: the family of the address.
// Held: site, port, scheme.
// Misleads: a site without IPv6, or a device without it.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known, notApplicable } from './judge';

const check: Check = {
  id: 'broken-ipv6',
  area: 'network',
  part: 'local-network',
  causes: ['ipv6-path'],
  needs: ['bare-address'],
  uses: ['independent-dns'],
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
        return known(facts, 'address-records') === 'ipv4-only'
          ? cleared('check_broken_ipv6_no_six')
          : notApplicable('check_broken_ipv6_one_family');
    }
  },
};

export default check;
