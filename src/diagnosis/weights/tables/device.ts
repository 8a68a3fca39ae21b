import type { Tables } from '../table';

/** What belongs to the device: VPN, proxy, security software, clock, and what changed just before. */
export const DEVICE_TABLES: Tables = {
  // About 29 % use a VPN (PCMag, 2018); on at a given moment in about half of them.
  'vpn-active': {
    usual: 0.14,
    // Many sites refuse the addresses that VPNs come out at.
    but: { 'vpn-client': 0.98, 'path-mtu': 0.65, 'organisation-filter': 0.3, 'server-block': 0.22, 'network-driver': 0.2 },
  },
  'vpn-toggled': {
    usual: [0.03, 0.05, 0.92],
    but: {
      'vpn-client': [0.93, 0.01, 0.06],
      'path-mtu': [0.66, 0.03, 0.31],
      'organisation-filter': [0.3, 0.3, 0.4],
      'isp-filter': [0.01, 0.93, 0.06],
      'router-filter': [0.01, 0.9, 0.09],
      'server-block': [0.3, 0.5, 0.2],
      // A VPN brings resolvers of its own.
      'dns-answer': [0.08, 0.75, 0.17],
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
      // Past the proxy of a development server its backend answers.
      'dev-server': 0.2,
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
  clock: { usual: 0.98, but: { 'proxy-configuration': 0.93, 'tls-version-or-cipher': 0.95, 'vpn-client': 0.94 } },
  'started-after': {
    // What people remember to have changed just before is a hint at most; programs are installed and updated every week.
    usual: [0.05, 0.05, 0.09, 0.05, 0.07],
    site: [0.05, 0.03, 0.04, 0.36, 0.03],
    but: {
      'browser-extension': [0.1, 0.03, 0.45, 0.02, 0.03],
      'oversized-headers': [0.05, 0.02, 0.05, 0.25, 0.03],
      'proxy-configuration': [0.03, 0.05, 0.3, 0.02, 0.15],
      'vpn-client': [0.03, 0.06, 0.32, 0.03, 0.2],
      'security-software': [0.05, 0.14, 0.36, 0.02, 0.04],
      'network-driver': [0.02, 0.36, 0.22, 0.02, 0.1],
      'device-network-stack': [0.02, 0.3, 0.35, 0.02, 0.15],
      'captive-portal': [0.01, 0.01, 0.01, 0.01, 0.85],
      'ipv6-path': [0.03, 0.05, 0.03, 0.04, 0.4],
      'router-filter': [0.03, 0.03, 0.03, 0.02, 0.32],
      'dns-answer': [0.03, 0.03, 0.05, 0.1, 0.28],
      'organisation-filter': [0.06, 0.04, 0.09, 0.1, 0.28],
      'isp-filter': [0.06, 0.03, 0.03, 0.04, 0.16],
      // A new router, line or tunnel.
      'path-mtu': [0.02, 0.05, 0.12, 0.05, 0.3],
      'nat-or-conntrack': [0.02, 0.03, 0.05, 0.05, 0.22],
      'provider-fault': [0.02, 0.03, 0.03, 0.03, 0.18],
      'tls-clienthello': [0.42, 0.06, 0.17, 0.1, 0.06],
      'http2-or-quic': [0.33, 0.03, 0.03, 0.26, 0.03],
      // New versions of programs give up old versions of TLS.
      'tls-version-or-cipher': [0.25, 0.1, 0.12, 0.35, 0.02],
      'server-crash': [0.08, 0.03, 0.03, 0.4, 0.02],
    },
  },
};
