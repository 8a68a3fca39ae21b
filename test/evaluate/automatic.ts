import type { FactValues } from '../../src/diagnosis/rank';
import type { ConsentId } from '../../src/model/consent';
import type { ObservationId } from '../../src/model/vocabulary';
import type { Case } from './cases';
import { reveal } from './person';

/**
 * What opening the product on the failed page brings by itself, by probe; a copy of what src/probes and src/session/observe do.
 * Only what both browsers can do without a permission.
 */
const AUTOMATIC: Readonly<Record<string, readonly ObservationId[]>> = {
  incident: ['error-kind', 'scheme', 'method', 'host-kind', 'phase', 'time-to-failure'],
  'own-request': [],
  'tab-replay': ['extension-bypass', 'site-state-bypass', 'tab-headers'],
  controls: ['general-connectivity', 'captive-portal', 'tls-intercepted', 'scope'],
  'other-scheme': ['other-scheme', 'port-protocol'],
  'site-root': ['site-root'],
  'sibling-host': ['sibling-host'],
  'proxy-settings': ['proxy-configured'],
  cookies: ['cookieless', 'cookie-header-size'],
  'answer-size': ['response-size'],
  repetition: ['retry', 'frequency', 'failure-pattern'],
  'last-look': [],
  'device-state': [],
};

/** What is learned by repeating the failing request, which an upload and a WebSocket never are. */
const BY_REPLAY: ReadonlySet<ObservationId> = new Set<ObservationId>([
  'extension-bypass',
  'site-state-bypass',
  'tab-headers',
  'cookieless',
  'response-size',
  'retry',
  'frequency',
  'failure-pattern',
]);

/** Number of automatic probes, each of which costs its tenth of a minute. */
export const AUTOMATIC_COUNT = Object.keys(AUTOMATIC).length;

const isReplayable = (one: Case): boolean => {
  const method = reveal(one, 'method');
  return method === undefined || method === 'navigation-or-get';
};

/** Facts that the automatic probes find in this case, beside those that were stated. */
export const findByItself = (one: Case): FactValues => {
  const found: Partial<Record<ObservationId, string>> = {};
  for (const observation of Object.values(AUTOMATIC).flat()) {
    if (BY_REPLAY.has(observation) && !isReplayable(one)) continue;
    const value = reveal(one, observation);
    if (value !== undefined) found[observation] = value;
  }
  return found;
};

/** Consents that the product would have buttons for; the simulated person gives each that is asked for. */
export const consentsFor = (facts: FactValues): ConsentId[] => {
  const isPublic = facts['host-kind'] === undefined || facts['host-kind'] === 'public';
  const isProxied = facts['proxy-configured'] !== undefined && facts['proxy-configured'] !== 'none';
  const isReplayed = facts.method === undefined || facts.method === 'navigation-or-get';
  const isPassing = ['often', 'rare', 'only-in-parallel-burst', 'not-reproduced'].includes(facts.frequency ?? '');
  return [
    'see-extensions',
    'switch-extensions-off',
    ...(isPublic ? (['ask-resolvers', 'read-browser-dns'] as const) : []),
    ...(isProxied ? (['go-direct'] as const) : []),
    ...(isReplayed ? (['set-own-headers'] as const) : []),
    ...(isPassing && isReplayed ? (['larger-burst'] as const) : []),
  ];
};
