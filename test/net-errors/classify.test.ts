import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/model/vocabulary';
import { OBSERVATIONS } from '../../src/model/vocabulary';
import {
  classify,
  classifyAt,
  classifyOwn,
  createOwnClassifier,
  isResetLike,
  isSpurious,
  phaseOf,
  tlsAnswerOf,
} from '../../src/net-errors';

/** What the peer did, as either browser was seen (or is documented) to report it. */
const TABLE: readonly (readonly [raw: string, failure: Failure])[] = [
  ['net::ERR_CONNECTION_RESET', 'reset'],
  ['ERR_CONNECTION_RESET', 'reset'],
  ['net::ERR_SOCKET_NOT_CONNECTED', 'closed'],
  ['net::ERR_CONNECTION_CLOSED', 'closed'],
  ['net::ERR_EMPTY_RESPONSE', 'empty-response'],
  ['net::ERR_CONNECTION_ABORTED', 'aborted'],
  ['net::ERR_CONNECTION_REFUSED', 'refused'],
  ['net::ERR_CONNECTION_TIMED_OUT', 'timed-out'],
  ['net::ERR_TIMED_OUT', 'timed-out'],
  ['net::ERR_CONTENT_LENGTH_MISMATCH', 'truncated-body'],
  ['net::ERR_INCOMPLETE_CHUNKED_ENCODING', 'truncated-body'],
  ['net::ERR_RESPONSE_HEADERS_TRUNCATED', 'truncated-body'],
  ['net::ERR_SSL_PROTOCOL_ERROR', 'tls-alert-or-protocol'],
  ['net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH', 'tls-alert-or-protocol'],
  ['net::ERR_SSL_BAD_RECORD_MAC_ALERT', 'tls-alert-or-protocol'],
  ['net::ERR_ECH_NOT_NEGOTIATED', 'tls-alert-or-protocol'],
  ['net::ERR_CERT_AUTHORITY_INVALID', 'certificate'],
  ['net::ERR_CERT_DATE_INVALID', 'certificate'],
  ['net::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED', 'certificate'],
  ['net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED', 'certificate'],
  ['net::ERR_HTTP2_PROTOCOL_ERROR', 'http2'],
  ['net::ERR_HTTP2_SERVER_REFUSED_STREAM', 'http2'],
  ['net::ERR_HTTP2_PING_FAILED', 'http2'],
  ['net::ERR_HTTP2_FLOW_CONTROL_ERROR', 'http2'],
  ['net::ERR_HTTP2_RST_STREAM_NO_ERROR_RECEIVED', 'http2'],
  ['net::ERR_QUIC_PROTOCOL_ERROR', 'quic'],
  ['net::ERR_QUIC_HANDSHAKE_FAILED', 'quic'],
  ['net::ERR_TUNNEL_CONNECTION_FAILED', 'tunnel-failed'],
  ['net::ERR_PROXY_CONNECTION_FAILED', 'proxy-unreachable'],
  ['net::ERR_SOCKS_CONNECTION_FAILED', 'proxy-unreachable'],
  ['net::ERR_NAME_NOT_RESOLVED', 'name-not-resolved'],
  ['net::ERR_NAME_RESOLUTION_FAILED', 'name-not-resolved'],
  ['net::ERR_DNS_TIMED_OUT', 'name-not-resolved'],
  ['net::ERR_NETWORK_CHANGED', 'network-changed'],
  ['net::ERR_INTERNET_DISCONNECTED', 'offline'],
  ['net::ERR_ADDRESS_UNREACHABLE', 'unreachable'],
  ['net::ERR_BLOCKED_BY_CLIENT', 'blocked-by-client'],
  ['net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS', 'blocked-by-client'],
  ['net::ERR_BLOCKED_BY_ADMINISTRATOR', 'blocked-by-client'],
  ['net::ERR_FAILED', 'failed'],
  ['net::ERR_SOMETHING_NEW', 'failed'],
  ['NS_ERROR_NET_RESET', 'reset-or-close'],
  ['Error code 2152398868', 'reset-or-close'],
  ['NS_ERROR_CONNECTION_REFUSED', 'refused'],
  ['Error code 2152398861', 'refused'],
  ['NS_ERROR_NET_TIMEOUT', 'timed-out'],
  ['Error code 2152398862', 'timed-out'],
  ['NS_ERROR_OFFLINE', 'offline'],
  ['Error code 2152398864', 'offline'],
  ['NS_ERROR_UNKNOWN_HOST', 'name-not-resolved'],
  ['Error code 2152398878', 'name-not-resolved'],
  ['NS_ERROR_UNKNOWN_PROXY_HOST', 'proxy-unreachable'],
  ['Error code 2152398890', 'proxy-unreachable'],
  ['NS_ERROR_NET_EMPTY_RESPONSE', 'empty-response'],
  ['NS_ERROR_NET_INTERRUPT', 'reset-or-close'],
  ['Error code 2152398919', 'reset-or-close'],
  ['NS_ERROR_PROXY_CONNECTION_REFUSED', 'proxy-unreachable'],
  ['Error code 2152398920', 'proxy-unreachable'],
  ['NS_ERROR_PROXY_BAD_GATEWAY', 'tunnel-failed'],
  ['Error code 2152400350', 'tunnel-failed'],
  ['NS_ERROR_NET_PARTIAL_TRANSFER', 'truncated-body'],
  ['Error code 2152398924', 'truncated-body'],
  ['NS_ERROR_NET_INADEQUATE_SECURITY', 'tls-alert-or-protocol'],
  ['Error code 2152398930', 'tls-alert-or-protocol'],
  ['NS_ERROR_NET_HTTP2_SENT_GOAWAY', 'http2'],
  ['Error code 2152398931', 'http2'],
  ['NS_ERROR_NET_HTTP3_PROTOCOL_ERROR', 'quic'],
  ['Error code 2152398932', 'quic'],
  ['Error code 2153394151', 'tls-alert-or-protocol'],
  ['Error code 2153394046', 'tls-alert-or-protocol'],
  ['Error code 2153398258', 'certificate'],
  // 0x805A0000 | 8179 (unknown issuer), | 12276 (other name), | 5961 (reset in the handshake)
  ['Error code 2153390067', 'certificate'],
  ['Error code 2153394164', 'certificate'],
  ['Error code 2153387849', 'reset-or-close'],
  ['SEC_ERROR_UNKNOWN_ISSUER', 'certificate'],
  ['SSL_ERROR_RX_RECORD_TOO_LONG', 'tls-alert-or-protocol'],
  ['The certificate is not trusted because it is self-signed.', 'certificate'],
  ['Peer’s Certificate issuer is not recognized.', 'certificate'],
  ['Das Zertifikat ist nicht vertrauenswürdig, weil es vom Aussteller selbst signiert wurde.', 'certificate'],
  ['该证书因为其自签名而不被信任。', 'certificate'],
  ['SSL received a record that exceeded the maximum permissible length.', 'tls-alert-or-protocol'],
  ['SSL peer has no certificate for the requested DNS name.', 'tls-alert-or-protocol'],
  ['Eine Verbindung konnte nicht verschlüsselt werden.', 'tls-alert-or-protocol'],
  ['NS_ERROR_TRACKING_URI', 'blocked-by-client'],
  ['NS_ERROR_UNEXPECTED', 'failed'],
  ['Error code 2147500037', 'failed'],
  ['Error code 99999999999999999999', 'failed'],
  ['Failed to fetch', 'failed'],
  ['NetworkError when attempting to fetch resource.', 'failed'],
  ['', 'failed'],
];

