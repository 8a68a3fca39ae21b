import type { ObservationId } from '../../model/vocabulary';
import type { Place } from './priors';

/**
 * Facts that are much the same fact. Within a group the most telling counts in full and each further
 * one only by `GROUP_SHARES`.
 */
export const GROUPS: readonly (readonly ObservationId[])[] = [
  ['retry', 'frequency'],
  ['incognito', 'extensions-disabled', 'extension-bypass', 'redirected-by'],
  ['other-browser', 'other-engine-only', 'other-client'],
  ['security-software', 'security-software-paused', 'tls-intercepted'],
  ['scope', 'general-connectivity', 'site-root'],
  ['vpn-active', 'vpn-toggled'],
  ['tls-with-name', 'phase', 'time-to-failure', 'response-size', 'large-answer'],
  ['sibling-host', 'sibling-address'],
  ['scheme', 'other-scheme', 'port-protocol'],
  ['address-family', 'address-records'],
  ['method', 'request-size'],
  ['tls-without-name', 'same-address-other-name'],
  ['outside-vantage', 'outside-same-provider', 'outside-same-country'],
  ['cookie-header-size', 'url-or-header-size'],
  ['reset-origin', 'reset-faster-than-path'],
];

/**
 * How much `scheme` counts by where the host is. Inside a network and on one machine most pages are plain http, whatever is wrong
 * with them: the tables are those of public sites.
 */
export const SCHEME_SHARES: Readonly<Record<Place, number>> = { public: 1, 'private-network': 0.35, loopback: 0.35 };

/** How much the first, second, third… fact of a group counts. */
export const GROUP_SHARES: readonly number[] = [1, 0.6, 0.35, 0.2];

/**
 * What every log-likelihood is multiplied by. The tables are cautious one by one, and so too modest together. The one number that
 * is fitted to the cases, by log loss: it lies between what the known ones ask for and what all together do
 * (`test/evaluate/calibrate.ts`).
 */
export const EVIDENCE_FACTOR = 1.6;

/** Share of answers and measurements that are simply wrong; keeps any one fact from deciding alone. */
export const NOISE = 0.02;
/** The same for facts that are wrong more rarely. */
export const RARER_NOISE: Partial<Record<ObservationId, number>> = {
  // The browser itself keeps and tells it.
  'proxy-configured': 0.001,
  // Said only where the one language was answered on the port and the other one failed with and without the name.
  'port-protocol': 0.005,
  // Who signs a notice is nearly always who wrote it; what has no words of refusal is none.
  'block-page': 0.006,
  // Off and on again, beside what our own request does.
  'extensions-disabled': 0.008,
  // The small request was answered before the large one and after it.
  'large-request': 0.006,
  // A status is read off the answer.
  'refusal-status': 0.004,
};
