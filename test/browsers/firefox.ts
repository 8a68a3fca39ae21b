import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pack } from '../start/build';
import { type BrowserUnderTest, LaunchError, type LaunchOptions, type Navigation, type Page, type Tab } from './driver';
import { FIREFOX_PREFERENCES } from './firefox-preferences';
import { Marionette } from './marionette';
import { BrowserProcess, findProgram, poll, removeDirectory, temporaryDirectory, within } from './processes';
import { renumber, unpack } from './unpack';

const EXTENSION_ID = 'unreset@unreset.example';
const ALL_HOSTS = ['<all_urls>'];

/**
 * Runs in each page's own process and evaluates there, in a sandbox with the page's own rights, so
 * that the page's CSP is no hindrance. Messages go by the browser element's message manager.
 */
const FRAME_SCRIPT = `
// The script comes with every order, because nothing tells whether this document has it already.
if (this.unresetListening !== true) addMessageListener('Unreset:Do', async ({ data }) => {
  const answer = (value) => sendAsyncMessage('Unreset:Done', { id: data.id, ...value });
  try {
    const sandbox = new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });
    const handle = data.hasGesture ? content.windowUtils.setHandlingUserInput(true) : undefined;
    let value;
    try {
      if (data.hasGesture) content.document.notifyUserGestureActivation();
      value = Cu.evalInSandbox(data.expression, sandbox);
    } finally {
      handle?.destruct();
    }
    value = await value;
    answer({ json: Cu.evalInSandbox('(value) => JSON.stringify(value)', sandbox)(value) ?? null });
  } catch (error) {
    answer({ error: String(error) });
  }
});
this.unresetListening = true;
`;

/** Helpers in the browser's chrome, defined anew for each script. */
const CHROME_PRELUDE = `
  const windows = () => [...Services.wm.getEnumerator('navigator:browser')];
  const browserFor = (key) => {
    for (const win of windows()) {
      if (key === 'popup') {
        const found = win.document.querySelector('.webextension-popup-browser');
        if (found) return found;
        continue;
      }
      for (const tab of win.gBrowser.tabs) if (tab.linkedBrowser.permanentKey.unresetKey === key) return tab.linkedBrowser;
    }
    return null;
  };
  const tabFor = (key) => {
    const browser = browserFor(key);
    return browser && browser.ownerDocument.defaultView.gBrowser.getTabForBrowser(browser);
  };
  const policy = () => WebExtensionPolicy.getByID('${EXTENSION_ID}');
`;

/** No script in the browser is awaited for longer, ms; most for much less. */
const LONGEST_SCRIPT_MS = 180_000;
/** Longest that a page takes to answer a question, ms. */
const ANSWER_MS = 10_000;

class FirefoxPage implements Page {
  constructor(
    private readonly firefox: Firefox,
    readonly key: string,
  ) {}

  private wasClosed = false;

  isOpen(): boolean {
    return !this.wasClosed && !this.firefox.marionette.isClosed;
  }

  async run<T>(expression: string, hasGesture: boolean, timeoutMs?: number): Promise<T> {
    const answer = await this.firefox.chrome<{ json?: string | null; error?: string; isGone?: boolean }>(
      `const [key, expression, hasGesture, script] = args;
       const browser = browserFor(key);
       if (!browser || !browser.messageManager) return { isGone: true };
       const manager = browser.messageManager;
       manager.loadFrameScript('data:,' + encodeURIComponent(script), false);
       const id = Math.random();
       return await new Promise((done) => {
         const finish = (value) => { manager.removeMessageListener('Unreset:Done', hear); win.clearInterval(timer); done(value); };
         const hear = ({ data }) => { if (data.id === id) finish(data); };
         const win = browser.ownerDocument.defaultView;
         const timer = win.setInterval(() => { if (browserFor(key)?.messageManager !== manager) finish({ isGone: true }); }, 50);
         manager.addMessageListener('Unreset:Done', hear);
         manager.sendAsyncMessage('Unreset:Do', { id, expression, hasGesture });
       });`,
      [this.key, expression, hasGesture, FRAME_SCRIPT],
      timeoutMs,
    );
    if (answer.isGone === true) {
      // A popup that was loading ahead moves to another browser element as it is shown.
      this.wasClosed = !(await this.firefox.chrome<boolean>('return browserFor(args[0]) !== null', [this.key]));
      throw new Error('the page is gone');
    }
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.json === null || answer.json === undefined ? (undefined as T) : (JSON.parse(answer.json) as T);
  }