describe('classify', () => {
  it.each(TABLE)('%s is %s', (raw, failure) => {
    expect(classify(raw).failure).toBe(failure);
  });

  it('covers every failure of the vocabulary', () => {
    const reached = new Set<string>([...TABLE.map(([, failure]) => failure)]);
    expect(OBSERVATIONS['error-kind'].values.filter((value) => !reached.has(value))).toEqual([]);
  });

  it('keeps at most 300 characters of what the browser said', () => {
    expect(classify('x '.repeat(5000)).raw).toHaveLength(300);
  });

  it("takes Firefox's reset for a reset once headers have arrived", () => {
    expect(classifyAt('NS_ERROR_NET_RESET', true).failure).toBe('reset');
    expect(classifyAt('NS_ERROR_NET_RESET', false).failure).toBe('reset-or-close');
  });
});

describe('isSpurious', () => {
  it.each(['net::ERR_ABORTED', 'NS_BINDING_ABORTED', 'Error code 2152398850', 'NS_ERROR_ABORT', 'Error code 2147500036'])(
    'drops %s',
    (raw) => {
      expect(isSpurious(raw)).toBe(true);
    },
  );
  it.each(['net::ERR_CONNECTION_ABORTED', 'net::ERR_CONNECTION_RESET', 'Error code 2152398868', 'net::ERR_BLOCKED_BY_CLIENT', ''])(
    'keeps %s',
    (raw) => {
      expect(isSpurious(raw)).toBe(false);
    },
  );
});

