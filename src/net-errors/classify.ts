import type { NetError } from '../model/incident';
import type { Failure, Phase } from '../model/vocabulary';
import {
  CHROMIUM_FAILURES,
  CHROMIUM_FAMILIES,
  CHROMIUM_TLS_ANSWERS,
  GECKO_ABORT,
  GECKO_FAILURES,
  GECKO_NETWORK_MODULE,
  GECKO_PROXY_STATUS_BASE,
  GECKO_SECURITY_MODULE,
  NSPR_FAILURES,
  NSS_CERTIFICATE_RANGES,
  NSS_SSL_CERTIFICATE_CODES,
  NSS_SSL_RANGE,
  NSS_TLS_ANSWERS,
  SPURIOUS_NAMES,
  SPURIOUS_NUMBERS,
  type TlsAnswer,
} from './table';

/** Longest error text that is kept, characters. */
export const RAW_ERROR_LIMIT = 300;

const GECKO_FAILURE_BY_NUMBER: ReadonlyMap<number, Failure> = new Map(
  Object.values(GECKO_FAILURES).map(({ number, failure }) => [number, failure]),
);

/** Failures that mean that somebody ended or broke the exchange: what this product is about. */
const RESET_LIKE: ReadonlySet<Failure> = new Set<Failure>([
  'reset',
  'reset-or-close',
  'closed',
  'empty-response',
  'aborted',
  'truncated-body',
  'http2',
  'quic',
  'tls-alert-or-protocol',
  'tunnel-failed',
  'proxy-unreachable',
]);

/** Whether a failure is a reset or one of its neighbours. The others are named for what they are and never called a reset. */
export function isResetLike(failure: Failure): boolean {
  return RESET_LIKE.has(failure);
}