  async evaluate<T>(expression: string): Promise<T> {
    try {
      return await this.run<T>(expression, false, ANSWER_MS);
    } catch (error) {
      // An answer that never comes belongs to a document that was replaced; asking changes nothing, so it is asked again.
      if (!/^(?:Error: )?script timeout/.test((error as Error).message) || !this.isOpen()) throw error;
      return this.run<T>(expression, false);
    }
  }

  waitFor<T>(expression: string, timeoutMs: number, what = expression): Promise<T> {
    return poll(
      async () => {
        if (!this.isOpen()) throw new Error(`the page closed while waiting for ${what}`);
        // An answer that never comes belongs to a document that was replaced.
        return within(this.evaluate<T>(expression), 3000, what).catch((error: Error) => {
          if (!this.isOpen()) throw error;
          return undefined;
        });
      },
      timeoutMs,
      what,
    );
  }

  click(selector: string): Promise<boolean> {
    return this.run(
      `(() => { const element = document.querySelector(${JSON.stringify(selector)}); if (!element || element.disabled) return false; element.scrollIntoView({ block: 'center' }); element.click(); return true; })()`,
      true,
    );
  }

  fill(selector: string, value: string): Promise<boolean> {
    return this.run(
      `(() => { const element = document.querySelector(${JSON.stringify(selector)}); if (!element) return false; element.focus(); element.value = ${JSON.stringify(value)}; element.dispatchEvent(new Event('input', { bubbles: true })); element.dispatchEvent(new Event('change', { bubbles: true })); return true; })()`,
      true,
    );
  }

  async press(key: string, modifiers: { isShift?: boolean } = {}): Promise<void> {
    await this.firefox.chrome(
      `const browser = browserFor(args[0]);
       const win = browser.ownerDocument.defaultView;
       browser.focus();
       const tip = Cc['@mozilla.org/text-input-processor;1'].createInstance(Ci.nsITextInputProcessor);
       tip.beginInputTransactionForTests(win);
       const KeyboardEvent = win.KeyboardEvent;
       const shift = new KeyboardEvent('', { key: 'Shift', code: 'ShiftLeft', keyCode: 16 });
       if (args[2]) tip.keydown(shift);
       const codes = { Tab: 9, Enter: 13, Escape: 27, ' ': 32, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 };
       const event = new KeyboardEvent('', { key: args[1], code: args[1] === ' ' ? 'Space' : args[1], keyCode: codes[args[1]] ?? 0 });
       tip.keydown(event);
       tip.keyup(event);
       if (args[2]) tip.keyup(shift);`,
      [this.key, key, modifiers.isShift === true],
    );
  }

  async screenshot(): Promise<Uint8Array> {
    const data = await this.firefox.chrome<string>(
      `const browser = browserFor(args[0]);
       const ratio = browser.ownerDocument.defaultView.devicePixelRatio;
       const bitmap = await browser.browsingContext.currentWindowGlobal.drawSnapshot(null, ratio, 'white');
       const canvas = browser.ownerDocument.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
       canvas.width = bitmap.width; canvas.height = bitmap.height;
       canvas.getContext('2d').drawImage(bitmap, 0, 0);
       return canvas.toDataURL('image/png').split(',')[1];`,
      [this.key],
    );
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    this.wasClosed = true;
    await this.firefox.chrome(
      `const browser = browserFor(args[0]);
       if (!browser) return;
       if (args[0] !== 'popup') { browser.ownerDocument.defaultView.gBrowser.removeTab(tabFor(args[0])); return; }
       browser.closest('panel').hidePopup();`,
      [this.key],
    );
  }
}

