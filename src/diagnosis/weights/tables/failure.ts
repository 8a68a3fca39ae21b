import { OBSERVATIONS } from '../../../model/vocabulary';
import type { Chances, Tables } from '../table';

const ERROR_KINDS = OBSERVATIONS['error-kind'].values;
type ErrorKind = (typeof ERROR_KINDS)[number];

/** Chances of the kinds of error; what is left over is a plain reset. */
const errorKinds = (differences: Partial<Record<ErrorKind, number>>): Chances => {
  const chances: Record<ErrorKind, number> = {
    reset: 0,
    closed: 0.12,
    'empty-response': 0.05,
    aborted: 0.02,
    refused: 0.004,
    'timed-out': 0.012,
    'tls-alert-or-protocol': 0.006,
    certificate: 0.002,
    http2: 0.004,
    quic: 0.002,
    'tunnel-failed': 0.0006,
    'proxy-unreachable': 0.0003,
    'name-not-resolved': 0.001,
    'network-changed': 0.002,
    'truncated-body': 0.012,
    'reset-or-close': 0,
    failed: 0.03,
    'blocked-by-client': 0.0005,
    offline: 0.0005,
    unreachable: 0.002,
    ...differences,
  };
  const others = Object.values(chances).reduce((sum, chance) => sum + chance, 0);
  chances.reset = Math.max(0.05, 1 - others);
  // Firefox's word covers three of Chromium's; it is another browser's name for the same thing, not another event.
  chances['reset-or-close'] = chances.reset + chances.closed + chances['empty-response'];
  return ERROR_KINDS.map((kind) => chances[kind]);
};

