import type { Browser, Events } from 'webextension-polyfill';

/** The side panel of Chromium (Firefox has a sidebar instead), as far as it is used. https://developer.chrome.com/docs/extensions/reference/api/sidePanel */
export interface SidePanelApi {
  open(options: { tabId: number } | { windowId: number }): Promise<void>;
  setOptions(options: { tabId?: number; path?: string; enabled?: boolean }): Promise<void>;
}

/** One rule on headers of our own requests. https://developer.chrome.com/docs/extensions/reference/api/declarativeNetRequest */
export interface HeaderRule {
  id: number;
  priority?: number;
  condition: {
    initiatorDomains?: string[];
    requestDomains?: string[];
    urlFilter?: string;
    resourceTypes?: string[];
    tabIds?: number[];
  };
  action: {
    type: 'modifyHeaders';
    requestHeaders?: { header: string; operation: 'set' | 'remove'; value?: string }[];
  };
}

/** Session rules of `declarativeNetRequest`, as far as they are used; they vanish with the browser session. */
export interface HeaderRulesApi {
  updateSessionRules(change: { addRules?: HeaderRule[]; removeRuleIds?: number[] }): Promise<void>;
  getSessionRules(): Promise<HeaderRule[]>;
}

/** Chromium's report of a proxy script that threw; the types in use know Firefox's only. */
export interface ProxyErrorDetails {
  details?: string;
  error?: string;
  fatal?: boolean;
  message?: string;
}

/**
 * The browser as this extension uses it, promises everywhere. Optional members depend on the browser
 * or on a permission that may not have been granted; look before use.
 */
export interface BrowserApi
  extends Pick<
    Browser,
    'action' | 'alarms' | 'extension' | 'i18n' | 'permissions' | 'runtime' | 'storage' | 'tabs' | 'webNavigation' | 'windows'
  > {
  webRequest: Browser['webRequest'];
  proxy: Browser['proxy'] & { onProxyError?: Events.Event<(details: ProxyErrorDetails) => void> };
  /** Firefox only. */
  dns?: Browser['dns'];
  /** With the permission `management`. */
  management?: Browser['management'];
  /** With the permission `cookies`. */
  cookies?: Browser['cookies'];
  /** With the permission `browsingData`. */
  browsingData?: Browser['browsingData'];
  /** With the permission `declarativeNetRequestWithHostAccess`. */
  declarativeNetRequest?: HeaderRulesApi;
  /** Chromium only. */
  sidePanel?: SidePanelApi;
  /** Firefox only. */
  sidebarAction?: Browser['sidebarAction'];
}

/**
 * The browser. Promises come natively in both: Firefox's `browser`, Chromium's `browser` where it has
 * one and its `chrome`, which gives promises to every Manifest V3 extension. Undefined outside an
 * extension, so pure code and its tests get it handed in.
 */
const { browser, chrome } = globalThis as { browser?: BrowserApi; chrome?: BrowserApi };
export const api = (browser ?? chrome) as BrowserApi;
