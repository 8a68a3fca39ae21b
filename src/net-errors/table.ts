import type { Failure } from '../model/vocabulary';

/**
 * Chromium's net errors by name, without `net::ERR_`.
 * Source: net/base/net_error_list.h; which of them a reset really brings was seen against servers that reset.
 */
export const CHROMIUM_FAILURES: Readonly<Record<string, Failure>> = {
  CONNECTION_RESET: 'reset',
  CONNECTION_CLOSED: 'closed',
  // A reset right after accept is reported so when it wins the race against connect().
  SOCKET_NOT_CONNECTED: 'closed',
  EMPTY_RESPONSE: 'empty-response',
  CONNECTION_ABORTED: 'aborted',
  NETWORK_IO_SUSPENDED: 'network-changed',
  NETWORK_CHANGED: 'network-changed',
  CONNECTION_REFUSED: 'refused',
  CONNECTION_FAILED: 'unreachable',
  ADDRESS_UNREACHABLE: 'unreachable',
  ADDRESS_INVALID: 'unreachable',
  INTERNET_DISCONNECTED: 'offline',
  TIMED_OUT: 'timed-out',
  CONNECTION_TIMED_OUT: 'timed-out',
  NAME_NOT_RESOLVED: 'name-not-resolved',
  NAME_RESOLUTION_FAILED: 'name-not-resolved',
  ICANN_NAME_COLLISION: 'name-not-resolved',
  SSL_PROTOCOL_ERROR: 'tls-alert-or-protocol',
  SSL_VERSION_OR_CIPHER_MISMATCH: 'tls-alert-or-protocol',
  SSL_UNRECOGNIZED_NAME_ALERT: 'tls-alert-or-protocol',
  TLS13_DOWNGRADE_DETECTED: 'tls-alert-or-protocol',
  EARLY_DATA_REJECTED: 'tls-alert-or-protocol',
  WRONG_VERSION_ON_EARLY_DATA: 'tls-alert-or-protocol',
  ECH_NOT_NEGOTIATED: 'tls-alert-or-protocol',
  ECH_FALLBACK_CERTIFICATE_INVALID: 'certificate',
  ALPN_NEGOTIATION_FAILED: 'tls-alert-or-protocol',
  SSL_SERVER_CERT_BAD_FORMAT: 'certificate',
  SSL_PINNED_KEY_NOT_IN_CERT_CHAIN: 'certificate',
  SSL_SERVER_CERT_CHANGED: 'certificate',
  SSL_OBSOLETE_VERSION: 'tls-alert-or-protocol',
  BAD_SSL_CLIENT_AUTH_CERT: 'certificate',
  HTTP2_PROTOCOL_ERROR: 'http2',
  SPDY_PROTOCOL_ERROR: 'http2',
  QUIC_PROTOCOL_ERROR: 'quic',
  QUIC_HANDSHAKE_FAILED: 'quic',
  QUIC_CERT_ROOT_NOT_KNOWN: 'certificate',
  QUIC_GOAWAY_REQUEST_CAN_BE_RETRIED: 'quic',
  HTTP_1_1_REQUIRED: 'http2',
  PROXY_HTTP_1_1_REQUIRED: 'http2',
  TUNNEL_CONNECTION_FAILED: 'tunnel-failed',
  PROXY_UNABLE_TO_CONNECT_TO_DESTINATION: 'tunnel-failed',
  SOCKS_CONNECTION_HOST_UNREACHABLE: 'tunnel-failed',
  // The SOCKS server was reached or not: Chromium does not say, but the proxy it is.
  SOCKS_CONNECTION_FAILED: 'proxy-unreachable',
  PROXY_CONNECTION_FAILED: 'proxy-unreachable',
  PROXY_CERTIFICATE_INVALID: 'proxy-unreachable',
  MANDATORY_PROXY_CONFIGURATION_FAILED: 'proxy-unreachable',
  PAC_SCRIPT_FAILED: 'proxy-unreachable',
  PAC_NOT_IN_DHCP: 'proxy-unreachable',
  NO_SUPPORTED_PROXIES: 'proxy-unreachable',
  CONTENT_LENGTH_MISMATCH: 'truncated-body',
  INCOMPLETE_CHUNKED_ENCODING: 'truncated-body',
  RESPONSE_HEADERS_TRUNCATED: 'truncated-body',
  NETWORK_ACCESS_DENIED: 'blocked-by-client',
  ABORTED: 'failed',
  FAILED: 'failed',
};

