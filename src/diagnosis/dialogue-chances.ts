import type { Step } from '../model/step';
import type { CauseId, ObservationId } from '../model/vocabulary';
import type { FactValues } from './rank';
import { chanceOf } from './weights/likelihoods';

/** Chance that a step mends the page where this is the cause, when it is done properly. */
type Mends = Readonly<Partial<Record<CauseId, number>>>;

/**
 * Steps that mend by being done and whose doing is no observation of the vocabulary. By mechanism: near one where the step
 * removes the cause itself, less where there are several ways and the step tries one, or where work on a server is needed.
 */
export const MENDS: Readonly<Record<string, Mends>> = {
  'clear-site-data': { 'browser-site-data': 0.8, 'oversized-headers': 0.95 },
  'restart-browser': { 'browser-site-data': 0.2 },
  'toggle-vpn': { 'vpn-client': 0.93, 'path-mtu': 0.5 },
  'change-dns': { 'dns-answer': 0.85 },
  'flush-dns': { 'dns-answer': 0.35, 'browser-site-data': 0.1 },
  'sign-in-to-network': { 'captive-portal': 0.97 },
  'reset-network-settings': { 'device-network-stack': 0.8 },
  'update-network-driver': { 'network-driver': 0.6 },
  'switch-ipv6-off': { 'ipv6-path': 0.95 },
  'lower-mtu': { 'path-mtu': 0.8 },
  'wait-and-retry': { transient: 0.95, 'server-overload': 0.4 },
  'switch-quic-off': { 'http2-or-quic': 0.3 },
  'set-clock': { 'proxy-configuration': 0.04, 'tls-version-or-cipher': 0.03 },
  'check-server-firewall': { 'server-block': 0.8 },
  'watch-server-resources': { 'server-overload': 0.7 },
  'check-server-configuration': {
    'server-timeout': 0.7,
    'keep-alive-race': 0.7,
    'server-certificate-binding': 0.8,
    'tls-version-or-cipher': 0.8,
    'http2-or-quic': 0.6,
    'wrong-protocol-on-port': 0.8,
    'oversized-headers': 0.6,
  },
  'check-application': { 'server-crash': 0.6, 'unread-body': 0.7, 'upload-limit': 0.6 },
  'check-load-balancer': { 'load-balancer': 0.8, 'keep-alive-race': 0.4 },
  'check-api-gateway': { 'load-balancer': 0.3, 'server-block': 0.3, 'server-timeout': 0.3 },
  'check-container-port': { 'container-port': 0.9 },
  'check-dev-server': { 'dev-server': 0.8, 'wrong-protocol-on-port': 0.6, 'server-certificate-binding': 0.6 },
};

/** Steps whose "test again" is an observation and that leave the page mended; the observation's table says how often. */
const MENDING_TESTS: ReadonlySet<string> = new Set([
  'disable-extensions',
  'switch-proxy-off',
  'pause-security-software',
  'restart-router',
  'pause-router-filter',
  'use-right-scheme',
  'try-small-clienthello',
]);

/** Steps that hand the matter to whoever can mend it: they mend by way of somebody else, and later. */
const HANDED_ON = 0.3;

/** Chance that doing this step makes the page work again where this is the cause. */
export const mendChance = (step: Pick<Step, 'id' | 'causes' | 'tells'>, cause: CauseId): number => {
  if (!step.causes.includes(cause)) return 0;
  if (step.id.startsWith('contact-')) return HANDED_ON;
  if (step.tells && MENDING_TESTS.has(step.id)) return chanceOf(step.tells.observation, step.tells.works, cause) ?? 0;
  return MENDS[step.id]?.[cause] ?? 0;
};

/** Least chance that the page works after a step that mended nothing. */
const COINCIDENCE = 0.02;
/** A fault that comes and goes is gone for this share of the moments when a retry works. */
const COINCIDENCE_SHARE = 0.5;
/** The same where the page was seen to fail again when it was tried again. */
const COINCIDENCE_SHARE_STEADY = 0.15;

/**
 * What the outcome of a step says about a cause. "It works now" may be a coincidence. "It still fails" speaks against what the
 * step mends and against nothing else: how regularly the page fails is a fact of its own, and each further vain repair must
 * not count it again. The less so where the page was seen to fail whenever it was tried.
 */
export const outcomeChance = (
  step: Pick<Step, 'id' | 'causes' | 'tells'>,
  cause: CauseId,
  doesWork: boolean,
  facts: FactValues = {},
): number => {
  if (!doesWork) return 1 - mendChance(step, cause);
  const share = facts.retry === 'fails' || facts.frequency === 'always' ? COINCIDENCE_SHARE_STEADY : COINCIDENCE_SHARE;
  return Math.max(foreseenMend(step, cause), share * (chanceOf('retry', 'succeeds', cause) ?? 0));
};

/**
 * The same, looking ahead, for "it works": what a repair would teach is counted beyond what merely trying again would; else the
 * most useless repair would look worth doing for the sake of the new try.
 */
export const foreseenMend = (step: Pick<Step, 'id' | 'causes' | 'tells'>, cause: CauseId): number =>
  Math.max(mendChance(step, cause), COINCIDENCE);

/** Whether the outcome of a step says something that no observation of the vocabulary says already. */
export const isBareRepair = ({ id }: Pick<Step, 'id'>): boolean => MENDS[id] !== undefined;

/** Chance that a person who is asked can tell, or has what the test needs; most can. */
const USUALLY_ANSWERED = 0.85;
/**
 * Questions that fewer can answer: they need expertise (a capture, curl, a flag), another person, a thing that need not be
 * there, or a memory of what nobody notes.
 */
const ANSWERED: Readonly<Partial<Record<ObservationId, number>>> = {
  'reset-origin': 0.1,
  'reset-faster-than-path': 0.1,
  'outside-same-provider': 0.3,
  'outside-same-country': 0.3,
  'other-port-or-server': 0.3,
  'started-after': 0.7,
  'http-version': 0.4,
  'other-client': 0.5,
  'other-engine-only': 0.6,
  'small-clienthello': 0.6,
  'link-stability': 0.6,
  'server-log': 0.7,
  'time-to-failure': 0.6,
  'url-or-header-size': 0.5,
  'tls-intercepted': 0.5,
};

/** Chance that asking or testing for this tells anything. */
export const answerChance = (observation: ObservationId): number => ANSWERED[observation] ?? USUALLY_ANSWERED;