const errorNumber = (raw: string): number | undefined => {
  const digits = /^Error code (\d+)$/.exec(raw.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
};
const chromiumName = (raw: string): string | undefined => /^(?:net::)?ERR_([A-Z0-9_]+)$/.exec(raw.trim())?.[1];
const geckoName = (raw: string): string | undefined =>
  /^(?:NS_(?:ERROR|BINDING)|SSL_ERROR|SEC_ERROR|MOZILLA_PKIX_ERROR|PR)_[A-Z0-9_]+$/.exec(raw.trim())?.[0];

/** Whether an error event tells of an abort by the page, the person or the browser, and so of no failure at all. */
export function isSpurious(raw: string): boolean {
  const number = errorNumber(raw);
  if (number !== undefined) return SPURIOUS_NUMBERS.has(number);
  const name = chromiumName(raw) ?? geckoName(raw);
  return name !== undefined && SPURIOUS_NAMES.has(name);
}

function failureOfChromium(name: string): Failure {
  return CHROMIUM_FAILURES[name] ?? CHROMIUM_FAMILIES.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'failed';
}

function failureOfGeckoName(name: string): Failure {
  const known = GECKO_FAILURES[name];
  if (known) return known.failure;
  if (name.startsWith('NS_ERROR_PROXY_')) return 'tunnel-failed';
  if (/^NS_ERROR_(?:\w+_URI$|BLOCKED|CONTENT_BLOCKED|DOM_CO[ER]P)/.test(name)) return 'blocked-by-client';
  if (/^(?:SEC|MOZILLA_PKIX)_ERROR_/.test(name) || /CERT/.test(name)) return 'certificate';
  if (/^PR_(?:CONNECT_RESET|END_OF_FILE)_ERROR$/.test(name)) return 'reset-or-close';
  return name.startsWith('SSL_ERROR_') ? 'tls-alert-or-protocol' : 'failed';
}

function failureOfSecurityCode(code: number): Failure {
  const nspr = NSPR_FAILURES[code];
  if (nspr) return nspr;
  if (NSS_SSL_CERTIFICATE_CODES.has(code)) return 'certificate';
  if (code >= NSS_SSL_RANGE.from && code <= NSS_SSL_RANGE.to) return 'tls-alert-or-protocol';
  return NSS_CERTIFICATE_RANGES.some(({ from, to }) => code >= from && code <= to) ? 'certificate' : 'failed';
}

function failureOfGeckoNumber(number: number): Failure {
  const code = number % 0x10000;
  const module = number - code;
  if (module === GECKO_SECURITY_MODULE) return failureOfSecurityCode(code);
  if (module !== GECKO_NETWORK_MODULE) return 'failed';
  const known = GECKO_FAILURE_BY_NUMBER.get(code);
  if (known) return known;
  const proxyStatus = code - GECKO_PROXY_STATUS_BASE;
  return proxyStatus >= 300 && proxyStatus <= 599 ? 'tunnel-failed' : 'failed';
}

/** "Certificate" as Firefox's larger languages write it, and the English words of its other certificate sentences. */
const CERTIFICATE_WORDS =
  /certifi[ck]|zertifikat|сертифик|сертифік|πιστοποιητικ|证书|證書|証明書|인증서|sertifi[kc]|varmen|varment|tanúsítvány|شهادة|תעודת|tanusitvan|issuer|self-signed|OCSP|revoked|expired/i;

/** Chinese and Japanese sentences have no spaces. */
const NOT_A_WORD = /\s|[^\p{ASCII}]/u;

/** NSS says so of every alert that the server sent, some of which are about certificates. */
const ALERT_WORDS = /^SSL peer\b/i;

/** What `fetch` itself says of any failure, in English always; it hides the reason. */
const FETCH_MESSAGE = /\bfetch\b|^NetworkError\b|^Load failed/i;

/**
 * Firefox hands TLS and certificate errors to webRequest as a sentence in the person's language, and
 * only those. Where the sentence does not speak of a certificate it is taken for the TLS it must be.
 */
function failureOfSentence(sentence: string): Failure {
  if (FETCH_MESSAGE.test(sentence)) return 'failed';
  if (ALERT_WORDS.test(sentence)) return 'tls-alert-or-protocol';
  if (CERTIFICATE_WORDS.test(sentence)) return 'certificate';
  return NOT_A_WORD.test(sentence) ? 'tls-alert-or-protocol' : 'failed';
}

/** Whether an error is a sentence for people instead of a code; a number for the same failure is surer. */
export function isSentence(raw: string): boolean {
  return errorNumber(raw) === undefined && chromiumName(raw) === undefined && geckoName(raw) === undefined && NOT_A_WORD.test(raw.trim());
}

/** Normalises an error as either browser reports it. Never throws; what is not known is `failed`. */
export function classify(raw: string): NetError {
  const text = raw.trim();
  const number = errorNumber(text);
  const chromium = chromiumName(text);
  const gecko = geckoName(text);
  let failure: Failure;
  if (number !== undefined) failure = failureOfGeckoNumber(number);
  else if (chromium !== undefined) failure = failureOfChromium(chromium);
  else if (gecko !== undefined) failure = failureOfGeckoName(gecko);
  else failure = failureOfSentence(text);
  return { raw: text.slice(0, RAW_ERROR_LIMIT), failure };
}

/**
 * Normalises an error whose place in the exchange is known. Firefox cannot tell a reset from a close
 * before the answer; once headers have arrived its reset is a reset, for a close in the body has another name.
 */
export function classifyAt(raw: string, hasHeaders: boolean): NetError {
  const error = classify(raw);
  return hasHeaders && error.failure === 'reset-or-close' ? { ...error, failure: 'reset' } : error;
}

/** Whether Firefox ended something without a reason: of ours, that nobody aborted, it is a broken connection. */
export function isUnexplainedAbort(raw: string): boolean {
  return geckoName(raw) === GECKO_ABORT.name || errorNumber(raw) === GECKO_ABORT.number;
}

/** Normalises the error of a request or navigation of our own, which nobody else aborts. */
export function classifyOwn(raw: string, hasHeaders: boolean): NetError {
  if (!isUnexplainedAbort(raw)) return classifyAt(raw, hasHeaders);
  return { raw: raw.trim().slice(0, RAW_ERROR_LIMIT), failure: hasHeaders ? 'reset' : 'reset-or-close' };
}

/** Failures that can only come before the request has been sent. */
const BEFORE_REQUEST: ReadonlySet<Failure> = new Set<Failure>([
  'refused',
  'unreachable',
  'name-not-resolved',
  'offline',
  'certificate',
  'tls-alert-or-protocol',
  'tunnel-failed',
  'proxy-unreachable',
]);

/**
 * How far the exchange came, as far as it is certain. Before the response headers no order of events
 * tells anything, so only the error's own name can.
 */
export function phaseOf(error: NetError, exchange: { hasHeaders: boolean; scheme: string }): Phase {
  if (exchange.hasHeaders || error.failure === 'truncated-body') return 'response-started';
  if (BEFORE_REQUEST.has(error.failure)) return 'connecting-or-tls';
  const name = chromiumName(error.raw);
  if (name === 'SOCKET_NOT_CONNECTED' || name === 'QUIC_HANDSHAKE_FAILED' || name === 'CONNECTION_TIMED_OUT') return 'connecting-or-tls';
  // Over https a proxy that closes on CONNECT is reported the same way, before any request.
  if (name === 'EMPTY_RESPONSE' && exchange.scheme === 'http') return 'request-sent';
  return error.failure === 'http2' ? 'request-sent' : 'unknown-before-headers';
}

/** What a failed TLS greeting was answered with, where the browser's error says so; Firefox's sentences for people do not. */
export function tlsAnswerOf({ raw }: NetError): TlsAnswer | undefined {
  const text = raw.trim();
  const chromium = chromiumName(text);
  if (chromium !== undefined) return CHROMIUM_TLS_ANSWERS[chromium];
  const gecko = geckoName(text);
  const number = errorNumber(text) ?? 0;
  return NSS_TLS_ANSWERS.find(({ name, code }) => name === gecko || GECKO_SECURITY_MODULE + code === number)?.answer;
}

/**
 * Classifies the errors of requests beside one page's known failure. Firefox tells that one by number and those of our requests by a
 * sentence in the person's language, of which only the words for "certificate" are known: the sentence that the failing address
 * itself gives is the known failure's, and means the same wherever it comes again.
 */
export function createOwnClassifier(known: { url: string; failure: Failure }): (raw: string, hasHeaders: boolean, url: string) => NetError {
  const origin = URL.canParse(known.url) ? new URL(known.url).origin : undefined;
  const sentences = new Set<string>();
  return (raw, hasHeaders, url) => {
    const error = classifyOwn(raw, hasHeaders);
    if (known.failure !== 'tls-alert-or-protocol' || error.failure !== 'certificate' || !isSentence(raw)) return error;
    if (new URL(url).origin === origin) sentences.add(raw);
    return sentences.has(raw) ? { ...error, failure: known.failure } : error;
  };
}
