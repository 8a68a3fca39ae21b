import type { Measurements } from '../../model/measurement';
import { isResetLike } from '../../net-errors';
import { isTrial, pageError } from '../fate';
import { addressKind, placeOfHost } from '../place';
import type { Found, Observer } from './found';

/** Timeouts that people configure, ms; a failure within 2 % of one is no accident. */
const USUAL_TIMEOUTS_MS = [10_000, 15_000, 30_000, 60_000, 120_000, 300_000];
const TIMEOUT_TOLERANCE = 0.02;

const schemeOf = (url: string): 'http' | 'https' | 'websocket' => {
  if (/^wss?:/i.test(url)) return 'websocket';
  return /^https:/i.test(url) ? 'https' : 'http';
};

/** What the browser itself told, and what our own tries add about when it fails. */
export const observeIncident: Observer = ({ incident, measurements }) => {
  const found: Found[] = [];
  const error = pageError(incident, measurements);
  if (error) found.push({ id: 'error-kind', value: error.failure, by: isTrial(incident) ? 'own-request' : 'incident' });
  found.push({ id: 'scheme', value: schemeOf(incident.url), by: 'incident' });
  found.push({ id: 'method', value: methodOf(incident.kind, incident.method), by: 'incident' });

  const named = placeOfHost(incident.host);
  const own = measurements['browser-dns']?.addresses ?? [];
  const independent = (measurements['independent-dns']?.answers ?? []).flatMap(({ addresses }) => addresses);
  const isAllPrivate = own.length > 0 && own.every((address) => addressKind(address) !== 'public' && addressKind(address) !== 'bogus');
  // A public name that only our own resolver sends to a private address is a forged answer, not an inner host.
  const isInner =
    named === 'public' && isAllPrivate && independent.length > 0 && independent.every((address) => addressKind(address) !== 'public');
  found.push({ id: 'host-kind', value: isInner ? 'private-network' : named, by: isInner ? 'browser-dns' : 'incident' });

  const size = measurements['answer-size'];
  const own1 = measurements['own-request']?.exchanges.find((exchange) => exchange.outcome === 'failure' && exchange.hadHeaders);
  const isMidBody =
    incident.phase === 'response-started' || own1 !== undefined || (size?.large.outcome === 'failure' && size.large.hadHeaders);
  const greeting = isMidBody ? undefined : namedTls(measurements);
  if (error && greeting) {
    found.push({ id: 'tls-with-name', value: greeting, by: 'named-greeting' });
    found.push({ id: 'phase', value: greeting === 'breaks' ? 'connecting-or-tls' : 'request-sent', by: 'named-greeting' });
  } else if (error)
    found.push({
      id: 'phase',
      value: isMidBody ? 'response-started' : incident.phase,
      by: own1 && incident.phase !== 'response-started' ? 'own-request' : 'incident',
    });

  const durations = [
    ...(incident.durationMs === undefined || isTrial(incident) ? [] : [incident.durationMs]),
    ...(measurements['own-request']?.exchanges ?? [])
      .filter((exchange) => exchange.outcome === 'failure')
      .map(({ durationMs }) => durationMs),
  ];
  const time = timeToFailure(durations, isMidBody);
  if (error && time) found.push({ id: 'time-to-failure', value: time, by: 'incident' });
  return found;
};

/** Whether TLS with the page's name comes about: once is enough, for a filter would have broken it. */
const namedTls = (measurements: Partial<Measurements>): 'completes' | 'breaks' | undefined => {
  const failures = (measurements['named-greeting']?.exchanges ?? []).flatMap((exchange) =>
    exchange.outcome === 'failure' ? [exchange.error.failure] : [],
  );
  // Not even TLS came about, each time. An upgrade by the browser itself asks nobody.
  if (failures.length === 0) return undefined;
  if (failures.every((failure) => failure === 'proxy-unreachable')) return 'breaks';
  return failures.some((failure) => failure === 'tunnel-failed' || isResetLike(failure)) ? 'completes' : undefined;
};

const methodOf = (kind: string, method: string) => {
  if (kind === 'websocket') return 'websocket';
  return method === 'GET' || method === 'HEAD' ? 'navigation-or-get' : 'post-or-upload';
};

const timeToFailure = (durations: readonly number[], isMidBody: boolean) => {
  if (durations.length === 0) return isMidBody ? 'mid-transfer' : undefined;
  const isOneTimeout = USUAL_TIMEOUTS_MS.some((limit) =>
    durations.every((duration) => Math.abs(duration - limit) <= limit * TIMEOUT_TOLERANCE),
  );
  if (isOneTimeout) return 'constant-timeout';
  if (isMidBody) return 'mid-transfer';
  const longest = Math.max(...durations);
  if (longest < 1_500) return 'immediate';
  return Math.min(...durations) >= 1_500 ? 'seconds' : undefined;
};
