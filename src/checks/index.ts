import type { Check } from '../model/check';
import ableExtension from './able-extension';
import blockPage from './block-page';
import brokenConnection from './broken-connection';
import brokenHttps from './broken-https';
import brokenIpv6 from './broken-ipv6';
import brokenProxy from './broken-proxy';
import browserOnlyFault from './browser-only-fault';
import cutAnswers from './cut-answers';
import deadProxy from './dead-proxy';
import deviceOnlyFault from './device-only-fault';
import extensionHeldProxy from './extension-held-proxy';
import extensionThatBreaksIt from './extension-that-breaks-it';
import failingFromEverywhere from './failing-from-everywhere';
import failingServer from './failing-server';
import failingSiblingHosts from './failing-sibling-hosts';
import filteredName from './filtered-name';
import forgedAddress from './forged-address';
import lostLargePackets from './lost-large-packets';
import modernGreeting from './modern-greeting';
import offlineDevice from './offline-device';
import organisationGateway from './organisation-gateway';
import outdatedBrowser from './outdated-browser';
import oversizedCookies from './oversized-cookies';
import passingFault from './passing-fault';
import policyProxy from './policy-proxy';
import providerOrLine from './provider-or-line';
import proxyInBetween from './proxy-in-between';
import requestChangedByExtension from './request-changed-by-extension';
import routerFault from './router-fault';
import securityProgramInBetween from './security-program-in-between';
import securitySoftware from './security-software';
import serverLogEntry from './server-log-entry';
import signInPage from './sign-in-page';
import staleAddress from './stale-address';
import staleCopy from './stale-copy';
import unsteadyFault from './unsteady-fault';
import unwantedBrowserName from './unwanted-browser-name';
import vpnExtension from './vpn-extension';
import vpnTunnel from './vpn-tunnel';
import wrongPortProtocol from './wrong-port-protocol';

/** Every check, in the order in which people read them: from the browser outwards. */
export const CHECKS: readonly Check[] = [
  requestChangedByExtension,
  ableExtension,
  extensionHeldProxy,
  extensionThatBreaksIt,
  browserOnlyFault,
  proxyInBetween,
  brokenProxy,
  deadProxy,
  vpnTunnel,
  vpnExtension,
  oversizedCookies,
  staleCopy,
  staleAddress,
  forgedAddress,
  securityProgramInBetween,
  securitySoftware,
  deviceOnlyFault,
  offlineDevice,
  brokenConnection,
  signInPage,
  brokenIpv6,
  filteredName,
  blockPage,
  passingFault,
  unsteadyFault,
  lostLargePackets,
  routerFault,
  providerOrLine,
  policyProxy,
  organisationGateway,
  brokenHttps,
  wrongPortProtocol,
  failingServer,
  failingSiblingHosts,
  unwantedBrowserName,
  cutAnswers,
  failingFromEverywhere,
  serverLogEntry,
  outdatedBrowser,
  modernGreeting,
];