/** What the failure is and where it shows: kind of error, reach, request and answer. */
export const FAILURE_TABLES: Tables = {
  'error-kind': {
    usual: errorKinds({}),
    but: {
      'browser-extension': errorKinds({ 'tunnel-failed': 0.03, 'proxy-unreachable': 0.05, 'tls-alert-or-protocol': 0.03 }),
      'browser-site-data': errorKinds({ closed: 0.25 }),
      'oversized-headers': errorKinds({ closed: 0.2, 'empty-response': 0.15, http2: 0.06 }),
      'proxy-configuration': errorKinds({
        closed: 0.25,
        'tunnel-failed': 0.1,
        'proxy-unreachable': 0.15,
        'empty-response': 0.08,
        'tls-alert-or-protocol': 0.04,
      }),
      'vpn-client': errorKinds({ closed: 0.2, 'timed-out': 0.1, 'network-changed': 0.04, 'tls-alert-or-protocol': 0.02 }),
      // Whoever answers in the site's place does not always speak its TLS.
      'security-software': errorKinds({ closed: 0.25, 'timed-out': 0.06, 'tls-alert-or-protocol': 0.1, quic: 0.01 }),
      'network-driver': errorKinds({ 'timed-out': 0.06, 'truncated-body': 0.08 }),
      'router-filter': errorKinds({ 'timed-out': 0.05, 'tls-alert-or-protocol': 0.08 }),
      'nat-or-conntrack': errorKinds({ 'timed-out': 0.1, 'truncated-body': 0.05 }),
      'path-mtu': errorKinds({ 'timed-out': 0.55, 'truncated-body': 0.03 }),
      'ipv6-path': errorKinds({ 'timed-out': 0.2, unreachable: 0.02 }),
      'captive-portal': errorKinds({ certificate: 0.1, 'timed-out': 0.1, 'tls-alert-or-protocol': 0.12 }),
      'dns-answer': errorKinds({ 'timed-out': 0.1, refused: 0.1, 'tls-alert-or-protocol': 0.06 }),
      // A dead line is silent; only what still forwards can reset.
      'provider-fault': errorKinds({
        'timed-out': 0.55,
        unreachable: 0.1,
        'name-not-resolved': 0.15,
        closed: 0.03,
        'empty-response': 0.01,
      }),
      'device-network-stack': errorKinds({
        'timed-out': 0.35,
        unreachable: 0.1,
        'name-not-resolved': 0.2,
        closed: 0.05,
        'empty-response': 0.02,
      }),
      'unstable-link': errorKinds({ 'timed-out': 0.25, 'network-changed': 0.1, 'truncated-body': 0.06 }),
      'organisation-filter': errorKinds({ 'timed-out': 0.05, 'tunnel-failed': 0.03, 'tls-alert-or-protocol': 0.07 }),
      'isp-filter': errorKinds({ 'timed-out': 0.06, closed: 0.08, 'empty-response': 0.02, 'tls-alert-or-protocol': 0.04 }),
      'tls-clienthello': errorKinds({ 'timed-out': 0.25, 'tls-alert-or-protocol': 0.1 }),
      'tls-version-or-cipher': errorKinds({ 'tls-alert-or-protocol': 0.3, 'empty-response': 0.15 }),
      'server-certificate-binding': errorKinds({ 'tls-alert-or-protocol': 0.12, closed: 0.17 }),
      'wrong-protocol-on-port': errorKinds({ 'tls-alert-or-protocol': 0.25, 'empty-response': 0.35 }),
      'http2-or-quic': errorKinds({ http2: 0.3, quic: 0.15, closed: 0.25 }),
      // On a site that speaks HTTP/2 what the server breaks is one stream.
      'upload-limit': errorKinds({ http2: 0.03 }),
      'unread-body': errorKinds({ 'truncated-body': 0.08 }),
      'server-timeout': errorKinds({ 'truncated-body': 0.08, http2: 0.08, closed: 0.2, 'empty-response': 0.12 }),
      'load-balancer': errorKinds({ 'truncated-body': 0.05, closed: 0.3, http2: 0.03 }),
      'keep-alive-race': errorKinds({ closed: 0.25 }),
      'server-overload': errorKinds({ 'timed-out': 0.05, http2: 0.02 }),
      'server-block': errorKinds({ 'timed-out': 0.05, http2: 0.03 }),
      'server-crash': errorKinds({ 'truncated-body': 0.06, 'empty-response': 0.1, http2: 0.03 }),
      'container-port': errorKinds({ 'empty-response': 0.12, refused: 0.02 }),
      'dev-server': errorKinds({ 'empty-response': 0.25, closed: 0.2 }),
      transient: errorKinds({ 'timed-out': 0.05, 'network-changed': 0.06 }),
    },
  },
  scope: {
    usual: [0.1, 0.62, 0.2, 0.08],
    site: [0.3, 0.66, 0.035, 0.005],
    but: {
      'browser-extension': [0.08, 0.55, 0.21, 0.16],
      'browser-site-data': [0.08, 0.89, 0.02, 0.01],
      'oversized-headers': [0.15, 0.82, 0.02, 0.01],
      'proxy-configuration': [0.01, 0.3, 0.3, 0.39],
      'vpn-client': [0.02, 0.3, 0.45, 0.23],
      'security-software': [0.03, 0.36, 0.4, 0.21],
      'network-driver': [0.04, 0.31, 0.4, 0.25],
      // Filters work by lists of names: people notice one of them, or several.
      'router-filter': [0.03, 0.65, 0.3, 0.02],
      'nat-or-conntrack': [0.03, 0.12, 0.5, 0.35],
      // A greeting of today is larger than one small packet, whichever site it is for.
      'path-mtu': [0.03, 0.27, 0.48, 0.22],
      // Most large sites, the controls among them, have IPv6 too.
      'ipv6-path': [0.02, 0.42, 0.5, 0.06],
      'captive-portal': [0.01, 0.02, 0.07, 0.9],
      'dns-answer': [0.01, 0.6, 0.34, 0.05],
      'provider-fault': [0.01, 0.04, 0.25, 0.7],
      'device-network-stack': [0.01, 0.19, 0.35, 0.45],
      'unstable-link': [0.02, 0.08, 0.3, 0.6],
      'organisation-filter': [0.12, 0.5, 0.33, 0.05],
      'isp-filter': [0.1, 0.61, 0.27, 0.02],
      'tls-clienthello': [0.02, 0.5, 0.46, 0.02],
      // HTTP/3 breaks on the way, for every site that offers it.
      'http2-or-quic': [0.12, 0.68, 0.17, 0.03],
      'server-block': [0.15, 0.65, 0.19, 0.01],
      'server-crash': [0.35, 0.63, 0.015, 0.005],
      'upload-limit': [0.5, 0.48, 0.015, 0.005],
      'unread-body': [0.5, 0.48, 0.015, 0.005],
      transient: [0.15, 0.6, 0.15, 0.1],
    },
  },
  'general-connectivity': {
    usual: [0.94, 0.05, 0.01],
    site: [0.97, 0.025, 0.005],
    but: {
      'browser-extension': [0.73, 0.06, 0.21],
      'proxy-configuration': [0.5, 0.08, 0.42],
      'vpn-client': [0.55, 0.25, 0.2],
      // Where TLS is scanned, plain http goes on.
      'security-software': [0.6, 0.24, 0.16],
      'network-driver': [0.65, 0.2, 0.15],
      'nat-or-conntrack': [0.28, 0.32, 0.4],
      'path-mtu': [0.55, 0.4, 0.05],
      'ipv6-path': [0.56, 0.2, 0.24],
      'captive-portal': [0.02, 0.18, 0.8],
      'dns-answer': [0.9, 0.08, 0.02],
      'provider-fault': [0.15, 0.3, 0.55],
      'device-network-stack': [0.28, 0.32, 0.4],
      'unstable-link': [0.3, 0.4, 0.3],
      'organisation-filter': [0.87, 0.11, 0.02],
      transient: [0.93, 0.05, 0.02],
    },
  },
  'captive-portal': { usual: 0.008, but: { 'captive-portal': 0.985, transient: 0.02 } },
  method: {
    usual: [0.88, 0.08, 0.04],
    // Programs call sites as well as people, and mostly by POST, whatever is wrong there.
    site: [0.76, 0.2, 0.04],
    but: {
      'upload-limit': [0.02, 0.97, 0.01],
      'unread-body': [0.2, 0.78, 0.02],
      'load-balancer': [0.6, 0.22, 0.18],
      'server-timeout': [0.55, 0.42, 0.03],
      // What is wrong with TLS is wrong for every method.
      'server-certificate-binding': [0.88, 0.08, 0.04],
      'tls-version-or-cipher': [0.88, 0.08, 0.04],
      // What is no POST is sent again by itself.
      'keep-alive-race': [0.55, 0.4, 0.05],
      'oversized-headers': [0.9, 0.08, 0.02],
      'server-overload': [0.74, 0.2, 0.06],
      'server-crash': [0.78, 0.18, 0.04],
      'server-block': [0.74, 0.23, 0.03],
      'organisation-filter': [0.8, 0.12, 0.08],
      'security-software': [0.8, 0.13, 0.07],
      // A development server's proxy may wait for a body that has been read already.
      'dev-server': [0.6, 0.25, 0.15],
      // Whoever stops a name stops every method, though what is stopped are mostly pages that people read.
      'isp-filter': [0.92, 0.06, 0.02],
    },
  },
  'request-size': {
    usual: 0.04,
    but: {
      'upload-limit': 0.95,
      'unread-body': 0.8,
      'server-timeout': 0.3,
      'path-mtu': 0.25,
      'server-block': 0.35,
      'load-balancer': 0.2,
      'organisation-filter': 0.15,
      'server-crash': 0.1,
      'security-software': 0.08,
    },
  },
  scheme: {
    usual: [0.28, 0.68, 0.04],
    but: {
      'server-certificate-binding': [0.01, 0.98, 0.01],
      'tls-clienthello': [0.01, 0.98, 0.01],
      'tls-version-or-cipher': [0.01, 0.98, 0.01],
      'http2-or-quic': [0.03, 0.94, 0.03],
      'wrong-protocol-on-port': [0.55, 0.43, 0.02],
      'dev-server': [0.6, 0.3, 0.1],
      'container-port': [0.75, 0.2, 0.05],
      'load-balancer': [0.3, 0.5, 0.2],
      'server-crash': [0.35, 0.6, 0.05],
    },
  },
  'response-size': {
    usual: 0.05,
    but: {
      'proxy-configuration': 0.12,
      'path-mtu': 0.7,
      'nat-or-conntrack': 0.32,
      'server-timeout': 0.4,
      'server-crash': 0.28,
      'load-balancer': 0.2,
      'organisation-filter': 0.09,
      'network-driver': 0.3,
      'security-software': 0.14,
      'unstable-link': 0.35,
      'http2-or-quic': 0.2,
      'vpn-client': 0.1,
      'isp-filter': 0.015,
    },
  },
  // Given that small answers come and large ones do not.
  'large-answer': {
    usual: 0.6,
    but: {
      // The headers travel in the first large packet.
      'path-mtu': 0.15,
      // What a server does for the headers it does for HEAD as well, as a rule.
      'server-timeout': 0.88,
      'server-crash': 0.84,
      'load-balancer': 0.78,
      'nat-or-conntrack': 0.7,
      'unstable-link': 0.8,
      'network-driver': 0.85,
    },
  },
  // In the order of the values: the chance that it arrives. Given that TLS ends in silence and a small request does not.
  'large-request': {
    usual: 0.99,
    but: {
      // On the way back alone large packets may be lost as well.
      'path-mtu': 0.4,
      'ipv6-path': 0.95,
      'vpn-client': 0.95,
      'network-driver': 0.94,
      'device-network-stack': 0.95,
      'provider-fault': 0.95,
      'unstable-link': 0.95,
      'oversized-headers': 0.95,
      'server-block': 0.97,
    },
  },
  // Given that several tries broke midway; what lies between says nothing.
  'break-place': {
    usual: [0.55, 0.35],
    but: {
      // What a scanner or filter minds stands at one place of the page, or is its length.
      'security-software': [0.6, 0.06],
      'organisation-filter': [0.6, 0.06],
      'isp-filter': [0.6, 0.06],
      'router-filter': [0.6, 0.06],
      'proxy-configuration': [0.6, 0.25],
      // What flows as fast each time gets as far in the same time.
      'server-timeout': [0.55, 0.2],
      'server-overload': [0.2, 0.7],
      'nat-or-conntrack': [0.3, 0.5],
      'network-driver': [0.25, 0.6],
      'unstable-link': [0.1, 0.8],
      'provider-fault': [0.2, 0.7],
      'device-network-stack': [0.25, 0.6],
      transient: [0.2, 0.7],
    },
  },
  'site-root': {
    usual: 0.05,
    site: 0.3,
    but: {
      // At the root, too, the tab's own things are missing from our request; its cookies are not.
      'browser-site-data': 0.4,
      'oversized-headers': 0.35,
      'path-mtu': 0.3,
      'unstable-link': 0.35,
      'security-software': 0.08,
      'organisation-filter': 0.08,
      'container-port': 0.01,
      'wrong-protocol-on-port': 0.01,
      'tls-version-or-cipher': 0.01,
      'tls-clienthello': 0.01,
      'server-certificate-binding': 0.01,
      'server-crash': 0.4,
      'server-timeout': 0.65,
      'upload-limit': 0.95,
      'unread-body': 0.95,
      'http2-or-quic': 0.3,
      transient: 0.6,
    },
  },
};
