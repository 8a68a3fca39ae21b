import type { Exchange } from '../../model/exchange';
import type { Measurements, ProbeId } from '../../model/measurement';
import { isResetLike, isUnexplainedAbort, tlsAnswerOf } from '../../net-errors';
import { isTrial, pageError } from '../fate';
import { addressKind, placeOfHost } from '../place';
import { isPresumed } from './comparable';
import type { Found, Observer } from './found';
import { isNameWorking, isOver, isRootWorking } from './repetition';

/** Timeouts that people configure, ms; a failure within 2 % of one, and what connecting and a busy device add, is no accident. */
const USUAL_TIMEOUTS_MS = [10_000, 30_000, 60_000, 120_000, 300_000];
/** The same where more than one try took that long, ms. */
const FURTHER_TIMEOUTS_MS = [5_000, 15_000, 20_000, 90_000, 180_000];
const TIMEOUT_TOLERANCE = 0.02;
const TIMEOUT_DELAY_MS = { short: 300, long: 700 } as const;
const LONG_TIMEOUT_MS = 10_000;
/** From so many tries on that took equally long, within this share and what a busy device adds, ms, a timeout shows whatever its length is. */
const REGULAR_TRIES = 3;
const REGULAR_SPREAD = 0.1;
/** Two are enough from this length on, ms, and within this share. */
const LONG_TRY_MS = 4_000;
const LONG_SPREAD = 0.03;
const DEVICE_SPREAD_MS = 200;
const MOST_SILENT_TRIES = 3;
/** What counts as immediate, ms. */
const IMMEDIATE_MS = 1_500;

/** Handshakes that must all be answered. */
export const HANDSHAKES = 2;

const schemeOf = (url: string): 'http' | 'https' | 'websocket' => {
  if (/^wss?:/i.test(url)) return 'websocket';
  return /^https:/i.test(url) ? 'https' : 'http';
};

/** What the browser itself told, and what our own tries add about when it fails. */
export const observeIncident: Observer = ({ incident, environment, measurements }) => {
  const found: Found[] = [];
  const error = pageError(incident, measurements);
  if (error) found.push({ id: 'error-kind', value: error.failure, by: isTrial(incident) ? 'own-request' : 'incident' });
  const answer = error && tlsAnswerOf(error);
  if (answer) found.push({ id: 'tls-answer', value: answer, by: isTrial(incident) ? 'own-request' : 'incident' });
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
  // What is greeted after the fault has ended says nothing of it.
  const greeting = isMidBody || isOver(incident, measurements, error?.failure) ? undefined : namedGreeting(measurements);
  if (
    error &&
    /^(?:https|wss):/i.test(incident.url) &&
    !isRootWorking(measurements) &&
    isNameWorking(incident, measurements, error.failure)
  )
    found.push({ id: 'tls-with-name', value: 'completes', by: 'own-request' });
  if (error && greeting) {
    const { value, by } = greeting;
    found.push({ id: 'tls-with-name', value, by });
    found.push({ id: 'phase', value: value === 'breaks' ? 'connecting-or-tls' : 'request-sent', by });
  } else if (error)
    found.push({
      id: 'phase',
      value: isMidBody ? 'response-started' : incident.phase,
      by: own1 && incident.phase !== 'response-started' ? 'own-request' : 'incident',
    });

  const failing = (exchanges: readonly Exchange[] | undefined) =>
    (exchanges ?? [])
      .filter((exchange) => exchange.outcome === 'failure' && !isPresumed(exchange) && exchange.error.failure !== 'timed-out')
      .map(({ durationMs }) => durationMs);
  const durations = [
    ...(isTrial(incident) ? [] : (incident.durationsMs ?? [incident.durationMs]).filter((ms) => ms !== undefined)),
    ...failing(measurements['own-request']?.exchanges),
  ];
  // The row alone goes on fresh connections: what the browser held ready may be given up at any time.
  const row = failing(measurements.repetition?.inARow);
  // What was asked for when nothing else was, waits for nobody.
  const { 'direct-connection': apart } = measurements;
  const alone = [...row, ...failing(apart?.direct), ...failing(apart?.proxied)];
  const isRegular = isOneLength(row) || isOneLength([...durations, ...row]) || isOneLength(alone);
  // Firefox sends what was reset again, up to ten times, and tells of the last: what took seconds may have failed at once each time.
  const isSumOfTries = environment.engine === 'gecko' && error?.failure === 'reset-or-close' && Math.max(0, ...durations) >= IMMEDIATE_MS;
  const time = isSumOfTries && !isMidBody ? undefined : isRegular ? 'constant-timeout' : timeToFailure(durations, isMidBody);
  // A browser that gave up waiting tells its own patience only.
  if (error && time && error.failure !== 'timed-out') found.push({ id: 'time-to-failure', value: time, by: 'incident' });
  return found;
};

