// Hypothesis: the browser is so old that servers no longer take its TLS.
// Varies: nothing; its version is compared with its maker's calendar.
// Held: everything.
// Misleads: a long-term release is old by its number only; age alone breaks nothing.
import type { Check } from '../model/check';
import { cleared, inconclusive, notApplicable } from './judge';

/** Older than this, somebody does not let it update, days. */
const OLD_DAYS = 180;
const DAYS_IN_MONTH = 30.4;

const check: Check = {
  id: 'outdated-browser',
  area: 'site',
  part: 'browser',
  causes: ['tls-version-or-cipher'],
  needs: ['device-state'],
  step: 'try-other-browser',
  evaluate(facts) {
    const days = facts.measurements['device-state']?.browserAgeDays;
    if (days === undefined) return notApplicable('check_outdated_browser_unknown');
    const version = String(facts.environment.browserVersion);
    return days <= OLD_DAYS
      ? cleared('check_outdated_browser_recent', version)
      : inconclusive('check_outdated_browser_old', version, String(Math.round(days / DAYS_IN_MONTH)));
  },
};

export default check;
