// Hypothesis: only the secure form of the site is broken.
// Varies: http against https.
// Held: host, path, no cookies.
// Misleads: browsers that upgrade http by themselves; a filter that reads only secure connections.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, known, notApplicable } from './judge';

const check: Check = {
  id: 'broken-https',
  area: 'site',
  part: 'site',
  causes: ['server-certificate-binding', 'tls-version-or-cipher', 'tls-clienthello', 'isp-filter'],
  needs: ['other-scheme'],
  uses: ['bare-address', 'site-root'],
  step: 'check-server-configuration',
  evaluate(facts) {
    const other = known(facts, 'other-scheme');
    if (known(facts, 'scheme') === 'http') return notApplicable('check_broken_https_plain_page');
    if (known(facts, 'site-root') === 'works') return cleared('check_broken_https_root_works');
    if (facts.measurements['other-scheme']?.isUpgradedByBrowser) return notApplicable('check_broken_https_upgraded');
    if (other === 'both-fail') return cleared('check_broken_https_both');
    if (other !== 'http-works-https-fails') return inconclusive('check_broken_https_unclear');
    if (known(facts, 'tls-without-name') === 'reaches') return inconclusive('check_broken_https_name_only');
    return known(facts, 'tls-without-name') === 'fails'
      ? implicated('check_broken_https_https_only')
      : inconclusive('check_broken_https_https_fails');
  },
};

export default check;
