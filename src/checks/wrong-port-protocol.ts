// Hypothesis: the port speaks the other language.
// Varies: http against https on the very same port.
// Held: host, port.
// Misleads: on the default ports two different servers answer.
import type { Check } from '../model/check';
import { cleared, implicated, known } from './judge';

const check: Check = {
  id: 'wrong-port-protocol',
  area: 'site',
  part: 'site',
  causes: ['wrong-protocol-on-port', 'dev-server'],
  needs: ['other-scheme'],
  step: 'use-right-scheme',
  evaluate(facts) {
    const port = known(facts, 'port-protocol');
    if (port === 'speaks-http') return implicated('check_wrong_port_protocol_speaks_http');
    if (port === 'speaks-tls') return implicated('check_wrong_port_protocol_speaks_tls');
    const answer = known(facts, 'tls-answer');
    const isTls = answer === 'no-common-version-or-cipher' || answer === 'unknown-name';
    if (!isTls && known(facts, 'error-kind') === 'tls-alert-or-protocol' && known(facts, 'other-scheme') === 'http-works-https-fails')
      return implicated('check_wrong_port_protocol_no_tls');
    return cleared('check_wrong_port_protocol_as_expected');
  },
};

export default check;