/** Firefox with Unreset in its profile, as a person's install is; driven by Marionette. */
export class Firefox implements BrowserUnderTest {
  readonly name = 'firefox';
  clickedAtMs = 0;
  readonly profileDirectory: string;
  readonly downloadDirectory: string;
  private readonly uuid: string;
  private readonly program: string;
  private process: BrowserProcess | undefined;
  private connection: Marionette | undefined;
  private readonly folders: string[] = [];
  private nextKey = 1;
  /** The next version, once one was asked for. */
  private unpacked: string | undefined;

  private constructor(private readonly options: LaunchOptions) {
    const program = findProgram(['firefox-esr', 'firefox'], 'UNRESET_FIREFOX');
    if (program === undefined) throw new LaunchError('Firefox is not installed; install the package firefox-esr.');
    this.program = program;
    this.profileDirectory = options.profileDirectory ?? this.folder('firefox');
    this.downloadDirectory = this.folder('downloads');
    const known = join(this.profileDirectory, 'unreset-uuid');
    this.uuid = existsSync(known) ? readFileSync(known, 'utf8') : randomUUID();
  }

  static async launch(options: LaunchOptions): Promise<Firefox> {
    const firefox = new Firefox(options);
    try {
      await within(firefox.start(), options.timeoutMs ?? 40_000, 'Firefox to start');
      return firefox;
    } catch (error) {
      const words = firefox.process?.lastWords ?? '';
      await firefox.close();
      throw new LaunchError(`Firefox did not start: ${(error as Error).message}${words === '' ? '' : `\n${words}`}`);
    }
  }

  get extensionUrl(): string {
    return `moz-extension://${this.uuid}/`;
  }

  get marionette(): Marionette {
    if (this.connection === undefined) throw new Error('Firefox is not running');
    return this.connection;
  }

  chrome<T>(body: string, args: readonly unknown[] = [], timeoutMs = 30_000): Promise<T> {
    return this.marionette.inChrome(`${CHROME_PRELUDE} ${body}`, args, timeoutMs);
  }

  private folder(name: string): string {
    const path = temporaryDirectory(name);
    this.folders.push(path);
    return path;
  }

  private async start(): Promise<void> {
    const known = join(this.profileDirectory, 'unreset-uuid');
    const isFirst = !existsSync(known);
    this.writePreferences();
    if (isFirst) {
      writeFileSync(known, this.uuid);
      this.copyAuthorities();
    }
    await this.spawn();
    if (isFirst) await this.install();
    else {
      for (const path of this.options.otherExtensions ?? []) await this.installAddOn(path, true);
      await poll(() => this.chrome<boolean>('return policy()?.active === true'), 10_000, 'the extension');
    }
  }

  private writePreferences(): void {
    const preferences = {
      ...FIREFOX_PREFERENCES,
      'browser.download.dir': this.downloadDirectory,
      'extensions.webextensions.uuids': JSON.stringify({ [EXTENSION_ID]: this.uuid }),
      ...this.options.firefoxPreferences,
    };
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
    writeFileSync(join(this.profileDirectory, 'user.js'), `${lines.join('\n')}\n`);
  }

  /** Firefox trusts by profile; a certificate authority that the person trusts in HOME counts here too. */
  private copyAuthorities(): void {
    const home = this.options.home ?? process.env.HOME ?? '';
    for (const name of ['cert9.db', 'key4.db', 'pkcs11.txt']) {
      const source = join(home, '.pki', 'nssdb', name);
      if (existsSync(source) && !existsSync(join(this.profileDirectory, name))) copyFileSync(source, join(this.profileDirectory, name));
    }
  }

