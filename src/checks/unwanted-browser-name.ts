// Hypothesis: the site resets this browser for the name it gives itself.
// Varies: the User-Agent header.
// Held: URL, address, cookies, all other headers, device, network.
// Misleads: a fault that comes and goes; guards that go by the greeting or by several headers together.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'unwanted-browser-name',
  area: 'site',
  part: 'site',
  causes: ['server-block'],
  needs: ['other-agent'],
  evaluate(facts) {
    const other = known(facts, 'other-agent');
    if (other === 'works') return implicated('check_unwanted_browser_name_works');
    if (other === 'fails') return cleared('check_unwanted_browser_name_fails');
    return inconclusive('check_unwanted_browser_name_unclear');
  },
};

export default check;
