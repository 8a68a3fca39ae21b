import type { CauseId, ObservationId, Owner } from '../model/vocabulary';
import { CAUSE_IDS, CAUSES, OBSERVATIONS } from '../model/vocabulary';

/**
 * Every number that judgement rests on. Where they come from is told in docs/reasoning.md: the
 * mechanism of each cause (where it sits decides what a change of browser, device or network does),
 * the guide, the lab, published base rates, and the real cases as a check of the whole, never of one number.
 */

/** What surrounds an incident before anything is tested. */
export type Place = 'public' | 'private-network' | 'loopback';

/** How common each cause is among resets that people look into, by where the host is; relative, made to sum to one when used. */
export const PRIORS: Readonly<Record<CauseId, Readonly<Record<Place, number>>>> = {
  'browser-extension': { public: 5, 'private-network': 3, loopback: 3 },
  'browser-site-data': { public: 5, 'private-network': 3, loopback: 3 },
  'oversized-headers': { public: 3, 'private-network': 3, loopback: 4 },
  'proxy-configuration': { public: 5, 'private-network': 5, loopback: 2 },
  'vpn-client': { public: 5, 'private-network': 6, loopback: 0.5 },
  'security-software': { public: 9, 'private-network': 5, loopback: 4 },
  'network-driver': { public: 1.2, 'private-network': 1.2, loopback: 0.3 },
  'router-filter': { public: 3.5, 'private-network': 0.3, loopback: 0.01 },
  'nat-or-conntrack': { public: 4.5, 'private-network': 2, loopback: 0.5 },
  'path-mtu': { public: 2.5, 'private-network': 3, loopback: 0.05 },
  'ipv6-path': { public: 3, 'private-network': 1, loopback: 0.3 },
  'captive-portal': { public: 2, 'private-network': 0.5, loopback: 0.01 },
  'dns-answer': { public: 3, 'private-network': 2, loopback: 0.3 },
  'provider-fault': { public: 3, 'private-network': 0.2, loopback: 0.01 },
  'device-network-stack': { public: 1.1, 'private-network': 1, loopback: 0.5 },
  'unstable-link': { public: 4.5, 'private-network': 3, loopback: 0.02 },
  'organisation-filter': { public: 4.5, 'private-network': 6, loopback: 0.1 },
  'isp-filter': { public: 7.5, 'private-network': 0.3, loopback: 0.01 },
  'tls-clienthello': { public: 2, 'private-network': 1.5, loopback: 0.3 },
  'tls-version-or-cipher': { public: 1.1, 'private-network': 2.5, loopback: 1.5 },
  'server-certificate-binding': { public: 1.3, 'private-network': 4, loopback: 10 },
  'wrong-protocol-on-port': { public: 1.5, 'private-network': 5, loopback: 6 },
  'http2-or-quic': { public: 1.5, 'private-network': 1.2, loopback: 1 },
  'upload-limit': { public: 2, 'private-network': 4, loopback: 7 },
  'unread-body': { public: 0.8, 'private-network': 2, loopback: 4 },
  'server-timeout': { public: 2, 'private-network': 3, loopback: 4 },
  'load-balancer': { public: 3.5, 'private-network': 5, loopback: 2 },
  'keep-alive-race': { public: 1.5, 'private-network': 2, loopback: 1.5 },
  'server-overload': { public: 4.5, 'private-network': 6, loopback: 4 },
  'server-block': { public: 5, 'private-network': 5, loopback: 1 },
  'server-crash': { public: 7, 'private-network': 11, loopback: 14 },
  'container-port': { public: 0.2, 'private-network': 5, loopback: 10 },
  'dev-server': { public: 0.1, 'private-network': 6, loopback: 10 },
  transient: { public: 7, 'private-network': 4, loopback: 2 },
};

/** What knowing the person's role does to the chance of a cause, by who could mend it; `unknown` is the mixture that opens the extension. */
export const ROLE_FACTORS: Readonly<Record<'visitor' | 'site-developer-or-owner' | 'api-consumer', Readonly<Record<Owner, number>>>> = {
  visitor: { browser: 1.15, device: 1.15, 'local-network': 1.15, path: 1.15, site: 0.7 },
  'site-developer-or-owner': { browser: 0.5, device: 0.4, 'local-network': 0.35, path: 0.55, site: 2.5 },
  'api-consumer': { browser: 0.2, device: 0.6, 'local-network': 0.9, path: 0.9, site: 1.8 },
};

/**
 * Causes for which the role says something else than for their owner's others: they stand instead of `ROLE_FACTORS`. Visitors have
 * no containers and development servers, and browsers hide the keep-alive race by sending again; whoever runs a site meets header
 * limits, connection tracking of containers and clouds, and the firewalls of offices; code that calls an API has no extensions,
 * cookies or cache of a browser, but pools of kept connections, tokens in headers, and limits by rate.
 */
export const ROLE_CAUSE_FACTORS: Readonly<Record<keyof typeof ROLE_FACTORS, Readonly<Partial<Record<CauseId, number>>>>> = {
  visitor: { 'container-port': 0.1, 'dev-server': 0.1, 'keep-alive-race': 0.4, 'unread-body': 0.5 },
  'site-developer-or-owner': { 'oversized-headers': 1.2, 'nat-or-conntrack': 0.7, 'organisation-filter': 0.75, transient: 0.4 },
  'api-consumer': {
    'browser-extension': 0.05,
    'browser-site-data': 0.05,
    'oversized-headers': 0.7,
    'keep-alive-race': 4,
    'server-block': 2.5,
    'dev-server': 0.5,
  },
};

/** Chances of the values, in the vocabulary's order; the rest up to one is "nothing to report". */
type Chances = readonly number[];

/** One table: what is usual, then the causes that differ. A single number is the chance of the first of two values. */
interface Table {
  usual: number | Chances;
  /** Causes whose owner is the site, where they differ as a whole. */
  site?: number | Chances;
  but?: Readonly<Partial<Record<CauseId, number | Chances>>>;
}

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

