import type { Tables } from '../table';

/** What a change within the browser does, or another browser or program. */
export const BROWSER_TABLES: Tables = {
  incognito: {
    usual: 0.03,
    but: { 'browser-extension': 0.75, 'browser-site-data': 0.92, 'oversized-headers': 0.95, 'http2-or-quic': 0.08, transient: 0.4 },
  },
  'extensions-disabled': {
    usual: 0.012,
    but: { 'browser-extension': 0.95, 'browser-site-data': 0.015, 'oversized-headers': 0.04, transient: 0.35 },
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
  // Told only where the beginning answers our own request; then the way from there is what makes the difference.
  'redirected-by': {
    usual: [0.004, 0.004, 0.992],
    but: {
      'browser-extension': [0.5, 0.002, 0.498],
      'browser-site-data': [0.004, 0.15, 0.846],
      'wrong-protocol-on-port': [0.004, 0.15, 0.846],
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
  // Against a query as long that says nothing: what a query says does not come into it.
  'url-or-header-size': { usual: 0.012, but: { 'oversized-headers': 0.9, 'browser-extension': 0.1, 'server-block': 0.1 } },
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
      'tls-version-or-cipher': 0.4,
      'server-crash': 0.1,
      'server-overload': 0.15,
      'keep-alive-race': 0.2,
      // Whether the answer is read before the reset is a race, in any browser.
      'unread-body': 0.18,
      'upload-limit': 0.08,
      // Walls go by the browser's name and habits; each browser keeps for itself that a site wants https.
      'server-block': 0.12,
      'wrong-protocol-on-port': 0.12,
      'server-certificate-binding': 0.06,
      'dev-server': 0.1,
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
      'unread-body': [0.06, 0.05],
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
      // Many VPNs carry chosen programs only.
      'vpn-client': 0.15,
      'tls-clienthello': 0.68,
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
};
