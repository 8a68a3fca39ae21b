import type { Cookie } from '../../experiments/cookie-jar';

/**
 * The few parts of the WebExtension API that the doors and the requester use, as both browsers
 * really offer them. The composition root hands in the browser object of `platform`; types only.
 */

/** An event source; extra arguments are filters. */
export interface EventSource<Listener> {
  addListener(listener: Listener, ...extra: readonly unknown[]): void;
  removeListener(listener: Listener): void;
}

export interface HeaderField {
  name: string;
  value?: string;
  binaryValue?: unknown;
}

/** Details of any webRequest event; which fields are there depends on event and browser. */
export interface RequestDetails {
  requestId: string;
  url: string;
  method: string;
  tabId: number;
  frameId?: number;
  type: string;
  timeStamp: number;
  /** Chromium: origin that started the request. */
  initiator?: string;
  /** Firefox: URL of the document that started the request. */
  originUrl?: string;
  fromCache?: boolean;
  ip?: string | null;
  statusCode?: number;
  /** First line of the answer; Firefox tells the real protocol there, Chromium always HTTP/1.1. */
  statusLine?: string;
  error?: string;
  redirectUrl?: string;
  requestHeaders?: HeaderField[];
  responseHeaders?: HeaderField[];
  /** Firefox: the proxy taken, or null. */
  proxyInfo?: { type: string; host?: string; port?: string | number } | null;
}
export type RequestListener = (details: RequestDetails) => unknown;

export interface NavigationDetails {
  tabId: number;
  frameId: number;
  url: string;
  timeStamp: number;
  error?: string;
}

export interface Certificate {
  subject: string;
  issuer: string;
  isBuiltInRoot?: boolean;
}

export interface Tab {
  id?: number;
  index: number;
  windowId?: number;
  url?: string;
  pendingUrl?: string;
  incognito?: boolean;
  cookieStoreId?: string;
  openerTabId?: number;
  active?: boolean;
}

export interface SettingDetails {
  value: unknown;
  levelOfControl: string;
}

export interface ManagedExtension {
  id: string;
  name: string;
  version: string;
  type: string;
  enabled: boolean;
  mayDisable: boolean;
  installType?: string;
  permissions?: readonly string[];
  hostPermissions?: readonly string[];
  icons?: readonly { size: number; url: string }[];
  homepageUrl?: string;
}

export interface StorageArea {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
}

/** A declarativeNetRequest session rule as far as we write one. */
export interface SessionRule {
  id: number;
  priority: number;
  action: {
    type: 'modifyHeaders';
    requestHeaders: readonly ({ header: string; operation: 'set'; value: string } | { header: string; operation: 'remove' })[];
    responseHeaders?: readonly { header: string; operation: 'remove' }[];
  };
  condition: { initiatorDomains: readonly string[]; urlFilter: string; resourceTypes: readonly ['xmlhttprequest'] };
}

export interface BrowserApi {
  runtime: {
    id: string;
    getURL(path: string): string;
    getPlatformInfo(): Promise<unknown>;
    onStartup: EventSource<() => void>;
    onInstalled: EventSource<(details?: { reason: string }) => void>;
  };
  webRequest: {
    onBeforeRequest: EventSource<RequestListener>;
    onBeforeSendHeaders: EventSource<RequestListener>;
    onSendHeaders: EventSource<RequestListener>;
    onHeadersReceived: EventSource<RequestListener>;
    onBeforeRedirect: EventSource<RequestListener>;
    onResponseStarted: EventSource<RequestListener>;
    onCompleted: EventSource<RequestListener>;
    onErrorOccurred: EventSource<RequestListener>;
    getSecurityInfo?(
      requestId: string,
      options: { certificateChain: boolean },
    ): Promise<{ state: string; protocolVersion?: string; certificates?: readonly Certificate[] }>;
  };
  webNavigation: {
    onBeforeNavigate: EventSource<(details: NavigationDetails) => void>;
    onCommitted: EventSource<(details: NavigationDetails) => void>;
    onCompleted: EventSource<(details: NavigationDetails) => void>;
    onErrorOccurred: EventSource<(details: NavigationDetails) => void>;
  };
  tabs: {
    create(properties: { active: boolean; url: string; index?: number; windowId?: number; openerTabId?: number }): Promise<Tab>;
    update(tabId: number, properties: { url: string; muted?: boolean }): Promise<unknown>;
    reload(tabId: number, properties: { bypassCache: boolean }): Promise<unknown>;
    remove(tabId: number): Promise<void>;
    get(tabId: number): Promise<Tab>;
    query(query: { url?: string }): Promise<readonly Tab[]>;
    onRemoved: EventSource<(tabId: number) => void>;
  };
  windows: {
    getAll(query: { windowTypes: string[] }): Promise<readonly { id?: number; incognito: boolean; focused: boolean }[]>;
    /** Chromium answers nothing where it may not look into private windows. */
    create(properties: {
      url: string;
      incognito: boolean;
      focused?: boolean;
    }): Promise<{ id?: number; incognito?: boolean; tabs?: readonly Tab[] } | null | undefined>;
    remove(windowId: number): Promise<void>;
  };
  extension: { isAllowedIncognitoAccess(): Promise<boolean> };
  permissions: {
    contains(wanted: { permissions?: string[]; origins?: string[] }): Promise<boolean>;
    onAdded: EventSource<() => void>;
  };
  storage: { local: StorageArea; session?: StorageArea };
  alarms: {
    create(name: string, info: { when?: number }): unknown;
    onAlarm: EventSource<(alarm: { name: string }) => void>;
  };
  proxy: {
    settings: {
      get(details: Record<never, never>): Promise<SettingDetails>;
      set(details: { value: unknown }): Promise<unknown>;
      clear(details: Record<never, never>): Promise<unknown>;
    };
    /** Chromium. */
    onProxyError?: EventSource<(details: { error: string; details?: string; fatal?: boolean }) => void>;
    /** Firefox. */
    onRequest?: EventSource<(details: RequestDetails) => unknown>;
  };
  /** Optional permission. */
  management?: {
    getAll(): Promise<readonly ManagedExtension[]>;
    get(id: string): Promise<ManagedExtension>;
    setEnabled?(id: string, enabled: boolean): Promise<void>;
    onEnabled?: EventSource<() => void>;
    onDisabled?: EventSource<() => void>;
    onInstalled?: EventSource<() => void>;
    onUninstalled?: EventSource<() => void>;
  };
  /** Optional permission, Chromium. */
  declarativeNetRequest?: {
    updateSessionRules(change: { addRules?: readonly SessionRule[]; removeRuleIds?: readonly number[] }): Promise<void>;
    getSessionRules(): Promise<readonly { id: number }[]>;
  };
  /** Optional permission. */
  cookies?: {
    getAll(filter: { url: string; partitionKey?: Record<never, never>; firstPartyDomain?: null }): Promise<readonly Cookie[]>;
    set(details: Omit<Partial<Cookie>, 'hostOnly' | 'session'> & { url: string }): Promise<Cookie | null>;
    remove(details: Partial<Pick<Cookie, 'name' | 'storeId' | 'partitionKey' | 'firstPartyDomain'>> & { url: string }): Promise<unknown>;
  };
  /** Optional permission. */
  browsingData?: {
    remove(
      options: { since: number; origins?: readonly string[]; hostnames?: readonly string[] },
      types: Readonly<Record<string, boolean>>,
    ): Promise<void>;
  };
  /** Firefox. */
  dns?: { resolve(host: string, flags?: readonly string[]): Promise<{ addresses: readonly string[] }> };
}