  private async spawn(): Promise<void> {
    const portFile = join(this.profileDirectory, 'MarionetteActivePort');
    rmSync(portFile, { force: true });
    const args = [
      '--marionette',
      '--remote-allow-system-access',
      '--no-remote',
      '--new-instance',
      '--profile',
      this.profileDirectory,
      ...(this.options.isHeadless ? ['--headless'] : []),
      ...(this.options.browserArguments ?? []),
      'about:blank',
    ];
    const home = this.options.home ?? process.env.HOME;
    const environment: NodeJS.ProcessEnv = {
      ...process.env,
      HOME: home === undefined || home === '' ? this.folder('home') : home,
      MOZ_CRASHREPORTER_DISABLE: '1',
      MOZ_DISABLE_AUTO_SAFE_MODE: '1',
      ...(this.options.isHeadless ? { MOZ_HEADLESS_WIDTH: '1280', MOZ_HEADLESS_HEIGHT: '900' } : {}),
    };
    this.process = new BrowserProcess(this.program, args, environment, false);
    const { process: child } = this;
    const port = await poll(
      () => {
        if (child.hasExited) throw new Error('it left at once');
        if (!existsSync(portFile)) return undefined;
        const text = readFileSync(portFile, 'utf8').trim();
        return text === '' ? undefined : Number(text);
      },
      this.options.timeoutMs ?? 40_000,
      'Firefox to listen',
    );
    this.connection = await Marionette.connect(port);
    await this.connection.send('WebDriver:NewSession', { strictFileInteractability: true, pageLoadStrategy: 'none' });
    await this.connection.send('WebDriver:SetTimeouts', { script: LONGEST_SCRIPT_MS });
    await this.connection.send('Marionette:SetContext', { value: 'chrome' });
    await poll(
      () => this.chrome<boolean>(`return windows().length > 0 && windows()[0].gBrowserInit?.delayedStartupFinished === true`),
      20_000,
      'a window',
    );
  }

  /** `isPrivateAllowed`: said with the install, after which Firefox begins the add-on a second time. */
  private async installAddOn(path: string, isTemporary: boolean, isPrivateAllowed = false): Promise<string> {
    const { value } = await this.marionette.send<{ value: string }>('Addon:Install', {
      path: resolve(path),
      temporary: isTemporary,
      allowPrivateBrowsing: isPrivateAllowed,
    });
    return value;
  }

  private async install(): Promise<void> {
    // Theirs first, as a person's Unreset comes last; unsigned folders can only be temporary.
    for (const path of this.options.otherExtensions ?? []) {
      const id = await this.installAddOn(path, true);
      await this.chrome(
        `const extension = WebExtensionPolicy.getByID(args[0])?.extension;
         if (extension?.backgroundState !== undefined && extension.persistentBackground !== undefined) {
           const end = Date.now() + 2000;
           while (Date.now() < end && extension.backgroundState === 'starting') await new Promise((done) => windows()[0].setTimeout(done, 20));
         }`,
        [id],
      );
    }
    const isUnpacked = statSync(this.options.extension).isDirectory();
    let packed = resolve(this.options.extension);
    if (!isUnpacked && !packed.endsWith('.xpi')) {
      packed = join(this.folder('extension'), 'unreset.xpi');
      copyFileSync(this.options.extension, packed);
    }
    await this.installAddOn(packed, isUnpacked, this.options.isPrivateAllowed === true && !isUnpacked);
    const wanted = this.options.permissions ?? 'none';
    await this.chrome(
      `const { ExtensionPermissions } = ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs');
       const extension = policy().extension;
       const optional = extension.manifest.optional_permissions ?? [];
       const permissions = args[0] === 'all' ? optional : args[0] === 'none' ? [] : args[0];
       await ExtensionPermissions.add('${EXTENSION_ID}', { permissions, origins: [], data_collection: [] }, extension);
       if (args[1]) await ExtensionPermissions.add('${EXTENSION_ID}', { permissions: ['internal:privateBrowsingAllowed'], origins: [], data_collection: [] }, extension);`,
      [wanted, this.options.isPrivateAllowed === true],
    );
    await this.setHostAccess(this.options.hostAccess ?? 'all');
  }

  async setHostAccess(access: 'all' | 'withheld'): Promise<void> {
    await this.chrome(
      `const { ExtensionPermissions } = ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs');
       await ExtensionPermissions[args[0]]('${EXTENSION_ID}', { permissions: [], origins: ${JSON.stringify(ALL_HOSTS)}, data_collection: [] }, policy().extension);`,
      [access === 'all' ? 'add' : 'remove'],
    );
  }

