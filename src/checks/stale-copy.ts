// Hypothesis: an old stored copy or a service worker of the site is in the way.
// Varies: the tab past its cache and service worker.
// Held: tab, cookies, network.
// Misleads: a fault that comes and goes.
import type { Check } from '../model/check';
import { cleared, implicated, inconclusive, isPastFailingWorker, known } from './judge';

const MENDED_BY = {
  cache: 'check_stale_copy_cache',
  'service-worker': 'check_stale_copy_service_worker',
  storage: 'check_stale_copy_storage',
} as const;

const check: Check = {
  id: 'stale-copy',
  area: 'site-data',
  part: 'browser',
  causes: ['browser-site-data'],
  needs: ['tab-replay'],
  uses: ['start-address'],
  step: 'clear-site-data',
  standsIn: ({ experiments }) => experiments?.['site-data']?.detail?.mendedBy !== undefined,
  evaluate(facts) {
    const mendedBy = facts.experiments?.['site-data']?.detail?.mendedBy;
    if (mendedBy) return implicated(MENDED_BY[mendedBy]);
    const past = known(facts, 'site-state-bypass');
    if (past === 'works' && facts.observations['site-state-bypass']?.by === 'start-address')
      return implicated('check_stale_copy_led_elsewhere');
    if (past === 'works') return implicated('check_stale_copy_works');
    if (past === 'fails') return cleared('check_stale_copy_fails');
    const plain = facts.measurements['tab-replay']?.plain;
    if (isPastFailingWorker(facts.measurements) && known(facts, 'frequency') === undefined)
      return implicated('check_stale_copy_past_worker');
    if (plain?.outcome === 'loaded') return cleared('check_stale_copy_loads');
    return inconclusive('check_stale_copy_unclear');
  },
};

export default check;
