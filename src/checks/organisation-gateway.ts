// Hypothesis: a workplace or school gateway resets this page.
// Varies: whose network it is, another network (asked).
// Held: device, site.
// Misleads: a home provider's filter looks alike.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'organisation-gateway',
  area: 'organisation',
  part: 'path',
  causes: ['organisation-filter'],
  needs: [],
  step: 'ask-network-owner',
  evaluate(facts) {
    const owner = known(facts, 'network-owner');
    if (owner === undefined) return undefined;
    if (owner !== 'organisation') return cleared('check_organisation_gateway_not_theirs');
    return known(facts, 'other-network') === 'works'
      ? implicated('check_organisation_gateway_works_elsewhere')
      : inconclusive('check_organisation_gateway_theirs');
  },
};

export default check;
