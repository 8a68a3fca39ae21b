// Hypothesis: a program on the device or a gateway opens secure connections.
// Varies: nothing; the controls' certificates (Firefox) and protocols are looked at.
// Held: well-known sites.
// Misleads: Chromium cannot know that it is *not* so; a company authority alone resets nothing.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'security-program-in-between',
  area: 'security-software',
  part: 'device',
  causes: ['security-software', 'organisation-filter'],
  needs: ['controls'],
  step: 'pause-security-software',
  evaluate(facts) {
    const intercepted = known(facts, 'tls-intercepted');
    if (intercepted === 'yes')
      return known(facts, 'network-owner') === 'organisation'
        ? inconclusive('check_security_program_in_between_organisation')
        : implicated('check_security_program_in_between_yes');
    if (intercepted === 'no') return cleared('check_security_program_in_between_no');
    return inconclusive('check_security_program_in_between_unknown');
  },
};

export default check;
