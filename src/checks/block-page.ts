// Hypothesis: a filter resets this page, and its notice stands where the unencrypted page should be.
// Varies: with against without encryption.
// Held: name, address as the browser has it, device, network.
// Misleads: a site that leads to another of its owner's with a notice of its own; a notice that is not signed.
import type { Check } from '../model/check';
import type { MessageId } from '../model/message';
import type { ObservationValue } from '../model/vocabulary';
import { implicated, inconclusive, known } from './judge';

const SAYS: Readonly<Record<ObservationValue<'block-page'>, MessageId>> = {
  organisation: 'check_block_page_organisation',
  router: 'check_block_page_router',
  provider: 'check_block_page_provider',
  software: 'check_block_page_software',
  unsaid: 'check_block_page_unsaid',
  'private-address': 'check_block_page_private_address',
};

const check: Check = {
  id: 'block-page',
  area: 'network',
  part: 'path',
  causes: ['organisation-filter', 'router-filter', 'isp-filter', 'security-software'],
  needs: ['other-scheme'],
  step: 'ask-network-owner',
  evaluate(facts) {
    const author = known(facts, 'block-page');
    // Most filters give no notice: none clears nobody.
    return author === undefined ? inconclusive('check_block_page_none') : implicated(SAYS[author]);
  },
};

export default check;
