import { readFileSync } from 'node:fs';
import type { Step } from '../../src/model/step';
import type { CauseId } from '../../src/model/vocabulary';

/** One row of the guide, in its order. */
export interface GuideRow {
  row: string;
  minutes: number;
  reaches: readonly CauseId[];
}

const DATA = JSON.parse(readFileSync(new URL('steps.json', import.meta.url), 'utf8')) as {
  guide: readonly GuideRow[];
  costs: Readonly<Record<string, number>>;
};

/** The guide's fixed order: its rows, their minutes, and the causes that each reaches. */
export const GUIDE = DATA.guide;

const minutesOf = (what: string): number => {
  const minutes = DATA.costs[what] ?? DATA.guide.find(({ row }) => row === what)?.minutes;
  if (minutes === undefined) throw new Error(`steps.json has neither a cost nor a row "${what}"`);
  return minutes;
};

const PROBE = 'automatic probe or anything the browser finds by itself';
const MEMORY = 'question answered from memory';
const LOOK = 'question that needs a look at this device';
const OTHER_BROWSER = 'private window, other browser';
const SWITCHING = 'switching VPN, proxy or security software and back';
const OTHER_DEVICE = 'another device on the same network';
const OTHER_NETWORK = 'another network (hotspot)';
const ROUTER = 'restarting the router';
const OUTSIDE = 'outside measurement';
const SERVER = "looking at a server's log or configuration";
const CAPTURE = 'capture or NetLog recorded and read';
const CONTACT = 'contacting a provider, an organisation or a site';

/**
 * What each step of the product costs, by the name of a cost or of a row of the guide in steps.json. A step that is the whole
 * work of a row costs that row, even where a cheaper name would fit, so that the product gets nothing cheaper than the guide.
 */
const PRICES: Readonly<Record<string, string>> = {
  'ask-visitor-role': MEMORY,
  'ask-network-owner': MEMORY,
  'ask-started-after': MEMORY,
  'ask-scope': MEMORY,
  'ask-general-connectivity': MEMORY,
  'ask-frequency': MEMORY,
  'ask-retry': MEMORY,
  'ask-time-to-failure': MEMORY,
  'ask-request-size': MEMORY,
  'ask-response-size': MEMORY,
  'ask-url-or-header-size': LOOK,
  'ask-vpn-active': MEMORY,
  'ask-vpn-toggled': SWITCHING,
  'ask-proxy-configured': LOOK,
  'ask-direct-connection': SWITCHING,
  'ask-security-software': MEMORY,
  'ask-security-software-paused': SWITCHING,
  'ask-tls-intercepted': LOOK,
  'ask-incognito': OTHER_BROWSER,
  'ask-extensions-disabled': 'Disable Browser Extensions',
  'ask-other-browser': OTHER_BROWSER,
  'ask-other-engine-only': OTHER_BROWSER,
  'ask-other-client': OTHER_BROWSER,
  'ask-other-device-same-network': OTHER_DEVICE,
  'ask-other-network': OTHER_NETWORK,
  'ask-outside-vantage': OUTSIDE,
  'ask-outside-same-provider': OTHER_DEVICE,
  'ask-outside-same-country': OTHER_DEVICE,
  'ask-other-port-or-server': LOOK,
  'ask-small-clienthello': SWITCHING,
  'ask-http-version': SWITCHING,
  'ask-router-filter-paused': ROUTER,
  'ask-router-restarted': ROUTER,
  'ask-link-stability': LOOK,
  'ask-clock': LOOK,
  'ask-runs-in-container': MEMORY,
  'ask-loopback-names': LOOK,
  'ask-server-log': SERVER,
  'ask-reset-origin': CAPTURE,
  'ask-reset-faster-than-path': CAPTURE,
  'open-private-window': OTHER_BROWSER,
  'try-other-browser': OTHER_BROWSER,
  'disable-extensions': 'Disable Browser Extensions',
  'clear-site-data': 'Clear Browser Cache/Cookies',
  'restart-browser': OTHER_BROWSER,
  'switch-proxy-off': SWITCHING,
  'toggle-vpn': SWITCHING,
  'change-dns': 'Check DNS Settings (Public DNS)',
  'flush-dns': LOOK,
  'pause-security-software': SWITCHING,
  'check-connection': 'Check Internet Connection',
  'sign-in-to-network': 'Check Internet Connection',
  'restart-router': ROUTER,
  'try-other-device': OTHER_DEVICE,
  'try-other-network': OTHER_NETWORK,
  'pause-router-filter': ROUTER,
  'reset-network-settings': 'Reset Network Settings',
  'update-network-driver': 'Update Network Drivers',
  'switch-ipv6-off': 'Reset Network Settings',
  'lower-mtu': 'Reset Network Settings',
  'trace-path': 'Use Traceroute/MTR',
  'contact-provider': CONTACT,
  'contact-organisation': CONTACT,
  'contact-site': CONTACT,
  'wait-and-retry': LOOK,
  'use-right-scheme': LOOK,
  'read-server-log': SERVER,
  'check-server-firewall': 'Verify Server Firewall',
  'watch-server-resources': 'Monitor Server Resources',
  'check-server-configuration': 'Review Web Server Config',
  'check-application': 'Investigate Application Issues',
  'check-load-balancer': 'Check Load Balancers/Reverse Proxies',
  'check-api-gateway': 'API gateway: limits, timeouts, logs',
  'check-container-port': SERVER,
  'check-dev-server': SERVER,
  'try-small-clienthello': SWITCHING,
  'switch-quic-off': SWITCHING,
  'set-clock': LOOK,
  'measure-from-outside': OUTSIDE,
};

/** Minutes of one automatic probe. */
export const PROBE_MINUTES = minutesOf(PROBE);

/** Minutes that a step costs somebody who sees at once that it is not for them. */
export const UNABLE_MINUTES = minutesOf(MEMORY);

/** Minutes that a step costs, by steps.json alone. A consent costs a word of the person and the probe that it lets run. */
export const minutesFor = (step: Pick<Step, 'id' | 'kind'>): number => {
  if (step.kind === 'consent') return minutesOf(MEMORY) + PROBE_MINUTES;
  const price = PRICES[step.id];
  if (price === undefined) throw new Error(`test/evaluate/costs.ts has no price for the step "${step.id}"`);
  return minutesOf(price);
};