  async openTab(options: { isPrivate?: boolean; containerId?: number } = {}): Promise<Tab> {
    const key = `tab-${this.nextKey}`;
    this.nextKey += 1;
    await this.chrome(
      `const [key, isPrivate, userContextId] = args;
       let win = windows()[0];
       if (isPrivate) {
         win = win.OpenBrowserWindow({ private: true });
         while (win.gBrowserInit?.delayedStartupFinished !== true) await new Promise((done) => windows()[0].setTimeout(done, 20));
         win.gBrowser.selectedBrowser.permanentKey.unresetKey = key;
         return;
       }
       const selected = win.gBrowser.selectedBrowser;
       if (userContextId === 0 && selected.permanentKey.unresetKey === undefined && selected.currentURI.spec === 'about:blank') { selected.permanentKey.unresetKey = key; return; }
       const tab = win.gBrowser.addTab('about:blank', { userContextId, triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal() });
       tab.linkedBrowser.permanentKey.unresetKey = key;
       win.gBrowser.selectedTab = tab;`,
      [key, options.isPrivate === true, options.containerId ?? 0],
    );
    return this.tabOf(key);
  }

  private tabOf(key: string): Tab {
    return {
      id: key,
      page: new FirefoxPage(this, key),
      goto: (url, timeoutMs) => this.navigate(key, url, timeoutMs),
      activate: async () => {
        await this.chrome(
          'const tab = tabFor(args[0]); tab.ownerDocument.defaultView.gBrowser.selectedTab = tab; tab.ownerDocument.defaultView.focus();',
          [key],
        );
      },
      emulate: async ({ colorScheme, widthPx }) => {
        await this.chrome(
          `const [key, colorScheme, widthPx] = args;
           if (colorScheme !== null) Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', colorScheme === 'dark' ? 0 : 1);
           if (widthPx !== null) browserFor(key).style.maxWidth = widthPx + 'px';`,
          [key, colorScheme ?? null, widthPx ?? null],
        );
        if (widthPx !== undefined) await new FirefoxPage(this, key).waitFor(`innerWidth <= ${widthPx}`, 3000, 'the width');
      },
    };
  }

  private async navigate(key: string, url: string, timeoutMs: number): Promise<Navigation> {
    return this.chrome<Navigation>(
      `const [key, url, timeoutMs] = args;
       const browser = browserFor(key);
       const win = browser.ownerDocument.defaultView;
       return await new Promise((done) => {
         let isOver = false;
         const finish = (value) => { if (isOver) return; isOver = true; win.clearTimeout(timer); browser.removeProgressListener(listener); done(value); };
         const timer = win.setTimeout(() => finish({ outcome: 'unfinished' }), timeoutMs);
         const listener = {
           QueryInterface: ChromeUtils.generateQI(['nsIWebProgressListener', 'nsISupportsWeakReference']),
           onStateChange(progress, request, flags, status) {
             const { STATE_STOP, STATE_IS_WINDOW, STATE_IS_NETWORK } = Ci.nsIWebProgressListener;
             if (!progress.isTopLevel || !(flags & STATE_STOP) || !(flags & (STATE_IS_NETWORK | STATE_IS_WINDOW))) return;
             // The blank page that was there first.
             const spec = request?.QueryInterface?.(Ci.nsIChannel)?.originalURI?.spec ?? '';
             if (spec === 'about:blank' || (status === 0x804b0002 && spec !== url)) return;
             const failed = { outcome: 'failed', error: 'Error code ' + status };
             // The page itself has gone on to another: what becomes of that is what counts.
             if (status === 0x804b0002) { win.setTimeout(() => browser.webProgress.isLoadingDocument || finish(failed), 300); return; }
             finish(Components.isSuccessCode(status) ? { outcome: 'loaded' } : failed);
           },
           onProgressChange() {}, onLocationChange() {}, onStatusChange() {}, onSecurityChange() {}, onContentBlockingEvent() {},
         };
         browser.addProgressListener(listener);
         // Files are not for pages of the web to open; a person types them.
         const security = Services.scriptSecurityManager;
         const triggeringPrincipal = url.startsWith('file:') ? security.getSystemPrincipal() : security.createNullPrincipal({});
         browser.fixupAndLoadURIString(url, { triggeringPrincipal });
       });`,
      [key, url, timeoutMs],
      timeoutMs + 5000,
    );
  }

