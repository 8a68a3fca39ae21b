// Hypothesis: the server's log explains the reset.
// Varies: nothing; it is asked of whoever runs the site.
// Held: time of the request.
// Misleads: logs of the front end and of the application differ.
import type { Check } from '../model/check';
import { implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'server-log-entry',
  area: 'site',
  part: 'site',
  causes: ['server-crash', 'upload-limit', 'server-timeout', 'load-balancer', 'server-overload'],
  needs: [],
  step: 'ask-server-log',
  evaluate(facts) {
    switch (known(facts, 'server-log')) {
      case 'error-or-crash':
        return implicated('check_server_log_entry_error');
      case 'limit-or-timeout-message':
        return implicated('check_server_log_entry_limit');
      case 'normal-entry':
        return inconclusive('check_server_log_entry_normal');
      case 'no-entry':
        return inconclusive('check_server_log_entry_none');
      default:
        return undefined;
    }
  },
};

export default check;