describe('isResetLike', () => {
  it('names the others for what they are', () => {
    expect(OBSERVATIONS['error-kind'].values.filter((value) => !isResetLike(value))).toEqual([
      'refused',
      'timed-out',
      'certificate',
      'name-not-resolved',
      'network-changed',
      'failed',
      'blocked-by-client',
      'offline',
      'unreachable',
    ]);
  });
});

describe('phaseOf', () => {
  it.each([
    ['net::ERR_CONNECTION_RESET', false, 'https', 'unknown-before-headers'],
    ['net::ERR_CONNECTION_RESET', true, 'https', 'response-started'],
    ['net::ERR_CONTENT_LENGTH_MISMATCH', false, 'http', 'response-started'],
    ['net::ERR_SSL_PROTOCOL_ERROR', false, 'https', 'connecting-or-tls'],
    ['net::ERR_SOCKET_NOT_CONNECTED', false, 'http', 'connecting-or-tls'],
    ['net::ERR_PROXY_CONNECTION_FAILED', false, 'http', 'connecting-or-tls'],
    ['net::ERR_EMPTY_RESPONSE', false, 'http', 'request-sent'],
    ['net::ERR_EMPTY_RESPONSE', false, 'https', 'unknown-before-headers'],
    ['net::ERR_HTTP2_PROTOCOL_ERROR', false, 'https', 'request-sent'],
    ['NS_ERROR_NET_RESET', false, 'http', 'unknown-before-headers'],
  ] as const)('%s, headers %s, over %s: %s', (raw, hasHeaders, scheme, phase) => {
    expect(phaseOf(classify(raw), { hasHeaders, scheme })).toBe(phase);
  });
});

describe('the errors of requests beside a failure that is known by number', () => {
  const sentence = 'Die Gegenstelle hat kein Zertifikat für diesen Namen.';
  const own = (failure: Failure) => createOwnClassifier({ url: 'https://shop.test/cart', failure });
  it('go by the sentence that the failing address itself gives', () => {
    const classifyHere = own('tls-alert-or-protocol');
    expect(classifyHere(sentence, false, 'https://192.0.2.1/').failure).toBe('certificate');
    expect(classifyHere(sentence, false, 'https://shop.test/').failure).toBe('tls-alert-or-protocol');
    expect(classifyHere(sentence, false, 'https://192.0.2.1/').failure).toBe('tls-alert-or-protocol');
    expect(classifyHere('Das Zertifikat gilt nicht.', false, 'https://192.0.2.1/').failure).toBe('certificate');
  });
  it('are what they are beside any other failure', () => {
    expect(own('reset')(sentence, false, 'https://shop.test/').failure).toBe('certificate');
    expect(own('tls-alert-or-protocol')('net::ERR_CERT_DATE_INVALID', false, 'https://shop.test/').failure).toBe('certificate');
  });
});

describe('an abort without a reason', () => {
  it.each(['NS_ERROR_ABORT', 'Error code 2147500036'])('%s of our own is a broken connection, of others none', (raw) => {
    expect(isSpurious(raw)).toBe(true);
    expect(classifyOwn(raw, false).failure).toBe('reset-or-close');
    expect(classifyOwn(raw, true).failure).toBe('reset');
  });
  it('is not what a person or page aborts', () => {
    expect(classifyOwn('NS_BINDING_ABORTED', false).failure).toBe(classify('NS_BINDING_ABORTED').failure);
    expect(classifyOwn('net::ERR_ABORTED', false).failure).toBe('failed');
  });
});

describe('how a TLS greeting was answered', () => {
  it.each([
    ['net::ERR_SSL_PROTOCOL_ERROR', 'protocol-error'],
    ['net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH', 'no-common-version-or-cipher'],
    ['net::ERR_SSL_UNRECOGNIZED_NAME_ALERT', 'unknown-name'],
    ['SSL_ERROR_RX_RECORD_TOO_LONG', 'not-tls'],
    // 0x805a0000 + 12263, + 12190, + 12182: as Firefox tells webNavigation.
    ['Error code 2153394151', 'not-tls'],
    ['Error code 2153394078', 'no-common-version-or-cipher'],
    ['Error code 2153394070', 'unknown-name'],
    ['net::ERR_CONNECTION_RESET', undefined],
    ['net::ERR_CERT_AUTHORITY_INVALID', undefined],
    ['Error code 2152398868', undefined],
    ['SSL received a record that exceeded the maximum permissible length.', undefined],
  ] as const)('%s: %s', (raw, answer) => {
    expect(tlsAnswerOf(classify(raw))).toBe(answer);
  });
});
