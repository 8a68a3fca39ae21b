/** A page under a test's hand: a tab, the popup, or a page of the extension. */
export interface Page {
  /** Evaluates an expression in the page; promises are awaited, the value must be JSON. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until the expression is truthy and answers its value; throws with `what` after `timeoutMs`. */
  waitFor<T>(expression: string, timeoutMs: number, what?: string): Promise<T>;
  /** Clicks the first element that matches, as a person's click (with user activation). False: there is none, or it is disabled. */
  click(selector: string): Promise<boolean>;
  /** Types into the focused element's field: sets the value as a person's typing would, with an input event. */
  fill(selector: string, value: string): Promise<boolean>;
  /** Presses a key by its DOM name, such as `Tab`, `Enter`, `Escape`. */
  press(key: string, modifiers?: { isShift?: boolean }): Promise<void>;
  /** A picture of the page as PNG. */
  screenshot(): Promise<Uint8Array>;
  /** Whether the page is still there; a popup closes by itself on many occasions. */
  isOpen(): boolean;
  close(): Promise<void>;
}

/** What became of a navigation. `unfinished`: neither within the time. */
export interface Navigation {
  outcome: 'loaded' | 'failed' | 'unfinished';
  /** As the browser's own tools say it; only for messages. */
  error?: string;
}

export interface Tab {
  page: Page;
  /** The browser's own id of it for this driver. */
  id: string;
  /** Navigates and waits until it failed or loaded. */
  goto(url: string, timeoutMs: number): Promise<Navigation>;
  /** Brings it to the front. */
  activate(): Promise<void>;
  /** Shows the page as on such a screen; `undefined` leaves that as it is. */
  emulate(screen: { colorScheme?: 'light' | 'dark'; widthPx?: number }): Promise<void>;
}

export interface LaunchOptions {
  /** Unpacked extension or what ships: a zip. */
  extension: string;
  isHeadless: boolean;
  /** Further arguments for the browser, as a person gives them. */
  browserArguments?: readonly string[];
  /** Firefox: preferences that the situation asks for, a proxy for example. */
  firefoxPreferences?: Readonly<Record<string, string | number | boolean>>;
  /** Other unpacked extensions; installed before Unreset, in this order. */
  otherExtensions?: readonly string[];
  /** HOME of the browser; default: the environment's. */
  home?: string;
  /** Profile to go on with; default: a fresh one that is removed afterwards. */
  profileDirectory?: string;
  /** Optional permissions that the person has granted. Default `none`. */
  permissions?: 'all' | 'none' | readonly string[];
  /** Whether the person lets Unreset see all sites. Default `all`. */
  hostAccess?: 'all' | 'withheld';
  /** Chromium: whether it may ask for updates by itself, as it must to install what an organisation prescribes. Default false. */
  isUpdating?: boolean;
  /** Whether the person allows private windows. Default false. */
  isPrivateAllowed?: boolean;
  /** Time for the browser to come up, ms. Default 40,000. */
  timeoutMs?: number;
}

export interface BrowserUnderTest {
  readonly name: 'chromium' | 'firefox';
  /** `chrome-extension://<id>/` or `moz-extension://<uuid>/`. */
  readonly extensionUrl: string;
  readonly profileDirectory: string;
  /** Where downloads land. */
  readonly downloadDirectory: string;
  /** When the icon was last clicked, ms since the epoch. */
  readonly clickedAtMs: number;
  /** `containerId`: Firefox, a container by its number, with a cookie jar of its own. */
  openTab(options?: { isPrivate?: boolean; containerId?: number }): Promise<Tab>;
  /** The real popup, as a click on the icon over this tab opens it. */
  openPopupFor(tab: Tab): Promise<Page>;
  /** A page of the extension in a tab of its own, such as `src/popup/index.html?url=…`. */
  openExtensionPage(path: string): Promise<Tab>;
  /** The extension's id for `tab`, as `tabs.query` knows it. */
  extensionTabId(tab: Tab): Promise<number>;
  /** Evaluates in the worker (Firefox: event page), waking it. */
  inBackground<T>(expression: string): Promise<T>;
  isBackgroundRunning(): Promise<boolean>;
  /** How often the worker (Firefox: event page) is started while this runs, whether or not it is running afterwards. */
  countBackgroundStarts(during: () => Promise<unknown>): Promise<number>;
  /** Stops the worker as the browser does when it is idle; returns when it is gone. */
  stopBackground(): Promise<void>;
  /** Takes the host access from Unreset, or gives it back. */
  setHostAccess(access: 'all' | 'withheld'): Promise<void>;
  /** Waits for a download that `start` sets off, and answers its file. */
  download(start: () => Promise<unknown>, timeoutMs: number): Promise<string>;
  /** Chromium: puts another unpacked extension in now, later than Unreset; it is gone at the next start. Answers its id. */
  installNow?(path: string): Promise<string>;
  /** A newer version of Unreset takes the place of this one, as the browser does it with an update; answers its number. */
  renew(): Promise<string>;
  /** Firefox: sets one proxy for all in the browser's settings, or takes that back. */
  setProxyByHand?(proxy: { host: string; port: number } | undefined): Promise<void>;
  /** Firefox: switches another extension as the person does on about:addons. */
  switchByHand?(name: string, isEnabled: boolean): Promise<void>;
  /** Chromium: removes another extension, as the person might on the extensions page. */
  removeByHand?(id: string): Promise<void>;
  /** Chromium: SIGKILL, then the same profile with the permissions of the launch given again, as nobody can press the prompt's button. */
  grantAndRelaunch?(): Promise<void>;
  /** SIGKILL, then the same profile again. */
  killAndRelaunch(): Promise<void>;
  /** Resolves when the browser is gone, by whoever's hand. */
  exited(): Promise<void>;
  close(): Promise<void>;
}

/** The browser did not come up. */
export class LaunchError extends Error {}
