import type { Tables } from '../table';

/** What the server says, or who runs it sees. */
export const SERVER_TABLES: Tables = {
  // Whoever answers another name and not ours goes by the name; most guards go by other things.
  'other-agent': {
    usual: 0.006,
    but: {
      'server-block': 0.3,
      'organisation-filter': 0.02,
      'server-crash': 0.01,
      'server-overload': 0.06,
      'load-balancer': 0.06,
      'unstable-link': 0.08,
      transient: 0.4,
    },
  },
  'refusal-status': {
    // Among the sites that refuse something at all while they reset a page.
    usual: [0.65, 0.01, 0.17, 0.17],
    but: {
      'server-block': [0.62, 0.27, 0.08, 0.03],
      'vpn-client': [0.75, 0.1, 0.08, 0.07],
      'organisation-filter': [0.8, 0.02, 0.12, 0.06],
      // Whoever counts requests says 429, and resets what comes all the same; whoever has no place left says 503 (RFC 6585, RFC 9110).
      'server-overload': [0.08, 0.01, 0.69, 0.22],
      'load-balancer': [0.09, 0.02, 0.39, 0.5],
      'server-crash': [0.16, 0.005, 0.305, 0.53],
      'server-timeout': [0.16, 0.005, 0.26, 0.575],
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
      // Whoever ends a slow worker logs an error, not only a limit.
      'server-timeout': [0.2, 0.2, 0.25, 0.35],
      'load-balancer': [0.3, 0.15, 0.25, 0.3],
      'server-overload': [0.35, 0.05, 0.2, 0.4],
      'server-block': [0.55, 0.1, 0.05, 0.3],
      'server-certificate-binding': [0.85, 0.03, 0.1, 0.02],
      'container-port': [0.93, 0.03, 0.03, 0.01],
      'keep-alive-race': [0.7, 0.27, 0.02, 0.01],
    },
  },
};
