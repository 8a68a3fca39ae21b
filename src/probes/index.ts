import type { ProbeId } from '../model/measurement';
import { answerSize } from './answer-size';
import { bareAddress } from './bare-address';
import { browserDns } from './browser-dns';
import type { Probe } from './context';
import { controls } from './controls';
import { cookies } from './cookies';
import { deviceState } from './device-state';
import { directConnection } from './direct-connection';
import { extensionsOff } from './extensions-off';
import { independentDns } from './independent-dns';
import { installedExtensions } from './installed-extensions';
import { lastLook } from './last-look';
import { namedGreeting } from './named-greeting';
import { otherAgent } from './other-agent';
import { otherScheme } from './other-scheme';
import { ownRequest } from './own-request';
import { proxySettings } from './proxy-settings';
import { repetition } from './repetition';
import { siblingHost } from './sibling-host';
import { siteRoot } from './site-root';
import { socketHandshake } from './socket-handshake';
import { startAddress } from './start-address';
import { tabReplay } from './tab-replay';

/** A probe whatever its measurement, as the runner takes it: `run` brings the measurement of `id`. */
export type AnyProbe = { [Id in ProbeId]: Probe<Id> }[ProbeId];

/** All probes, in the order in which they are started. */
export const PROBES: readonly AnyProbe[] = [
  deviceState,
  ownRequest,
  tabReplay,
  controls,
  installedExtensions,
  siteRoot,
  startAddress,
  otherScheme,
  siblingHost,
  independentDns,
  browserDns,
  proxySettings,
  namedGreeting,
  socketHandshake,
  cookies,
  answerSize,
  bareAddress,
  otherAgent,
  repetition,
  directConnection,
  extensionsOff,
  lastLook,
];

export type { Probe, ProbeContext } from './context';
