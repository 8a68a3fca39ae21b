import type { Area } from '../../model/check';
import type { Step } from '../../model/step';
import type { CauseId, ObservationId } from '../../model/vocabulary';

/** A question for a fact that no probe can get. Id: `ask-<observation>`. */
const question = (
  asks: ObservationId,
  area: Area,
  minutes: number,
  causes: readonly CauseId[],
  guideRows: readonly number[] = [],
): Step => ({
  id: `ask-${asks}`,
  kind: 'question',
  area,
  guideRows,
  causes,
  minutes,
  risk: 0,
  asks,
  instructions: [{ lines: [] }],
});

/** Minutes: answered from memory, by a look at this device, or after trying something. */
const FROM_MEMORY = 0.3;
const BY_A_LOOK = 1;

/** Every question, with "don't know" always allowed; it is given by leaving the answer out. */
export const QUESTIONS: readonly Step[] = [
  question('visitor-role', 'site', FROM_MEMORY, ['server-crash', 'dev-server', 'container-port']),
  question('network-owner', 'organisation', FROM_MEMORY, ['organisation-filter', 'captive-portal', 'router-filter'], [14]),
  question('started-after', 'security-software', FROM_MEMORY, ['security-software', 'tls-clienthello', 'vpn-client', 'network-driver']),
  question('scope', 'network', FROM_MEMORY, ['nat-or-conntrack', 'security-software', 'unstable-link'], [1]),
  question('general-connectivity', 'network', FROM_MEMORY, ['provider-fault', 'captive-portal', 'unstable-link'], [1]),
  question('frequency', 'network', FROM_MEMORY, ['unstable-link', 'server-overload', 'keep-alive-race', 'transient']),
  question('retry', 'network', FROM_MEMORY, ['transient', 'server-overload', 'load-balancer', 'unread-body']),
  question('time-to-failure', 'site', FROM_MEMORY, ['server-timeout', 'load-balancer', 'path-mtu']),
  question('request-size', 'site', FROM_MEMORY, ['upload-limit', 'unread-body', 'path-mtu']),
  question('response-size', 'network', FROM_MEMORY, ['path-mtu', 'nat-or-conntrack', 'server-timeout']),
  question('url-or-header-size', 'site-data', BY_A_LOOK, ['oversized-headers']),
  question('vpn-active', 'vpn', FROM_MEMORY, ['vpn-client', 'path-mtu'], [9]),
  question('vpn-toggled', 'vpn', 3, ['vpn-client', 'isp-filter', 'path-mtu'], [9]),
  question('proxy-configured', 'proxy', BY_A_LOOK, ['proxy-configuration'], [8]),
  question('direct-connection', 'proxy', 3, ['proxy-configuration'], [8]),
  question('security-software', 'security-software', FROM_MEMORY, ['security-software'], [5]),
  question('security-software-paused', 'security-software', 3, ['security-software'], [5]),
  question('tls-intercepted', 'security-software', BY_A_LOOK, ['security-software', 'organisation-filter'], [5]),
  {
    ...question('incognito', 'extensions', 2, ['browser-extension', 'browser-site-data', 'oversized-headers'], [7]),
    experiments: ['private-window'],
  },
  question('extensions-disabled', 'extensions', 8, ['browser-extension'], [4]),
  question('other-browser', 'extensions', 2, ['browser-extension', 'browser-site-data', 'tls-clienthello'], [7]),
  question('other-engine-only', 'site', 2, ['tls-clienthello', 'http2-or-quic'], [7]),
  question('other-client', 'network', 2, ['tls-clienthello', 'browser-extension', 'container-port']),
  question('other-device-same-network', 'network', 3, ['security-software', 'network-driver', 'device-network-stack'], [11]),
  question('other-network', 'network', 4, ['isp-filter', 'router-filter', 'organisation-filter'], [11]),
  question('outside-vantage', 'site', 0.5, ['server-crash', 'server-block', 'isp-filter'], [15]),
  question('outside-same-provider', 'network', 3, ['isp-filter', 'provider-fault'], [13]),
  question('outside-same-country', 'network', 3, ['isp-filter'], [13]),
  question('other-port-or-server', 'site', BY_A_LOOK, ['isp-filter', 'wrong-protocol-on-port']),
  question('small-clienthello', 'site', 3, ['tls-clienthello']),
  question('http-version', 'site', 3, ['http2-or-quic'], [19]),
  question('router-filter-paused', 'network', 6, ['router-filter'], [13]),
  question('router-restarted', 'network', 6, ['nat-or-conntrack', 'unstable-link'], [2]),
  question('link-stability', 'network', BY_A_LOOK, ['unstable-link', 'provider-fault', 'network-driver'], [15]),
  question('clock', 'security-software', BY_A_LOOK, ['proxy-configuration', 'tls-version-or-cipher']),
  question('runs-in-container', 'site', FROM_MEMORY, ['container-port', 'dev-server']),
  question('loopback-names', 'site', 1, ['container-port', 'dev-server']),
  question('server-log', 'site', 8, ['server-crash', 'upload-limit', 'server-timeout', 'load-balancer'], [16, 20, 21, 22]),
  question('reset-origin', 'network', 6, ['isp-filter', 'security-software', 'server-block'], [15]),
  question('reset-faster-than-path', 'network', 6, ['isp-filter', 'router-filter', 'security-software'], [15]),
];
