// Hypothesis: the server itself resets, whatever it is asked.
// Varies: name, scheme and sibling hosts.
// Held: address.
// Misleads: a filter by address on the way looks the same from here.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'failing-server',
  area: 'site',
  part: 'site',
  causes: ['server-crash', 'server-block', 'server-overload'],
  needs: ['bare-address'],
  uses: [
    'site-root',
    'other-scheme',
    'sibling-host',
    'controls',
    'browser-dns',
    'independent-dns',
    'named-greeting',
    'socket-handshake',
    'repetition',
  ],
  step: 'measure-from-outside',
  evaluate(facts) {
    const bare = [
      known(facts, 'tls-without-name') === 'fails',
      known(facts, 'same-address-other-name') === 'fails',
      known(facts, 'other-scheme') === 'both-fail',
      known(facts, 'sibling-host') === 'fails',
    ];
    const count = bare.filter(Boolean).length;
    if (known(facts, 'resolver-agreement') === 'bogus-address') return cleared('check_failing_server_wrong_address');
    // By the very scheme, port and name of the page.
    if (known(facts, 'site-root') === 'works') return cleared('check_failing_server_root_works');
    if (known(facts, 'general-connectivity') === 'fails') return inconclusive('check_failing_server_all_fail');
    if (count >= 2) return implicated('check_failing_server_everything');
    if (known(facts, 'tls-with-name') === 'completes' && known(facts, 'frequency') === 'always')
      return implicated('check_failing_server_after_greeting');
    if (known(facts, 'tls-without-name') === 'reaches' || known(facts, 'same-address-other-name') === 'works')
      return cleared('check_failing_server_answers');
    return inconclusive('check_failing_server_unclear');
  },
};

export default check;