  async openPopupFor(tab: Tab): Promise<Page> {
    await tab.activate();
    this.clickedAtMs = await this.chrome<number>(
      `const win = tabFor(args[0]).ownerDocument.defaultView;
       const old = browserFor('popup');
       if (old) { old.closest('panel')?.hidePopup(); }
       const end = Date.now() + 3000;
       while (browserFor('popup') && Date.now() < end) await new Promise((done) => win.setTimeout(done, 20));
       const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
       const action = ExtensionParent.apiManager.global.browserActionFor(policy().extension);
       const clickedAtMs = win.performance.timeOrigin + win.performance.now();
       await action.triggerAction(win);
       const giveUpAt = Date.now() + 8000;
       while (!(browserFor('popup')?.currentURI.spec.startsWith('moz-extension:')) || browserFor('popup').closest('panel')?.state !== 'open') {
         if (Date.now() > giveUpAt) throw new Error('the popup did not open');
         await new Promise((done) => win.setTimeout(done, 5));
       }
       return clickedAtMs;`,
      [tab.id],
    );
    return new FirefoxPage(this, 'popup');
  }

  async openExtensionPage(path: string): Promise<Tab> {
    const key = `tab-${this.nextKey}`;
    this.nextKey += 1;
    await this.chrome(
      `const [key, url] = args;
       const win = windows()[0];
       const tab = win.gBrowser.addTab(url, { triggeringPrincipal: policy().extension.principal });
       tab.linkedBrowser.permanentKey.unresetKey = key;
       win.gBrowser.selectedTab = tab;
       const end = Date.now() + 8000;
       while (tab.linkedBrowser.currentURI.spec !== url && Date.now() < end) await new Promise((done) => win.setTimeout(done, 10));`,
      [key, `${this.extensionUrl}${path}`],
    );
    return this.tabOf(key);
  }

  async extensionTabId(tab: Tab): Promise<number> {
    return this.chrome<number>(
      `const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
       return ExtensionParent.apiManager.global.tabTracker.getId(tabFor(args[0]));`,
      [tab.id],
    );
  }

  async isBackgroundRunning(): Promise<boolean> {
    return this.chrome<boolean>(`return policy().extension.backgroundState === 'running'`);
  }

  /** The event page has a browser of its own, without a tab. */
  async inBackground<T>(expression: string): Promise<T> {
    const answer = await this.chrome<{ json?: string | null; error?: string }>(
      `const [expression, script] = args;
       const extension = policy().extension;
       await extension.wakeupBackground?.();
       const end = Date.now() + 8000;
       let browser;
       const win = windows()[0];
       while (!browser) {
         for (const view of extension.views) if (view.viewType === 'background') browser = view.xulBrowser;
         if (!browser && Date.now() > end) throw new Error('the event page did not start');
         if (!browser) await new Promise((done) => win.setTimeout(done, 10));
       }
       const manager = browser.messageManager;
       manager.loadFrameScript('data:,' + encodeURIComponent(script), false);
       const id = Math.random();
       return await new Promise((done) => {
         manager.addMessageListener('Unreset:Done', ({ data }) => { if (data.id === id) done(data); });
         manager.sendAsyncMessage('Unreset:Do', { id, expression, hasGesture: false });
       });`,
      [expression, FRAME_SCRIPT],
    );
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.json === null || answer.json === undefined ? (undefined as T) : (JSON.parse(answer.json) as T);
  }

  async countBackgroundStarts(during: () => Promise<unknown>): Promise<number> {
    await this.chrome(
      `const { extension } = policy();
       extension.unresetStarts = 0;
       extension.unresetCount = () => { extension.unresetStarts += 1; };
       extension.on('background-script-started', extension.unresetCount);`,
    );
    await during();
    return this.chrome<number>(
      `const { extension } = policy();
       extension.off('background-script-started', extension.unresetCount);
       return extension.unresetStarts;`,
    );
  }

