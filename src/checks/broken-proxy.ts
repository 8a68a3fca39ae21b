// Hypothesis: the proxy resets or cannot serve the request.
// Varies: past the proxy against through it.
// Held: URL, device, network, cookies left away.
// Misleads: an extension or policy that holds the setting: then nothing was changed. Direct traffic may take another filter.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known } from './judge';

const check: Check = {
  id: 'broken-proxy',
  area: 'proxy',
  part: 'device',
  causes: ['proxy-configuration', 'browser-extension', 'organisation-filter'],
  needs: ['direct-connection'],
  uses: ['proxy-settings'],
  step: 'switch-proxy-off',
  evaluate(facts) {
    if (facts.measurements['direct-connection']?.isInEffect === false) return inconclusive('check_broken_proxy_held');
    const direct = known(facts, 'direct-connection');
    if (direct === 'works') return implicated('check_broken_proxy_works');
    if (direct === 'fails') return cleared('check_broken_proxy_fails');
    return inconclusive('check_broken_proxy_unclear');
  },
};

export default check;
