import type { ConsentId } from '../model/consent';
import type { Environment } from '../model/environment';
import type { Exchange, ExchangeRequest } from '../model/exchange';
import type { Incident } from '../model/incident';
import type { DnsAnswer, ExtensionFacts, Measurements, ProbeId, ProxyFacts, TabAttempt } from '../model/measurement';
import type { Settings } from '../model/settings';

/** Doors to the outside world, handed to probes by the worker. Each promise settles before `signal` aborts, or right after. */
export interface ProbeContext {
  incident: Incident;
  environment: Environment;
  settings: Settings;
  /** Measurements that are already there. */
  measurements: Partial<Measurements>;
  /** Consents the person has given in this session. */
  consents: ReadonlySet<ConsentId>;
  /** Whether requests to the failing host show their error names. */
  hasHostAccess: boolean;
  /** Aborts at the probe's deadline or when the person stops. */
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Sends a request of our own and learns its real error; never throws. */
  request(request: ExchangeRequest): Promise<Exchange>;
  /** Firefox: asks for a page by the handshake of a WebSocket, without cookies; what opens is closed at once. Never throws. */
  handshake?(request: { url: string; timeoutMs: number }): Promise<Exchange>;
  /** Whether `cookies: 'strip'`, `isFreshConnection` and `headers` work in this session. */
  canSetOwnHeaders: boolean;
  /** Requests to the failing site that may still be sent in this run; absent: not counted. */
  budgetLeft?(): number;
  /** The failing tab keeps its cookies apart from ours (a container): our requests carry none, and no tab of ours stands for it. */
  isOtherJar?: boolean;
  /** What the device says of its connection. */
  device(): { isOnline: boolean; connectionType?: string };
  tab: TabDoor;
  proxy: ProxyDoor;
  dns: DnsDoor;
  extensions: ExtensionsDoor;
}

export interface TabDoor {
  /**
   * Navigates an inactive tab of our own to `url` and closes it, within `timeoutMs`. Journaled. With `part` what became of that part
   * of the page is told: its address, and where its request began if it was redirected.
   */
  replay(options: { url: string; part?: readonly string[]; isPastCache: boolean; timeoutMs: number }): Promise<TabAttempt>;
}
export interface ProxyDoor {
  read(): Promise<ProxyFacts>;
  /**
   * Runs `use` while requests to `host` go direct and gives the setting back, journaled.
   * `isInEffect` false: another holds the setting and nothing changed (`use` was not run).
   */
  whileDirect<T>(host: string, use: () => Promise<T>): Promise<{ isInEffect: false; heldBy: string } | { isInEffect: true; value: T }>;
  /** Runs `use` while plain http requests to `host` go to `host:port` over TLS, as to a proxy, and gives the setting back, journaled. */
  whileRelayed?<T>(
    target: { host: string; port: number },
    use: () => Promise<T>,
  ): Promise<{ isInEffect: false; heldBy: string } | { isInEffect: true; value: T }>;
}
export interface DnsDoor {
  /** The browser's own answer; undefined where this browser has no way. In Chromium by a proxy script, journaled. */
  resolve?(host: string): Promise<DnsAnswer>;
}
export interface ExtensionsDoor {
  /** Other enabled or disabled extensions with their abilities as to `host`; undefined without the permission. */
  list(host: string): Promise<readonly ExtensionFacts[] | undefined>;
  /** Switches the given extensions off, runs `use`, switches them on again; journaled. Undefined in Firefox. */
  whileOff?<T>(ids: readonly string[], use: () => Promise<T>): Promise<T>;
}

/** One experiment or look that brings one measurement; id = file name. */
export interface Probe<Id extends ProbeId = ProbeId> {
  id: Id;
  /** Probes that must have settled before this one starts (their result may be missing). */
  after: readonly ProbeId[];
  /** Consents that must all be given; with none it starts by itself. May depend on the browser. */
  consents(context: Pick<ProbeContext, 'environment' | 'incident' | 'hasHostAccess'>): readonly ConsentId[];
  /** Runs alone, because it changes something for everybody. */
  isExclusive?: boolean;
  /** Time after which `signal` aborts, ms, at most 8,000. */
  deadlineMs: number;
  /** Why it has nothing to do here, or undefined. */
  skip?(context: ProbeContext): 'not-applicable' | 'cannot-in-this-browser' | 'offline' | undefined;
  run(context: ProbeContext): Promise<Measurements[Id]>;
}