/** P(value | cause), by observation. Every table has a row for every cause after `chanceOf`. */
const TABLES: Readonly<Partial<Record<ObservationId, Table>>> = {
  'error-kind': {
    usual: errorKinds({}),
    but: {
      'browser-extension': errorKinds({ 'tunnel-failed': 0.03, 'proxy-unreachable': 0.05 }),
      'browser-site-data': errorKinds({ closed: 0.25 }),
      'oversized-headers': errorKinds({ closed: 0.2, 'empty-response': 0.15, http2: 0.06 }),
      'proxy-configuration': errorKinds({
        closed: 0.25,
        'tunnel-failed': 0.1,
        'proxy-unreachable': 0.15,
        'empty-response': 0.08,
        'tls-alert-or-protocol': 0.04,
      }),
      'vpn-client': errorKinds({ closed: 0.2, 'timed-out': 0.1, 'network-changed': 0.04 }),
      // Whoever answers in the site's place does not always speak its TLS.
      'security-software': errorKinds({ closed: 0.25, 'timed-out': 0.06, 'tls-alert-or-protocol': 0.06, quic: 0.01 }),
      'network-driver': errorKinds({ 'timed-out': 0.06, 'truncated-body': 0.08 }),
      'router-filter': errorKinds({ 'timed-out': 0.05, 'tls-alert-or-protocol': 0.04 }),
      'nat-or-conntrack': errorKinds({ 'timed-out': 0.1, 'truncated-body': 0.05 }),
      'path-mtu': errorKinds({ 'timed-out': 0.55, 'truncated-body': 0.03 }),
      'ipv6-path': errorKinds({ 'timed-out': 0.2, unreachable: 0.02 }),
      'captive-portal': errorKinds({ certificate: 0.1, 'timed-out': 0.1 }),
      'dns-answer': errorKinds({ 'timed-out': 0.1, refused: 0.1, 'tls-alert-or-protocol': 0.04 }),
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
      'organisation-filter': errorKinds({ 'timed-out': 0.05, 'tunnel-failed': 0.03, 'tls-alert-or-protocol': 0.04 }),
      'isp-filter': errorKinds({ 'timed-out': 0.06, closed: 0.08, 'empty-response': 0.02, 'tls-alert-or-protocol': 0.025 }),
      'tls-clienthello': errorKinds({ 'timed-out': 0.25, 'tls-alert-or-protocol': 0.1 }),
      'tls-version-or-cipher': errorKinds({ 'tls-alert-or-protocol': 0.3, 'empty-response': 0.15 }),
      'server-certificate-binding': errorKinds({ 'tls-alert-or-protocol': 0.12, closed: 0.17 }),
      'wrong-protocol-on-port': errorKinds({ 'tls-alert-or-protocol': 0.25, 'empty-response': 0.35 }),
      'http2-or-quic': errorKinds({ http2: 0.3, quic: 0.15, closed: 0.25 }),
      'unread-body': errorKinds({ 'truncated-body': 0.08 }),
      'server-timeout': errorKinds({ 'truncated-body': 0.08, http2: 0.08, closed: 0.2, 'empty-response': 0.12 }),
      'load-balancer': errorKinds({ 'truncated-body': 0.05, closed: 0.3 }),
      'keep-alive-race': errorKinds({ closed: 0.25 }),
      'server-overload': errorKinds({ 'timed-out': 0.05 }),
      'server-block': errorKinds({ 'timed-out': 0.05 }),
      'server-crash': errorKinds({ 'truncated-body': 0.06, 'empty-response': 0.1 }),
      'container-port': errorKinds({ 'empty-response': 0.12, refused: 0.02 }),
      'dev-server': errorKinds({ 'empty-response': 0.25, closed: 0.2 }),
      transient: errorKinds({ 'timed-out': 0.05, 'network-changed': 0.06 }),
    },
  },
  scope: {
    usual: [0.1, 0.62, 0.2, 0.08],
    site: [0.3, 0.66, 0.035, 0.005],
    but: {
      'browser-extension': [0.03, 0.57, 0.23, 0.17],
      'browser-site-data': [0.08, 0.89, 0.02, 0.01],
      'oversized-headers': [0.15, 0.82, 0.02, 0.01],
      'proxy-configuration': [0.01, 0.3, 0.3, 0.39],
      'vpn-client': [0.02, 0.3, 0.45, 0.23],
      'security-software': [0.03, 0.36, 0.4, 0.21],
      'network-driver': [0.04, 0.31, 0.4, 0.25],
      // Filters work by lists of names: people notice one of them, or several.
      'router-filter': [0.03, 0.65, 0.3, 0.02],
      'nat-or-conntrack': [0.03, 0.12, 0.5, 0.35],
      'path-mtu': [0.03, 0.3, 0.55, 0.12],
      // Most large sites, the controls among them, have IPv6 too.
      'ipv6-path': [0.02, 0.42, 0.5, 0.06],
      'captive-portal': [0.01, 0.02, 0.07, 0.9],
      'dns-answer': [0.01, 0.6, 0.34, 0.05],
      'provider-fault': [0.01, 0.04, 0.25, 0.7],
      'device-network-stack': [0.01, 0.19, 0.35, 0.45],
      'unstable-link': [0.02, 0.08, 0.3, 0.6],
      'organisation-filter': [0.12, 0.5, 0.33, 0.05],
      'isp-filter': [0.07, 0.63, 0.28, 0.02],
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
    but: {
      'upload-limit': [0.02, 0.97, 0.01],
      'unread-body': [0.2, 0.78, 0.02],
      'load-balancer': [0.6, 0.2, 0.2],
      'server-timeout': [0.55, 0.42, 0.03],
      'server-crash': [0.82, 0.14, 0.04],
      'server-block': [0.8, 0.17, 0.03],
      'organisation-filter': [0.8, 0.12, 0.08],
      'security-software': [0.8, 0.13, 0.07],
      'dev-server': [0.75, 0.1, 0.15],
      'isp-filter': [0.96, 0.02, 0.02],
    },
  },
  'request-size': {
    usual: 0.04,
    but: {
      'upload-limit': 0.95,
      'unread-body': 0.7,
      'server-timeout': 0.3,
      'path-mtu': 0.25,
      'server-block': 0.2,
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
  frequency: {
    usual: [0.75, 0.13, 0.04, 0.01, 0.01, 0.02, 0.02, 0.02],
    but: {
      'browser-extension': [0.9, 0.06, 0.01, 0.005, 0.005, 0.005, 0.01, 0.005],
      'browser-site-data': [0.86, 0.07, 0.01, 0.02, 0.005, 0.02, 0.01, 0.005],
      'oversized-headers': [0.92, 0.05, 0.01, 0.002, 0.002, 0.002, 0.01, 0.004],
      'proxy-configuration': [0.85, 0.1, 0.02, 0.005, 0.005, 0.005, 0.005, 0.01],
      'vpn-client': [0.6, 0.28, 0.06, 0.02, 0.005, 0.005, 0.02, 0.01],
      'security-software': [0.62, 0.29, 0.04, 0.005, 0.005, 0.01, 0.02, 0.01],
      'network-driver': [0.5, 0.35, 0.1, 0.01, 0.01, 0.005, 0.02, 0.005],
      'router-filter': [0.88, 0.08, 0.01, 0.001, 0.001, 0.01, 0.01, 0.01],
      'nat-or-conntrack': [0.5, 0.26, 0.06, 0.12, 0.03, 0.01, 0.01, 0.01],
      'path-mtu': [0.75, 0.2, 0.02, 0.002, 0.002, 0.005, 0.01, 0.01],
      'ipv6-path': [0.6, 0.34, 0.03, 0.005, 0.002, 0.005, 0.01, 0.005],
      'captive-portal': [0.97, 0.01, 0.002, 0.002, 0.001, 0.001, 0.003, 0.01],
      'dns-answer': [0.86, 0.1, 0.01, 0.001, 0.001, 0.005, 0.015, 0.005],
      'provider-fault': [0.65, 0.28, 0.03, 0.002, 0.002, 0.002, 0.02, 0.01],
      'device-network-stack': [0.62, 0.26, 0.06, 0.01, 0.01, 0.01, 0.02, 0.01],
      'unstable-link': [0.1, 0.62, 0.2, 0.02, 0.02, 0.01, 0.03, 0.01],
      'organisation-filter': [0.87, 0.08, 0.01, 0.005, 0.005, 0.005, 0.01, 0.01],
      'isp-filter': [0.86, 0.1, 0.01, 0.001, 0.001, 0.005, 0.008, 0.015],
      'tls-clienthello': [0.87, 0.1, 0.01, 0.001, 0.001, 0.01, 0.005, 0.001],
      'tls-version-or-cipher': [0.96, 0.02, 0.005, 0.001, 0.001, 0.001, 0.005, 0.005],
      'server-certificate-binding': [0.95, 0.03, 0.005, 0.001, 0.001, 0.001, 0.005, 0.005],
      'wrong-protocol-on-port': [0.97, 0.015, 0.002, 0.001, 0.001, 0.001, 0.005, 0.005],
      'http2-or-quic': [0.45, 0.38, 0.09, 0.02, 0.02, 0.01, 0.02, 0.01],
      'upload-limit': [0.77, 0.18, 0.02, 0.002, 0.002, 0.002, 0.01, 0.01],
      'unread-body': [0.5, 0.4, 0.07, 0.005, 0.005, 0.005, 0.01, 0.005],
      'server-timeout': [0.8, 0.15, 0.02, 0.01, 0.005, 0.002, 0.005, 0.005],
      'load-balancer': [0.31, 0.39, 0.09, 0.15, 0.02, 0.01, 0.01, 0.02],
      'keep-alive-race': [0.01, 0.1, 0.36, 0.46, 0.02, 0.03, 0.015, 0.005],
      'server-overload': [0.1, 0.5, 0.1, 0.01, 0.24, 0.005, 0.02, 0.025],
      'server-block': [0.67, 0.11, 0.02, 0.002, 0.07, 0.005, 0.01, 0.11],
      'server-crash': [0.7, 0.2, 0.05, 0.005, 0.01, 0.01, 0.01, 0.015],
      'container-port': [0.95, 0.03, 0.005, 0.001, 0.001, 0.005, 0.005, 0.003],
      'dev-server': [0.86, 0.08, 0.02, 0.01, 0.005, 0.01, 0.01, 0.005],
      transient: [0.01, 0.02, 0.12, 0.01, 0.01, 0.2, 0.629, 0.001],
    },
  },
  'failure-pattern': { usual: 0.1, but: { 'load-balancer': 0.75, 'server-overload': 0.06, 'server-crash': 0.08, 'unstable-link': 0.03 } },
  retry: {
    usual: 0.12,
    but: {
      'browser-extension': 0.04,
      'oversized-headers': 0.03,
      'proxy-configuration': 0.06,
      'vpn-client': 0.3,
      'security-software': 0.22,
      'network-driver': 0.4,
      'router-filter': 0.06,
      'nat-or-conntrack': 0.48,
      'ipv6-path': 0.35,
      'captive-portal': 0.02,
      'provider-fault': 0.25,
      'device-network-stack': 0.1,
      'unstable-link': 0.75,
      'organisation-filter': 0.07,
      'isp-filter': 0.12,
      'tls-version-or-cipher': 0.02,
      'server-certificate-binding': 0.02,
      'wrong-protocol-on-port': 0.01,
      'http2-or-quic': 0.45,
      'upload-limit': 0.04,
      'unread-body': 0.3,
      'load-balancer': 0.65,
      'keep-alive-race': 0.97,
      'server-overload': 0.75,
      'server-crash': 0.15,
      'container-port': 0.01,
      'dev-server': 0.06,
      // It passes by itself, though not always at once.
      transient: 0.93,
    },
  },
  'time-to-failure': {
    usual: [0.78, 0.13, 0.02, 0.07],
    but: {
      'vpn-client': [0.4, 0.3, 0.1, 0.2],
      'security-software': [0.66, 0.16, 0.02, 0.16],
      'network-driver': [0.3, 0.2, 0.02, 0.48],
      'nat-or-conntrack': [0.55, 0.15, 0.05, 0.25],
      // What vanishes is silence: it ends when somebody's patience does, after the same time at each try.
      'path-mtu': [0.05, 0.4, 0.4, 0.15],
      'ipv6-path': [0.6, 0.35, 0.03, 0.02],
      'provider-fault': [0.4, 0.4, 0.1, 0.1],
      'unstable-link': [0.3, 0.3, 0.05, 0.35],
      'organisation-filter': [0.65, 0.15, 0.04, 0.16],
      'isp-filter': [0.88, 0.09, 0.01, 0.02],
      // Whoever resets a greeting does so as it comes.
      'tls-clienthello': [0.9, 0.08, 0.01, 0.01],
      'server-certificate-binding': [0.96, 0.03, 0.005, 0.005],
      'tls-version-or-cipher': [0.96, 0.03, 0.005, 0.005],
      'wrong-protocol-on-port': [0.96, 0.03, 0.005, 0.005],
      'container-port': [0.94, 0.04, 0.01, 0.01],
      'http2-or-quic': [0.45, 0.2, 0.05, 0.3],
      'upload-limit': [0.5, 0.25, 0.03, 0.22],
      'unread-body': [0.47, 0.2, 0.03, 0.3],
      'server-timeout': [0.02, 0.15, 0.66, 0.17],
      'load-balancer': [0.35, 0.15, 0.36, 0.14],
      'keep-alive-race': [0.95, 0.03, 0.01, 0.01],
      'server-overload': [0.58, 0.3, 0.07, 0.05],
      'server-block': [0.65, 0.12, 0.03, 0.2],
      'server-crash': [0.72, 0.13, 0.02, 0.13],
    },
  },
  phase: {
    // The last value only says "before the headers": the two first together.
    usual: [0.4, 0.54, 0.06, 0.94],
    but: {
      'proxy-configuration': [0.3, 0.6, 0.1, 0.9],
      'browser-extension': [0.2, 0.78, 0.02, 0.98],
      'browser-site-data': [0.4, 0.57, 0.03, 0.97],
      'oversized-headers': [0.02, 0.96, 0.02, 0.98],
      'security-software': [0.55, 0.32, 0.13, 0.87],
      'network-driver': [0.35, 0.37, 0.28, 0.72],
      'router-filter': [0.7, 0.28, 0.02, 0.98],
      'nat-or-conntrack': [0.4, 0.36, 0.24, 0.76],
      'path-mtu': [0.5, 0.38, 0.12, 0.88],
      'ipv6-path': [0.75, 0.22, 0.03, 0.97],
      'dns-answer': [0.8, 0.19, 0.01, 0.99],
      'unstable-link': [0.4, 0.37, 0.23, 0.77],
      'organisation-filter': [0.57, 0.32, 0.11, 0.89],
      'isp-filter': [0.75, 0.24, 0.01, 0.99],
      'tls-clienthello': [0.94, 0.055, 0.005, 0.995],
      'tls-version-or-cipher': [0.97, 0.025, 0.005, 0.995],
      'server-certificate-binding': [0.95, 0.045, 0.005, 0.995],
      'wrong-protocol-on-port': [0.5, 0.495, 0.005, 0.995],
      'http2-or-quic': [0.3, 0.47, 0.23, 0.77],
      'unread-body': [0.01, 0.67, 0.32, 0.68],
      'upload-limit': [0.02, 0.93, 0.05, 0.95],
      'server-timeout': [0.05, 0.65, 0.3, 0.7],
      'load-balancer': [0.2, 0.65, 0.15, 0.85],
      'keep-alive-race': [0.02, 0.97, 0.01, 0.99],
      'server-overload': [0.5, 0.46, 0.04, 0.96],
      'server-block': [0.5, 0.44, 0.06, 0.94],
      'server-crash': [0.12, 0.7, 0.18, 0.82],
      'container-port': [0.45, 0.54, 0.01, 0.99],
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
      'server-timeout': 0.8,
      'server-crash': 0.8,
      'load-balancer': 0.75,
      'nat-or-conntrack': 0.7,
      'unstable-link': 0.8,
      'network-driver': 0.85,
    },
  },
  incognito: {
    usual: 0.03,
    but: { 'browser-extension': 0.75, 'browser-site-data': 0.92, 'oversized-headers': 0.95, 'http2-or-quic': 0.08, transient: 0.4 },
  },
  'extensions-disabled': {
    usual: 0.02,
    but: { 'browser-extension': 0.95, 'browser-site-data': 0.03, 'oversized-headers': 0.04, transient: 0.35 },
  },
  'extension-bypass': {
    usual: 0.012,
    but: {
      'browser-extension': 0.8,
      'browser-site-data': 0.86,
      'oversized-headers': 0.04,
      'server-overload': 0.08,
      'load-balancer': 0.08,
      'unstable-link': 0.1,
      'server-block': 0.03,
      transient: 0.4,
    },
  },
  'tab-headers': { usual: 0.04, but: { 'browser-extension': 0.65 } },
  'site-state-bypass': {
    usual: 0.006,
    but: { 'browser-site-data': 0.58, 'browser-extension': 0.04, transient: 0.4, 'server-overload': 0.08, 'load-balancer': 0.08 },
  },
  cookieless: {
    usual: 0.012,
    but: {
      'oversized-headers': 0.88,
      // A cookie, or else the cache or a service worker, which `site-state-bypass` shows.
      'browser-site-data': 0.45,
      'browser-extension': 0.06,
      'server-overload': 0.04,
      'load-balancer': 0.05,
      transient: 0.3,
    },
  },
  // Where it is not the cookies, it is the address or another header.
  'cookie-header-size': { usual: [0.9, 0.06, 0.03, 0.01], but: { 'oversized-headers': [0.12, 0.25, 0.36, 0.27] } },
  'url-or-header-size': { usual: 0.012, but: { 'oversized-headers': 0.9, 'browser-extension': 0.1, 'server-block': 0.15 } },
  'other-browser': {
    usual: 0.03,
    but: {
      'browser-extension': 0.85,
      'browser-site-data': 0.93,
      'oversized-headers': 0.93,
      'proxy-configuration': 0.25,
      // Firewalls go by program.
      'security-software': 0.12,
      'tls-clienthello': 0.75,
      'http2-or-quic': 0.5,
      'tls-version-or-cipher': 0.25,
      'server-crash': 0.1,
      'server-overload': 0.15,
      'keep-alive-race': 0.2,
      'unread-body': 0.12,
      'upload-limit': 0.06,
      'server-block': 0.06,
      'organisation-filter': 0.05,
      transient: 0.35,
    },
  },
  'other-engine-only': {
    // What is left over is "both fail", which has no value of its own.
    usual: [0.03, 0.02],
    but: {
      'tls-clienthello': [0.55, 0.1],
      'http2-or-quic': [0.35, 0.12],
      'tls-version-or-cipher': [0.1, 0.08],
      'server-overload': [0.1, 0.02],
      'server-crash': [0.05, 0.08],
      'unread-body': [0.08, 0.08],
      'browser-extension': [0.2, 0.1],
      'browser-site-data': [0.2, 0.1],
    },
  },
  'other-client': {
    usual: 0.08,
    but: {
      'browser-extension': 0.9,
      'browser-site-data': 0.9,
      // Cookies are the browser's; addresses and tokens that are too long go with any client.
      'oversized-headers': 0.65,
      'proxy-configuration': 0.4,
      'security-software': 0.25,
      'tls-clienthello': 0.75,
      'tls-version-or-cipher': 0.5,
      'http2-or-quic': 0.65,
      'unread-body': 0.5,
      'organisation-filter': 0.35,
      'server-block': 0.25,
      'upload-limit': 0.25,
      'server-overload': 0.2,
      'server-crash': 0.15,
      'container-port': 0.03,
      transient: 0.6,
    },
  },
  'other-device-same-network': {
    usual: 0.06,
    site: 0.08,
    but: {
      'browser-extension': 0.95,
      'browser-site-data': 0.95,
      'oversized-headers': 0.95,
      'proxy-configuration': 0.9,
      'vpn-client': 0.95,
      'security-software': 0.94,
      'network-driver': 0.95,
      'device-network-stack': 0.95,
      'nat-or-conntrack': 0.25,
      'path-mtu': 0.35,
      'ipv6-path': 0.2,
      'captive-portal': 0.15,
      'dns-answer': 0.25,
      'unstable-link': 0.3,
      'organisation-filter': 0.15,
      'tls-clienthello': 0.4,
      transient: 0.5,
    },
  },
  'other-network': {
    usual: 0.94,
    site: 0.05,
    but: {
      'browser-extension': 0.07,
      'browser-site-data': 0.07,
      'oversized-headers': 0.05,
      'proxy-configuration': 0.2,
      'vpn-client': 0.2,
      'security-software': 0.08,
      'network-driver': 0.25,
      'device-network-stack': 0.15,
      'tls-clienthello': 0.45,
      'path-mtu': 0.8,
      'server-block': 0.65,
      'server-overload': 0.06,
      transient: 0.5,
    },
  },
  'outside-vantage': {
    usual: 0.96,
    site: 0.06,
    but: {
      'server-block': 0.7,
      'tls-version-or-cipher': 0.4,
      'tls-clienthello': 0.6,
      'server-overload': 0.3,
      'load-balancer': 0.3,
      'isp-filter': 0.93,
      transient: 0.9,
    },
  },
  'outside-same-provider': {
    usual: 0.94,
    site: 0.06,
    but: { 'isp-filter': 0.12, 'provider-fault': 0.12, 'server-block': 0.6, 'server-overload': 0.3, transient: 0.9 },
  },
  'outside-same-country': {
    usual: 0.95,
    site: 0.06,
    but: { 'isp-filter': 0.5, 'server-block': 0.6, 'server-overload': 0.3, transient: 0.9 },
  },
  // About 29 % use a VPN (PCMag, 2018); on at a given moment in about half of them.
  'vpn-active': { usual: 0.14, but: { 'vpn-client': 0.98, 'path-mtu': 0.65, 'organisation-filter': 0.3, 'network-driver': 0.2 } },
  'vpn-toggled': {
    usual: [0.03, 0.05, 0.92],
    but: {
      'vpn-client': [0.93, 0.01, 0.06],
      'path-mtu': [0.66, 0.03, 0.31],
      'organisation-filter': [0.3, 0.3, 0.4],
      'isp-filter': [0.01, 0.93, 0.06],
      'router-filter': [0.01, 0.9, 0.09],
      'server-block': [0.2, 0.6, 0.2],
      'dns-answer': [0.03, 0.8, 0.17],
      'ipv6-path': [0.08, 0.55, 0.37],
      'nat-or-conntrack': [0.1, 0.45, 0.45],
      'provider-fault': [0.02, 0.3, 0.68],
      'security-software': [0.08, 0.3, 0.62],
      'network-driver': [0.3, 0.1, 0.6],
      'captive-portal': [0.05, 0.1, 0.85],
    },
  },
  'proxy-configured': {
    usual: [0.853, 0.03, 0.05, 0.025, 0.022, 0.02],
    but: {
      'proxy-configuration': [0.01, 0.32, 0.38, 0.0003, 0.0797, 0.21],
      // What they set is theirs: proxy configuration is what the person, a policy or the system set.
      'browser-extension': [0.76, 0.02, 0.03, 0.16, 0.01, 0.02],
      'organisation-filter': [0.55, 0.035, 0.08, 0.005, 0.24, 0.09],
      'security-software': [0.8, 0.03, 0.12, 0.01, 0.02, 0.02],
      // Through a proxy the provider and the router do not meet the site's name, as a rule.
      'isp-filter': [0.945, 0.015, 0.024, 0.002, 0.007, 0.007],
      'router-filter': [0.945, 0.015, 0.024, 0.002, 0.007, 0.007],
    },
  },
  'direct-connection': {
    usual: 0.012,
    but: {
      'proxy-configuration': 0.97,
      'browser-extension': 0.32,
      'organisation-filter': 0.08,
      'security-software': 0.08,
      'server-block': 0.06,
      transient: 0.5,
    },
  },
  // About 46 % have security software of a third party (Security.org, 2024 and 2025).
  'security-software': { usual: 0.45, but: { 'security-software': 0.99 } },
  'security-software-paused': { usual: 0.02, but: { 'security-software': 0.96, transient: 0.25 } },
  'tls-intercepted': {
    // Of all connections 4 to 11 % are opened on the way (Durumeric et al., NDSS 2017); we see what shows two signs, perhaps a third of that.
    usual: 0.02,
    but: { 'security-software': 0.6, 'organisation-filter': 0.22, 'vpn-client': 0.03, 'proxy-configuration': 0.05 },
  },
  'network-owner': {
    usual: [0.62, 0.14, 0.08, 0.16],
    but: {
      'organisation-filter': [0.01, 0.96, 0.02, 0.01],
      'captive-portal': [0.03, 0.1, 0.85, 0.02],
      'router-filter': [0.92, 0.01, 0.05, 0.02],
      'isp-filter': [0.55, 0.02, 0.03, 0.4],
      'nat-or-conntrack': [0.5, 0.06, 0.09, 0.35],
      'ipv6-path': [0.7, 0.1, 0.03, 0.17],
      'vpn-client': [0.5, 0.35, 0.05, 0.1],
    },
  },
  'other-scheme': {
    usual: [0.1, 0.05, 0.85],
    but: {
      'load-balancer': [0.5, 0.06, 0.44],
      'server-timeout': [0.5, 0.06, 0.44],
      'server-overload': [0.35, 0.06, 0.59],
      'captive-portal': [0.4, 0.0, 0.6],
      'nat-or-conntrack': [0.08, 0.05, 0.87],
      'provider-fault': [0.04, 0.03, 0.93],
      'unstable-link': [0.05, 0.05, 0.9],
      'device-network-stack': [0.03, 0.03, 0.94],
      // Plain http goes through the same proxy.
      'proxy-configuration': [0.25, 0.05, 0.7],
      // At the root, without cookies, by our own request: what is wrong in the tab or its cookies is not in it.
      'browser-extension': [0.32, 0.11, 0.57],
      'browser-site-data': [0.52, 0.16, 0.32],
      'oversized-headers': [0.56, 0.18, 0.26],
      'security-software': [0.6, 0.05, 0.35],
      'router-filter': [0.6, 0.15, 0.25],
      'path-mtu': [0.4, 0.05, 0.55],
      // Whoever answers in the site's place often does so on port 80 alone.
      'dns-answer': [0.2, 0.06, 0.74],
      'organisation-filter': [0.57, 0.16, 0.27],
      // Many filters read the name in http as well, some answer there with a page of their own.
      'isp-filter': [0.56, 0.18, 0.26],
      // Plain http has no greeting, whatever is wrong with that of TLS.
      'tls-clienthello': [0.93, 0.01, 0.06],
      'tls-version-or-cipher': [0.88, 0.01, 0.11],
      'server-certificate-binding': [0.93, 0.01, 0.06],
      'wrong-protocol-on-port': [0.46, 0.49, 0.05],
      'http2-or-quic': [0.6, 0.01, 0.39],
      'dev-server': [0.4, 0.15, 0.45],
      'server-crash': [0.45, 0.06, 0.49],
      // Walls for applications often stand before https alone, and http is nothing but a redirect.
      'server-block': [0.27, 0.05, 0.68],
    },
  },
  'port-protocol': {
    usual: [0.002, 0.002, 0.996],
    but: { 'wrong-protocol-on-port': [0.47, 0.47, 0.06], 'dev-server': [0.04, 0.04, 0.92], 'container-port': [0.02, 0.02, 0.96] },
  },
  // Given that the greeting was answered at all, which `error-kind` weighs. Servers without a certificate for the name send any of the alerts.
  'tls-answer': {
    usual: [0.06, 0.52, 0.4, 0.02],
    but: {
      // Modest: what the very port speaks is a fact of its own.
      'wrong-protocol-on-port': [0.2, 0.75, 0.04, 0.01],
      'dev-server': [0.25, 0.5, 0.2, 0.05],
      'captive-portal': [0.2, 0.6, 0.15, 0.05],
      'tls-version-or-cipher': [0.005, 0.1, 0.885, 0.01],
      'server-certificate-binding': [0.01, 0.4, 0.3, 0.29],
    },
  },
  'sibling-host': {
    usual: 0.5,
    but: {
      'browser-extension': 0.6,
      'browser-site-data': 0.85,
      'oversized-headers': 0.7,
      'proxy-configuration': 0.4,
      'router-filter': 0.66,
      'isp-filter': 0.66,
      'organisation-filter': 0.64,
      'security-software': 0.62,
      'dns-answer': 0.65,
      'nat-or-conntrack': 0.25,
      'ipv6-path': 0.4,
      'captive-portal': 0.03,
      'provider-fault': 0.15,
      'device-network-stack': 0.15,
      'unstable-link': 0.4,
      'server-block': 0.3,
      'server-overload': 0.35,
      'server-crash': 0.55,
      transient: 0.9,
    },
  },
  'tls-without-name': {
    usual: 0.5,
    but: {
      'server-overload': 0.5,
      // A stored redirect, address or connection may lead where nothing answers.
      'browser-site-data': 0.72,
      'oversized-headers': 0.96,
      'browser-extension': 0.7,
      'proxy-configuration': 0.4,
      // A scanner takes TLS to a bare address as well.
      'security-software': 0.55,
      'router-filter': 0.92,
      'isp-filter': 0.93,
      'organisation-filter': 0.84,
      'nat-or-conntrack': 0.2,
      // Where IPv6 alone breaks, the IPv4 address answers.
      'ipv6-path': 0.75,
      'captive-portal': 0.05,
      'dns-answer': 0.05,
      'provider-fault': 0.2,
      'device-network-stack': 0.2,
      'vpn-client': 0.4,
      // Without the name it is a few bytes smaller, and as large as before for whoever minds.
      'tls-clienthello': 0.14,
      'tls-version-or-cipher': 0.1,
      // Most servers have a certificate that answers where no name is given.
      'server-certificate-binding': 0.2,
      'wrong-protocol-on-port': 0.1,
      'http2-or-quic': 0.9,
      'server-block': 0.15,
      'server-crash': 0.8,
      'server-timeout': 0.9,
      'load-balancer': 0.6,
      'container-port': 0.05,
      'dev-server': 0.3,
      transient: 0.97,
    },
  },
  'tls-with-name': {
    usual: 0.5,
    site: 0.55,
    but: {
      'browser-extension': 0.85,
      'browser-site-data': 0.6,
      'oversized-headers': 0.98,
      'proxy-configuration': 0.4,
      'security-software': 0.3,
      'router-filter': 0.04,
      'isp-filter': 0.03,
      'organisation-filter': 0.12,
      'nat-or-conntrack': 0.3,
      'ipv6-path': 0.15,
      'captive-portal': 0.03,
      'dns-answer': 0.08,
      'provider-fault': 0.2,
      'device-network-stack': 0.2,
      'tls-clienthello': 0.03,
      'tls-version-or-cipher': 0.03,
      'server-certificate-binding': 0.03,
      'wrong-protocol-on-port': 0.05,
      'http2-or-quic': 0.9,
      'server-crash': 0.85,
      'server-block': 0.5,
      'server-overload': 0.55,
      'load-balancer': 0.75,
      'server-timeout': 0.95,
      'container-port': 0.1,
      transient: 0.9,
    },
  },
  'same-address-other-name': {
    usual: 0.25,
    but: {
      'browser-site-data': 0.7,
      'browser-extension': 0.55,
      'oversized-headers': 0.7,
      'router-filter': 0.88,
      'isp-filter': 0.9,
      'organisation-filter': 0.8,
      'security-software': 0.65,
      'proxy-configuration': 0.1,
      'dns-answer': 0.08,
      'server-crash': 0.12,
      'server-block': 0.1,
      'server-overload': 0.25,
      'captive-portal': 0.05,
      // What only concerns TLS leaves plain http at the same address alone.
      'server-certificate-binding': 0.7,
      'tls-version-or-cipher': 0.7,
      'tls-clienthello': 0.75,
      'http2-or-quic': 0.8,
      'ipv6-path': 0.6,
      transient: 0.95,
    },
  },
  'resolver-agreement': {
    usual: [0.8, 0.16, 0.02, 0.02],
    but: {
      'dns-answer': [0.05, 0.5, 0.4, 0.05],
      'isp-filter': [0.74, 0.16, 0.08, 0.02],
      'router-filter': [0.72, 0.14, 0.12, 0.02],
      'organisation-filter': [0.7, 0.16, 0.1, 0.04],
      'captive-portal': [0.4, 0.3, 0.25, 0.05],
      'vpn-client': [0.6, 0.3, 0.05, 0.05],
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
  'refusal-status': {
    // Among the sites that refuse something at all while they reset a page.
    usual: [0.6, 0.06, 0.17, 0.17],
    but: {
      'server-block': [0.62, 0.27, 0.08, 0.03],
      'vpn-client': [0.75, 0.1, 0.08, 0.07],
      'organisation-filter': [0.8, 0.02, 0.12, 0.06],
      'server-overload': [0.08, 0.2, 0.52, 0.2],
      'load-balancer': [0.08, 0.04, 0.38, 0.5],
      'server-crash': [0.15, 0.02, 0.3, 0.53],
      'server-timeout': [0.15, 0.03, 0.25, 0.57],
    },
  },
  'address-records': {
    // About half of what people visit has IPv6 (W3Techs and APNIC, 2024).
    usual: [0.55, 0.005, 0.445],
    but: { 'ipv6-path': [0.01, 0.01, 0.98] },
  },
  'tls-at-independent-address': {
    usual: 0.5,
    site: 0.3,
    but: {
      'dns-answer': 0.94,
      'isp-filter': 0.85,
      'router-filter': 0.85,
      'organisation-filter': 0.7,
      'browser-site-data': 0.9,
      'oversized-headers': 0.95,
      'ipv6-path': 0.6,
      'captive-portal': 0.05,
      'proxy-configuration': 0.12,
      'nat-or-conntrack': 0.3,
      'server-crash': 0.45,
      'http2-or-quic': 0.9,
      'server-certificate-binding': 0.15,
      'server-block': 0.2,
      transient: 0.97,
    },
  },
  'address-family': {
    usual: [0.02, 0.01, 0.45, 0.52],
    site: [0.03, 0.02, 0.6, 0.35],
    but: {
      'ipv6-path': [0.96, 0.005, 0.02, 0.015],
      'server-block': [0.06, 0.02, 0.6, 0.32],
      'container-port': [0.15, 0.05, 0.6, 0.2],
      'path-mtu': [0.16, 0.01, 0.43, 0.4],
      'dns-answer': [0.03, 0.1, 0.7, 0.17],
      'isp-filter': [0.025, 0.02, 0.405, 0.55],
    },
  },
  'loopback-names': { usual: 0.15, but: { 'container-port': 0.75, 'dev-server': 0.55, 'ipv6-path': 0.5, 'server-crash': 0.06 } },
  'http-version': {
    usual: [0.02, 0.01, 0.97],
    but: {
      'http2-or-quic': [0.7, 0.28, 0.02],
      'oversized-headers': [0.25, 0.05, 0.7],
      'security-software': [0.05, 0.45, 0.5],
      'isp-filter': [0.02, 0.1, 0.88],
      'tls-clienthello': [0.03, 0.1, 0.87],
    },
  },
  'started-after': {
    // What people remember to have changed just before is a hint at most.
    usual: [0.05, 0.05, 0.08, 0.05, 0.07],
    site: [0.05, 0.03, 0.04, 0.36, 0.03],
    but: {
      'browser-extension': [0.1, 0.03, 0.45, 0.02, 0.03],
      'oversized-headers': [0.05, 0.02, 0.05, 0.25, 0.03],
      'proxy-configuration': [0.03, 0.05, 0.4, 0.02, 0.15],
      'vpn-client': [0.03, 0.06, 0.42, 0.03, 0.2],
      'security-software': [0.05, 0.14, 0.48, 0.02, 0.04],
      'network-driver': [0.02, 0.36, 0.22, 0.02, 0.1],
      'device-network-stack': [0.02, 0.3, 0.35, 0.02, 0.15],
      'captive-portal': [0.01, 0.01, 0.01, 0.01, 0.85],
      'ipv6-path': [0.03, 0.05, 0.03, 0.04, 0.4],
      'router-filter': [0.03, 0.03, 0.03, 0.02, 0.32],
      'dns-answer': [0.03, 0.03, 0.05, 0.1, 0.28],
      'organisation-filter': [0.06, 0.04, 0.09, 0.1, 0.28],
      'isp-filter': [0.06, 0.03, 0.03, 0.04, 0.16],
      'tls-clienthello': [0.42, 0.06, 0.17, 0.1, 0.06],
      'http2-or-quic': [0.33, 0.03, 0.03, 0.26, 0.03],
      'tls-version-or-cipher': [0.25, 0.1, 0.05, 0.35, 0.02],
      'server-crash': [0.08, 0.03, 0.03, 0.4, 0.02],
    },
  },
  'runs-in-container': {
    usual: 0.15,
    but: {
      'container-port': 0.96,
      'dev-server': 0.3,
      'nat-or-conntrack': 0.3,
      'load-balancer': 0.35,
      'server-timeout': 0.3,
      'unread-body': 0.25,
      'server-crash': 0.2,
    },
  },
  'server-log': {
    usual: [0.75, 0.2, 0.03, 0.02],
    site: [0.5, 0.15, 0.25, 0.1],
    but: {
      'server-crash': [0.15, 0.07, 0.75, 0.03],
      'upload-limit': [0.4, 0.1, 0.1, 0.4],
      'unread-body': [0.15, 0.4, 0.4, 0.05],
      'server-timeout': [0.2, 0.25, 0.15, 0.4],
      'load-balancer': [0.25, 0.1, 0.35, 0.3],
      'server-overload': [0.35, 0.05, 0.2, 0.4],
      'server-block': [0.55, 0.1, 0.05, 0.3],
      'server-certificate-binding': [0.85, 0.03, 0.1, 0.02],
      'container-port': [0.93, 0.03, 0.03, 0.01],
      'keep-alive-race': [0.7, 0.27, 0.02, 0.01],
    },
  },
  clock: { usual: 0.98, but: { 'proxy-configuration': 0.93, 'tls-version-or-cipher': 0.95, 'vpn-client': 0.94 } },
  'small-clienthello': { usual: 0.03, but: { 'tls-clienthello': 0.95, transient: 0.5 } },
  'router-filter-paused': { usual: 0.02, but: { 'router-filter': 0.96, transient: 0.4 } },
  'router-restarted': {
    usual: 0.03,
    but: {
      'nat-or-conntrack': 0.8,
      'unstable-link': 0.5,
      'ipv6-path': 0.2,
      'dns-answer': 0.2,
      'provider-fault': 0.12,
      'device-network-stack': 0.1,
      transient: 0.7,
    },
  },
  'link-stability': {
    usual: [0.91, 0.06, 0.03],
    but: {
      'unstable-link': [0.1, 0.5, 0.4],
      'provider-fault': [0.25, 0.35, 0.4],
      'network-driver': [0.4, 0.35, 0.25],
      'vpn-client': [0.65, 0.2, 0.15],
    },
  },
  'other-port-or-server': {
    usual: 0.4,
    but: {
      'isp-filter': 0.6,
      'organisation-filter': 0.55,
      // Past the balancer, or by another of its members.
      'load-balancer': 0.75,
      'server-overload': 0.55,
      'server-crash': 0.4,
      'container-port': 0.5,
      'wrong-protocol-on-port': 0.7,
      'server-certificate-binding': 0.6,
    },
  },
  'reset-faster-than-path': {
    usual: 0.3,
    site: 0.03,
    but: { 'isp-filter': 0.8, 'router-filter': 0.9, 'security-software': 0.9, 'organisation-filter': 0.8, 'proxy-configuration': 0.7 },
  },
  'reset-origin': {
    usual: [0.3, 0.1, 0.4, 0.2],
    site: [0.72, 0.26, 0.01, 0.01],
    but: {
      'server-block': [0.35, 0.62, 0.02, 0.01],
      'load-balancer': [0.15, 0.83, 0.01, 0.01],
      'isp-filter': [0.15, 0.05, 0.78, 0.02],
      'router-filter': [0.1, 0.02, 0.8, 0.08],
      'organisation-filter': [0.1, 0.08, 0.8, 0.02],
      'security-software': [0.05, 0.02, 0.05, 0.88],
      'network-driver': [0.1, 0.02, 0.05, 0.83],
      'vpn-client': [0.15, 0.1, 0.35, 0.4],
      'oversized-headers': [0.55, 0.43, 0.01, 0.01],
    },
  },
};

/**
 * Facts that are much the same fact. Within a group the most telling counts in full and each further
 * one only by `GROUP_SHARES`.
 */
export const GROUPS: readonly (readonly ObservationId[])[] = [
  ['retry', 'frequency'],
  ['incognito', 'extensions-disabled', 'extension-bypass'],
  ['other-browser', 'other-engine-only', 'other-client'],
  ['security-software', 'security-software-paused', 'tls-intercepted'],
  ['scope', 'general-connectivity', 'site-root'],
  ['vpn-active', 'vpn-toggled'],
  ['tls-with-name', 'phase', 'time-to-failure', 'response-size', 'large-answer'],
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
/** The same for facts that the browser itself keeps and tells. */
const EXACT_NOISE = 0.001;
const EXACT: ReadonlySet<ObservationId> = new Set<ObservationId>(['proxy-configured']);

/** Probability from which the first cause is called the cause. */
export const CAUSE_THRESHOLD = 0.65;
/** From this probability on a cause is named although the experiment that is made for it waits for the person's word. */
export const SURE_WITHOUT_EXPERIMENT = 0.85;

/** Causes that are one thing at different places, though different people mend them: a filter on the way by name; whoever opens TLS. */
export const KIN: readonly (readonly CauseId[])[] = [
  ['isp-filter', 'organisation-filter', 'router-filter'],
  ['security-software', 'organisation-filter'],
];

/**
 * Probability that the first cause and all causes of its owner, or of its kin, must have together for the first to be called
 * the cause below `CAUSE_THRESHOLD`. Together they are surer than a single cause has to be.
 */
export const KIN_THRESHOLDS = { first: 0.35, together: 0.72 } as const;

/**
 * From this share of the first cause's probability on another is its rival. A kind is named because what is left is scattered;
 * while one rival holds it, a single step may settle whose the fault is.
 */
export const RIVAL_SHARE = 0.33;

const asChances = (row: number | Chances, valueCount: number): Chances =>
  typeof row === 'number' ? (valueCount === 2 ? [row, 1 - row] : [row]) : row;

const build = () => {
  const all = new Map<ObservationId, Map<CauseId, Chances>>();
  for (const [id, table] of Object.entries(TABLES) as [ObservationId, Table][]) {
    const values: readonly string[] = OBSERVATIONS[id].values;
    const noise = EXACT.has(id) ? EXACT_NOISE : NOISE;
    const rows = new Map<CauseId, Chances>();
    for (const cause of CAUSE_IDS) {
      const isSite = CAUSES[cause].owner === 'site';
      const row = table.but?.[cause] ?? (isSite ? table.site : undefined) ?? table.usual;
      rows.set(
        cause,
        asChances(row, values.length).map((chance) => (1 - noise) * chance + noise / values.length),
      );
    }
    all.set(id, rows);
  }
  return all;
};

const LIKELIHOODS = build();

/** Observations that judgement weighs. `host-kind` and `visitor-role` work through the priors. */
export const WEIGHED = [...LIKELIHOODS.keys()];

/** P(value | cause), or undefined for an observation or value that carries no weight. */
export const chanceOf = (observation: ObservationId, value: string, cause: CauseId): number | undefined => {
  const index = (OBSERVATIONS[observation].values as readonly string[]).indexOf(value);
  return index < 0 ? undefined : LIKELIHOODS.get(observation)?.get(cause)?.[index];
};
