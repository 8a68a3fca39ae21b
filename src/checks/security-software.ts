// Hypothesis: antivirus, a filter app or a firewall on the device resets the connection.
// Varies: the program paused against running (asked, watched).
// Held: browser, network, site.
// Misleads: some programs go on filtering while "paused".
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'security-software',
  area: 'security-software',
  part: 'device',
  causes: ['security-software'],
  needs: [],
  step: 'pause-security-software',
  evaluate(facts) {
    const paused = known(facts, 'security-software-paused');
    if (paused === 'works') return implicated('check_security_software_works');
    if (paused === 'fails') return cleared('check_security_software_fails');
    const present = known(facts, 'security-software');
    if (present === 'absent') return cleared('check_security_software_absent');
    if (present === 'present') return inconclusive('check_security_software_present');
    return undefined;
  },
};

export default check;