/** Families of Chromium names, tried in order where the table has no entry. */
export const CHROMIUM_FAMILIES: readonly (readonly [prefix: string, failure: Failure])[] = [
  ['BLOCKED_BY_', 'blocked-by-client'],
  ['CERT_', 'certificate'],
  ['CERTIFICATE_', 'certificate'],
  ['SSL_CLIENT_AUTH_', 'certificate'],
  ['SSL_', 'tls-alert-or-protocol'],
  ['HTTP2_', 'http2'],
  ['SPDY_', 'http2'],
  ['QUIC_', 'quic'],
  ['DNS_', 'name-not-resolved'],
  ['PROXY_', 'proxy-unreachable'],
  ['SOCKS_', 'proxy-unreachable'],
  ['TUNNEL_', 'tunnel-failed'],
];

/**
 * Firefox's network errors: name, number within the network module, failure.
 * Source: xpcom/base/ErrorList.py. Firefox says NET_RESET for a clean close too, so it is `reset-or-close`.
 */
export const GECKO_FAILURES: Readonly<Record<string, { number: number; failure: Failure }>> = {
  NS_ERROR_CONNECTION_REFUSED: { number: 13, failure: 'refused' },
  NS_ERROR_NET_TIMEOUT: { number: 14, failure: 'timed-out' },
  NS_ERROR_OFFLINE: { number: 16, failure: 'offline' },
  NS_ERROR_PORT_ACCESS_NOT_ALLOWED: { number: 19, failure: 'blocked-by-client' },
  NS_ERROR_NET_RESET: { number: 20, failure: 'reset-or-close' },
  NS_ERROR_PROXY_CONNECTION_REFUSED: { number: 72, failure: 'proxy-unreachable' },
  NS_ERROR_UNKNOWN_HOST: { number: 30, failure: 'name-not-resolved' },
  NS_ERROR_DNS_LOOKUP_QUEUE_FULL: { number: 33, failure: 'name-not-resolved' },
  NS_ERROR_UNKNOWN_PROXY_HOST: { number: 42, failure: 'proxy-unreachable' },
  NS_ERROR_NET_EMPTY_RESPONSE: { number: 36, failure: 'empty-response' },
  // Seen for an HTTP/2 stream that the peer cancelled; Firefox says it of other interrupted transfers too.
  NS_ERROR_NET_INTERRUPT: { number: 71, failure: 'reset-or-close' },
  NS_ERROR_NET_PARTIAL_TRANSFER: { number: 76, failure: 'truncated-body' },
  NS_ERROR_NET_INADEQUATE_SECURITY: { number: 82, failure: 'tls-alert-or-protocol' },
  NS_ERROR_NET_HTTP2_SENT_GOAWAY: { number: 83, failure: 'http2' },
  NS_ERROR_NET_HTTP3_PROTOCOL_ERROR: { number: 84, failure: 'quic' },
  NS_ERROR_NET_TIMEOUT_EXTERNAL: { number: 85, failure: 'timed-out' },
  // The browser hides why a WebSocket could not be opened.
  NS_ERROR_WEBSOCKET_CONNECTION_REFUSED: { number: 87, failure: 'failed' },
  NS_ERROR_BAD_HSTS_CERT: { number: 89, failure: 'certificate' },
};

/** Start of Firefox's network module: `0x80000000 | (6 + 0x45) << 16`. */
export const GECKO_NETWORK_MODULE = 0x804b0000;
/** Start of Firefox's security module; the rest is the negated NSS or NSPR code. */
export const GECKO_SECURITY_MODULE = 0x805a0000;
/** A proxy's own HTTP answer to CONNECT: 1000 + status within the network module. */
export const GECKO_PROXY_STATUS_BASE = 1000;