/** Whether TLS with the page's name comes about, and what showed it: once is enough, for a filter would have broken it. */
const namedGreeting = (measurements: Partial<Measurements>): { value: 'completes' | 'breaks'; by: ProbeId } | undefined => {
  // Firefox ends so only what was under way over HTTP/2, which is agreed upon in the greeting.
  const own = measurements['own-request']?.exchanges ?? [];
  if (own.some((exchange) => exchange.outcome === 'failure' && /^https:/i.test(exchange.url) && isUnexplainedAbort(exchange.error.raw)))
    return { value: 'completes', by: 'own-request' };
  // An answer of any kind, each time it was asked for.
  const handshakes = measurements['socket-handshake']?.exchanges ?? [];
  if (handshakes.length >= HANDSHAKES && handshakes.every(({ outcome }) => outcome === 'response'))
    return { value: 'completes', by: 'socket-handshake' };
  const by = 'named-greeting';
  const exchanges = measurements[by]?.exchanges ?? [];
  const failures = exchanges.flatMap((exchange) => (exchange.outcome === 'failure' ? [exchange.error.failure] : []));
  // An upgrade by the browser itself asks nobody.
  if (exchanges.some((exchange) => exchange.outcome === 'response' && !(exchange.status === 307 && exchange.ip === undefined)))
    return { value: 'completes', by };
  // Not even TLS came about, each time.
  if (failures.length === 0) return undefined;
  if (failures.every((failure) => failure === 'proxy-unreachable')) return { value: 'breaks', by };
  return failures.some((failure) => failure === 'tunnel-failed' || isResetLike(failure)) ? { value: 'completes', by } : undefined;
};

/** Whether TLS with the page's name comes about. */
export const namedTls = (measurements: Partial<Measurements>) => namedGreeting(measurements)?.value;

const methodOf = (kind: string, method: string) => {
  if (kind === 'websocket') return 'websocket';
  return method === 'GET' || method === 'HEAD' ? 'navigation-or-get' : 'post-or-upload';
};

/** Whether all tries took equally long, and too long for chance. */
const isOneLength = (durations: readonly number[]): boolean => {
  const shortest = Math.min(...durations);
  const isPair = durations.length === 2 && shortest >= LONG_TRY_MS;
  if (!isPair && (durations.length < REGULAR_TRIES || shortest < IMMEDIATE_MS)) return false;
  const spread = isPair ? LONG_SPREAD : REGULAR_SPREAD;
  return durations.every((duration) => {
    // Chromium asks again by itself where a connection that it held ready breaks: then one try is several.
    const tries = Math.min(Math.round(duration / shortest), MOST_SILENT_TRIES);
    return Math.abs(duration / tries - shortest) <= shortest * spread + DEVICE_SPREAD_MS;
  });
};

const timeToFailure = (durations: readonly number[], isMidBody: boolean) => {
  if (durations.length === 0) return isMidBody ? 'mid-transfer' : undefined;
  const limits = durations.length > 1 ? [...USUAL_TIMEOUTS_MS, ...FURTHER_TIMEOUTS_MS] : USUAL_TIMEOUTS_MS;
  const isOneTimeout = limits.some((limit) =>
    durations.every(
      (duration) =>
        duration >= limit * (1 - TIMEOUT_TOLERANCE) &&
        duration <= limit * (1 + TIMEOUT_TOLERANCE) + TIMEOUT_DELAY_MS[limit >= LONG_TIMEOUT_MS ? 'long' : 'short'],
    ),
  );
  if (isOneTimeout) return 'constant-timeout';
  const [shortest, longest] = [Math.min(...durations), Math.max(...durations)];
  if (isMidBody) return 'mid-transfer';
  if (longest < IMMEDIATE_MS) return 'immediate';
  return shortest >= IMMEDIATE_MS ? 'seconds' : undefined;
};
