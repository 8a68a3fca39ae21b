import type { CauseId, Owner } from '../../model/vocabulary';

/** What surrounds an incident before anything is tested. */
export type Place = 'public' | 'private-network' | 'loopback';

/** How common each cause is among resets that people look into, by where the host is; relative, made to sum to one when used. */
export const PRIORS: Readonly<Record<CauseId, Readonly<Record<Place, number>>>> = {
  'browser-extension': { public: 4.5, 'private-network': 3, loopback: 3 },
  'browser-site-data': { public: 4, 'private-network': 3, loopback: 3 },
  'oversized-headers': { public: 2.5, 'private-network': 3, loopback: 4 },
  'proxy-configuration': { public: 5, 'private-network': 5, loopback: 2 },
  'vpn-client': { public: 5, 'private-network': 6, loopback: 0.5 },
  'security-software': { public: 12, 'private-network': 6, loopback: 4 },
  'network-driver': { public: 1.2, 'private-network': 1.2, loopback: 0.3 },
  'router-filter': { public: 2.8, 'private-network': 0.3, loopback: 0.01 },
  'nat-or-conntrack': { public: 4.5, 'private-network': 2, loopback: 0.5 },
  'path-mtu': { public: 3.5, 'private-network': 4, loopback: 0.05 },
  'ipv6-path': { public: 3, 'private-network': 1, loopback: 0.3 },
  'captive-portal': { public: 2, 'private-network': 0.5, loopback: 0.01 },
  'dns-answer': { public: 3, 'private-network': 2, loopback: 0.3 },
  'provider-fault': { public: 3, 'private-network': 0.2, loopback: 0.01 },
  'device-network-stack': { public: 1.1, 'private-network': 1, loopback: 0.5 },
  'unstable-link': { public: 4.5, 'private-network': 3, loopback: 0.02 },
  'organisation-filter': { public: 4.5, 'private-network': 6, loopback: 0.1 },
  'isp-filter': { public: 9.2, 'private-network': 0.3, loopback: 0.01 },
  'tls-clienthello': { public: 2.6, 'private-network': 1.8, loopback: 0.3 },
  'tls-version-or-cipher': { public: 1.1, 'private-network': 2.5, loopback: 1.5 },
  'server-certificate-binding': { public: 1.3, 'private-network': 4, loopback: 10 },
  'wrong-protocol-on-port': { public: 1.5, 'private-network': 5, loopback: 6 },
  'http2-or-quic': { public: 2.2, 'private-network': 1.5, loopback: 1 },
  'upload-limit': { public: 2, 'private-network': 4, loopback: 7 },
  'unread-body': { public: 0.8, 'private-network': 2, loopback: 4 },
  'server-timeout': { public: 2, 'private-network': 3, loopback: 4 },
  'load-balancer': { public: 3.5, 'private-network': 5, loopback: 2 },
  'keep-alive-race': { public: 1.5, 'private-network': 3, loopback: 4 },
  'server-overload': { public: 4.5, 'private-network': 5, loopback: 3 },
  'server-block': { public: 5, 'private-network': 5, loopback: 1 },
  'server-crash': { public: 7, 'private-network': 11, loopback: 14 },
  'container-port': { public: 0.2, 'private-network': 5, loopback: 10 },
  'dev-server': { public: 0.1, 'private-network': 6, loopback: 10 },
  transient: { public: 7, 'private-network': 4, loopback: 2 },
};

/** What knowing the person's role does to the chance of a cause, by who could mend it; `unknown` is the mixture that opens the extension. */
export const ROLE_FACTORS: Readonly<Record<'visitor' | 'site-developer-or-owner' | 'api-consumer', Readonly<Record<Owner, number>>>> = {
  visitor: { browser: 1.15, device: 1.15, 'local-network': 1.15, path: 1.15, site: 0.7 },
  'site-developer-or-owner': { browser: 0.5, device: 0.4, 'local-network': 0.4, path: 0.65, site: 2.5 },
  'api-consumer': { browser: 0.2, device: 0.6, 'local-network': 0.9, path: 0.9, site: 1.8 },
};

/**
 * Causes for which the role says something else than for their owner's others: they stand instead of `ROLE_FACTORS`. Visitors have
 * no containers and development servers, browsers hide the keep-alive race by sending again, and those whom a site refuses are its
 * visitors; whoever runs a site meets header limits, connection tracking of containers and clouds, and the firewalls of offices; code
 * that calls an API has no extensions, cookies or cache of a browser, but pools of kept connections, tokens in headers, and limits by
 * rate.
 */
export const ROLE_CAUSE_FACTORS: Readonly<Record<keyof typeof ROLE_FACTORS, Readonly<Partial<Record<CauseId, number>>>>> = {
  visitor: { 'container-port': 0.1, 'dev-server': 0.1, 'keep-alive-race': 0.4, 'unread-body': 0.5, 'server-block': 0.95 },
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