/** Firefox's "Error code N" and names that are not failures of the network: aborted by the page, the person or the browser. */
export const SPURIOUS_NUMBERS: ReadonlySet<number> = new Set([
  0x804b0002, // NS_BINDING_ABORTED, also fired on most successful navigations from about:blank
  0x804b0003, // NS_BINDING_REDIRECTED
  0x804b0004, // NS_BINDING_RETARGETED
  0x80004004, // NS_ERROR_ABORT: another extension refused it, or its HTTP/2 connection was reset: see the error watcher
]);
export const SPURIOUS_NAMES: ReadonlySet<string> = new Set([
  'ABORTED',
  'NS_BINDING_ABORTED',
  'NS_BINDING_REDIRECTED',
  'NS_BINDING_RETARGETED',
  'NS_ERROR_ABORT',
]);

/** Firefox's NS_ERROR_ABORT, by name and number: also how it ends a request whose HTTP/2 connection is reset [seen in Firefox 153]. */
export const GECKO_ABORT = { name: 'NS_ERROR_ABORT', number: 0x80004004 } as const;

/** NSPR codes (negated) within the security module that are about the connection, not TLS. Source: nsprpub/pr/include/prerr.h. */
export const NSPR_FAILURES: Readonly<Record<number, Failure>> = {
  5961: 'reset-or-close',
  5938: 'reset-or-close',
  5928: 'aborted',
  5981: 'refused',
  5990: 'timed-out',
};
/** NSS SSL errors are -12288 … -11265 (sslerr.h), certificate and security errors -8192 … -7169 (secerr.h), mozilla::pkix -16384 … -15361. */
export const NSS_SSL_RANGE = { from: 11265, to: 12288 } as const;
export const NSS_CERTIFICATE_RANGES = [
  { from: 7169, to: 8192 },
  { from: 15361, to: 16384 },
] as const;
/** NSS SSL errors that are about a certificate: sslerr.h offsets from -12288. */
export const NSS_SSL_CERTIFICATE_CODES: ReadonlySet<number> = new Set([
  12276, // SSL_ERROR_BAD_CERT_DOMAIN
  12285, // SSL_ERROR_NO_CERTIFICATE
  12284, // SSL_ERROR_BAD_CERTIFICATE
  12280, // SSL_ERROR_UNSUPPORTED_CERTIFICATE_TYPE
]);

/** What a failed TLS greeting was answered with. */
export type TlsAnswer = 'not-tls' | 'protocol-error' | 'no-common-version-or-cipher' | 'unknown-name';

/**
 * Chromium's names that say how a TLS greeting was answered. Its protocol error is the bin for the rest: an answer that is no TLS,
 * and alerts such as `internal_error`. Source: net/socket/ssl_client_socket_impl.cc, net/ssl/openssl_ssl_util.cc.
 */
export const CHROMIUM_TLS_ANSWERS: Readonly<Record<string, TlsAnswer>> = {
  SSL_PROTOCOL_ERROR: 'protocol-error',
  SSL_VERSION_OR_CIPHER_MISMATCH: 'no-common-version-or-cipher',
  SSL_OBSOLETE_VERSION: 'no-common-version-or-cipher',
  SSL_UNRECOGNIZED_NAME_ALERT: 'unknown-name',
};

/** The same for NSS, by name and by negated code. Source: sslerr.h. */
export const NSS_TLS_ANSWERS: readonly { name: string; code: number; answer: TlsAnswer }[] = [
  { name: 'SSL_ERROR_RX_RECORD_TOO_LONG', code: 12263, answer: 'not-tls' },
  { name: 'SSL_ERROR_INTERNAL_ERROR_ALERT', code: 12188, answer: 'protocol-error' },
  { name: 'SSL_ERROR_NO_CYPHER_OVERLAP', code: 12286, answer: 'no-common-version-or-cipher' },
  { name: 'SSL_ERROR_UNSUPPORTED_VERSION', code: 12279, answer: 'no-common-version-or-cipher' },
  { name: 'SSL_ERROR_HANDSHAKE_FAILURE_ALERT', code: 12227, answer: 'no-common-version-or-cipher' },
  { name: 'SSL_ERROR_PROTOCOL_VERSION_ALERT', code: 12190, answer: 'no-common-version-or-cipher' },
  { name: 'SSL_ERROR_INSUFFICIENT_SECURITY_ALERT', code: 12189, answer: 'no-common-version-or-cipher' },
  { name: 'SSL_ERROR_UNRECOGNIZED_NAME_ALERT', code: 12182, answer: 'unknown-name' },
];
