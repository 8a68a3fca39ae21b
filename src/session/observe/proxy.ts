import type { Exchange } from '../../model/exchange';
import type { Measurements, ProxyFacts } from '../../model/measurement';
import type { Failure } from '../../model/vocabulary';
import { commonFate, type Fate, fateOf } from '../fate';
import type { Found, Observer } from './found';
import { judgeControls } from './network';
import { fatesInARow } from './repetition';

/** What proxy is in the way, as far as it is certain. Chromium says `system` also where there is none at all. */
export const proxyConfigured = (facts: ProxyFacts) => {
  if (facts.observed === 'none') return 'none';
  const isTaken = facts.observed !== undefined;
  if (facts.heldBy === 'other-extension' && facts.mode !== 'direct' && (facts.mode !== 'system' || isTaken)) return 'extension';
  switch (facts.mode) {
    case 'direct':
      // Firefox: no proxy is set, and yet one was taken: only an extension's per-request listener does that.
      return isTaken ? 'extension' : 'none';
    case 'system':
      return facts.heldBy === 'policy' && isTaken ? 'policy' : isTaken || facts.servers.length > 0 ? 'system' : undefined;
    case 'manual':
      return facts.heldBy === 'policy' ? 'policy' : 'browser';
    case 'pac':
    case 'auto-detect':
      return facts.heldBy === 'policy' ? 'policy' : facts.mode === 'pac' || isTaken ? 'pac' : undefined;
    default:
      return isTaken ? 'system' : undefined;
  }
};

/** Whether two readings of the setting are the same. */
const isSameSetting = (one: ProxyFacts, other: ProxyFacts): boolean =>
  one.mode === other.mode && one.servers.join(' ') === other.servers.join(' ');

/** Whether another extension put the proxy there, though the setting does not say so. */
const isSetByExtension = (facts: ProxyFacts, measurements: Partial<Measurements>): boolean => {
  const off = measurements['extensions-off']?.proxyWhileOff;
  if (off) return !isSameSetting(facts, off);
  // Firefox: a proxy was taken that no setting names, and an extension is there that may hand one out for each request.
  const isAnyAble = measurements['installed-extensions']?.extensions.some(
    ({ isEnabled, abilities }) => isEnabled && abilities.includes('proxy'),
  );
  return isAnyAble === true && facts.mode === 'system' && typeof facts.observed === 'object';
};

/** What proxy is in the way, with all that the measurements tell of it. */
export const proxyInTheWay = (measurements: Partial<Measurements>) => {
  const settings = measurements['proxy-settings'];
  if (!settings) return undefined;
  return isSetByExtension(settings, measurements) ? 'extension' : proxyConfigured(settings);
};

/**
 * What the page does past the proxy and by it, each time. By it counts what was asked for beside that, and after it, at last. What our own
 * requests met before may lie minutes back: that it fails past the proxy as well may be held against it, and no success.
 */
const fatesOfProxy = (measurements: Partial<Measurements>, page: Failure): { direct: Fate; proxied: Fate } => {
  const experiment = measurements['direct-connection'];
  if (!experiment?.isInEffect) return { direct: undefined, proxied: undefined };
  const fatesOf = (exchanges: readonly Exchange[]) => exchanges.map((exchange) => fateOf(exchange, page));
  const direct = commonFate(fatesOf(experiment.direct));
  const beside = fatesOf([...experiment.proxied, ...(measurements['last-look']?.exchanges ?? [])]);
  const isBeside = direct === 'works' || beside.some((fate) => fate !== undefined);
  return { direct, proxied: commonFate(isBeside ? beside : fatesInARow(measurements, page)) };
};

/**
 * Whether the page or the line comes and goes, so that a few tries each way are chance; on such a line no proxy is blamed that nobody set.
 */
const isPassing = (measurements: Partial<Measurements>, page: Failure): boolean =>
  fatesInARow(measurements, page).includes('works') ||
  (proxyInTheWay(measurements) === undefined && judgeControls(measurements.controls?.results ?? []) === 'partly');

/**
 * Whether a proxy certainly carries our requests to the site. A script, the system or a list of exceptions may send some of them past it,
 * which Firefox alone tells; but where the page works without the proxy and fails with it, there is one.
 */
export const isCarriedByProxy = (measurements: Partial<Measurements>, page: Failure): boolean => {
  const facts = measurements['proxy-settings'];
  if (facts?.observed !== undefined) return facts.observed !== 'none';
  const { direct, proxied } = fatesOfProxy(measurements, page);
  const isForAll = facts?.mode === 'manual' && !facts.hasExceptions;
  return isForAll || (direct === 'works' && proxied === 'fails' && !isPassing(measurements, page));
};

/** The proxy, and what going past it changes. */
export const observeProxy: Observer = ({ measurements, page }) => {
  const found: Found[] = [];
  const configured = proxyInTheWay(measurements);
  if (configured) found.push({ id: 'proxy-configured', value: configured, by: 'proxy-settings' });

  if (page !== undefined) {
    const { direct, proxied } = fatesOfProxy(measurements, page);
    // Without a proxy there is nothing to go past: "fails" would be the same failure twice.
    if (direct && proxied === 'fails' && !(direct === 'works' && isPassing(measurements, page)))
      found.push({ id: 'direct-connection', value: direct, by: 'direct-connection' });
  }
  return found;
};