  async setProxyByHand(proxy: { host: string; port: number } | undefined): Promise<void> {
    await this.chrome(
      `const [host, port] = args;
       const { prefs } = Services;
       for (const scheme of ['http', 'ssl']) {
         if (host === null) { prefs.clearUserPref('network.proxy.' + scheme); prefs.clearUserPref('network.proxy.' + scheme + '_port'); }
         else { prefs.setStringPref('network.proxy.' + scheme, host); prefs.setIntPref('network.proxy.' + scheme + '_port', port); }
       }
       if (host === null) prefs.clearUserPref('network.proxy.type');
       else prefs.setIntPref('network.proxy.type', 1);`,
      [proxy?.host ?? null, proxy?.port ?? null],
    );
  }

  async switchByHand(name: string, isEnabled: boolean): Promise<void> {
    await this.chrome(
      `const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
       const addon = (await AddonManager.getAddonsByTypes(['extension'])).find((one) => one.name === args[0]);
       await (args[1] ? addon.enable() : addon.disable());`,
      [name, isEnabled],
    );
  }

  async stopBackground(): Promise<void> {
    await this.chrome(
      `const { extension } = policy();
       extension.unresetIsAnew = false;
       extension.once('background-script-started', () => { extension.unresetIsAnew = true; });
       await extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true });`,
    );
    // An event may wake the next one at once.
    const isAnew = () => this.chrome<boolean>('return policy().extension.unresetIsAnew');
    await poll(async () => !(await this.isBackgroundRunning()) || (await isAnew()), 5000, 'the event page to stop');
  }

  async download(start: () => Promise<unknown>, timeoutMs: number): Promise<string> {
    const before = new Map(readdirSync(this.downloadDirectory).map((name) => [name, statSync(join(this.downloadDirectory, name)).mtimeMs]));
    await start();
    return poll(
      () => {
        const names = readdirSync(this.downloadDirectory);
        const name = names.find((candidate) => {
          // Renamed between the listing and the look at it: the next look finds it.
          const file = statSync(join(this.downloadDirectory, candidate), { throwIfNoEntry: false });
          if (file === undefined) return false;
          // A placeholder of no bytes stands there while `.part` grows.
          return (
            !candidate.endsWith('.part') && !names.includes(`${candidate}.part`) && file.size > 0 && before.get(candidate) !== file.mtimeMs
          );
        });
        return name === undefined ? undefined : join(this.downloadDirectory, name);
      },
      timeoutMs,
      'the download',
    );
  }

  private async leave(): Promise<void> {
    if (this.process === undefined) return;
    if (!this.process.hasExited && this.connection !== undefined) {
      await within(this.connection.send('Marionette:Quit', { flags: ['eForceQuit'] }), 3000, 'Firefox to quit').catch(() => undefined);
    }
    this.connection?.close();
    await this.process.leave(this.connection === undefined ? 0 : 4000);
  }

  async renew(): Promise<string> {
    if (statSync(this.options.extension).isDirectory()) throw new Error('only an extension that was packed may be renewed');
    if (this.unpacked === undefined) {
      this.unpacked = this.folder('newer');
      unpack(this.options.extension, this.unpacked);
    }
    const version = renumber(this.unpacked);
    const packed = join(this.folder('extension'), 'unreset.xpi');
    await pack(this.unpacked, packed);
    // The same id with a higher number: an update of what is there, which keeps its permissions; all pages of the old version go with it.
    await this.installAddOn(packed, false);
    const seen = () =>
      this.chrome<string>(
        `const extension = policy()?.extension;
         return [extension?.version, extension?.startupReason, extension?.backgroundState].join(' ');`,
      );
    await poll(async () => (await seen()) === `${version} ADDON_UPGRADE running`, 20_000, 'Unreset after its update');
    return version;
  }

  async killAndRelaunch(): Promise<void> {
    await this.process?.kill();
    this.connection?.close();
    for (const lock of ['lock', '.parentlock']) rmSync(join(this.profileDirectory, lock), { force: true });
    await this.start();
  }

  async exited(): Promise<void> {
    await this.process?.exited;
  }

  async close(): Promise<void> {
    if (this.process !== undefined && !this.process.hasExited) await this.leave().catch(() => this.process?.killNow());
    for (const folder of this.folders) removeDirectory(folder);
  }
}
