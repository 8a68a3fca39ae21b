import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CdpConnection, type CdpSession } from './cdp';
import { type BrowserUnderTest, LaunchError, type LaunchOptions, type Navigation, type Page, type Tab } from './driver';
import { BrowserProcess, findProgram, poll, removeDirectory, temporaryDirectory, within } from './processes';
import { renumber, unpack } from './unpack';

/** Switches off what the browser does for itself; pages behave as ever. */
const QUIET = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-component-update',
  '--disable-component-extensions-with-background-pages',
  '--disable-default-apps',
  '--disable-sync',
  '--disable-domain-reliability',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-client-side-phishing-detection',
  '--disable-field-trial-config',
  '--disable-search-engine-choice-screen',
  '--hide-crash-restore-bubble',
  '--metrics-recording-only',
  '--no-pings',
  '--password-store=basic',
  '--disable-dev-shm-usage',
];
const QUIET_FEATURES = ['OptimizationHints', 'MediaRouter', 'Translate', 'AutofillServerCommunication', 'InterestFeedContentSuggestions'];

/** Only the last `--disable-features` counts for Chromium; a person's must not undo ours, nor ours theirs. */
function mergeFeatures(args: readonly string[]): string[] {
  const features = new Map<string, string[]>([['--disable-features', [...QUIET_FEATURES]]]);
  const others: string[] = [];
  for (const argument of args) {
    const match = /^(--(?:disable|enable)-features)=(.*)$/.exec(argument);
    if (match === null) others.push(argument);
    else features.set(match[1] as string, [...(features.get(match[1] as string) ?? []), ...(match[2] as string).split(',')]);
  }
  return [...others, ...[...features].map(([name, values]) => `${name}=${values.join(',')}`)];
}

/** Set while an extension was put in by a debugger; such a one is dropped at the next start. */
const INSTALLED_BY_DEBUGGER = 32_768;

interface ExtensionPreferences {
  creation_flags?: number;
  active_permissions?: Record<string, string[]>;
  granted_permissions?: Record<string, string[]>;
  [key: string]: unknown;
}

interface TargetInfo {
  targetId: string;
  type: string;
  url: string;
  embedderData?: { tabActive?: boolean };
}

interface Evaluation {
  result: { value?: unknown };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

class ChromiumPage implements Page {
  constructor(
    readonly session: CdpSession,
    private readonly browser: CdpSession,
    readonly targetId: string,
    readonly sessionId: string,
  ) {}

  isOpen(): boolean {
    return !this.session.isDetached;
  }

  async evaluate<T>(expression: string, hasGesture = false): Promise<T> {
    const answer = await this.session.send<Evaluation>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: hasGesture,
    });
    if (answer.exceptionDetails !== undefined) {
      throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
    }
    return answer.result.value as T;
  }

  waitFor<T>(expression: string, timeoutMs: number, what = expression): Promise<T> {
    return poll(
      async () => {
        if (!this.isOpen()) throw new Error(`the page closed while waiting for ${what}`);
        // Between two documents there is nothing to evaluate in.
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
    return this.evaluate(
      `(() => { const element = document.querySelector(${JSON.stringify(selector)}); if (!element || element.disabled) return false; element.scrollIntoView({ block: 'center' }); element.click(); return true; })()`,
      true,
    );
  }

  fill(selector: string, value: string): Promise<boolean> {
    return this.evaluate(
      `(() => { const element = document.querySelector(${JSON.stringify(selector)}); if (!element) return false; element.focus(); element.value = ${JSON.stringify(value)}; element.dispatchEvent(new Event('input', { bubbles: true })); element.dispatchEvent(new Event('change', { bubbles: true })); return true; })()`,
      true,
    );
  }

  async press(key: string, modifiers: { isShift?: boolean } = {}): Promise<void> {
    const codes: Record<string, number> = {
      Tab: 9,
      Enter: 13,
      Escape: 27,
      ' ': 32,
      ArrowLeft: 37,
      ArrowUp: 38,
      ArrowRight: 39,
      ArrowDown: 40,
    };
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
    const common = {
      key,
      code: key === ' ' ? 'Space' : key,
      windowsVirtualKeyCode: codes[key] ?? key.charCodeAt(0),
      modifiers: modifiers.isShift ? 8 : 0,
    };
    await this.session.send('Input.dispatchKeyEvent', { type: text === undefined ? 'rawKeyDown' : 'keyDown', text, ...common });
    await this.session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
  }

  async screenshot(): Promise<Uint8Array> {
    const { data } = await this.session.send<{ data: string }>('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    await this.browser.send('Target.closeTarget', { targetId: this.targetId }).catch(() => undefined);
  }
}

/** Chromium with Unreset in its profile, as a person's install is; driven over a pipe, so that nothing listens on a port. */
export class Chromium implements BrowserUnderTest {
  readonly name = 'chromium';
  clickedAtMs = 0;
  readonly profileDirectory: string;
  readonly downloadDirectory: string;
  private readonly isProfileOurs: boolean;
  private readonly program: string;
  private readonly options: LaunchOptions;
  private extensionId = '';
  private unpacked: string;
  private process: BrowserProcess | undefined;
  private connection: CdpConnection | undefined;
  private readonly tabs = new Set<string>();
  private readonly folders: string[] = [];

  private constructor(options: LaunchOptions) {
    this.options = options;
    const program = findProgram(['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'], 'UNRESET_CHROMIUM');
    if (program === undefined) throw new LaunchError('Chromium is not installed; install the package chromium.');
    this.program = program;
    this.isProfileOurs = options.profileDirectory === undefined;
    this.profileDirectory = options.profileDirectory ?? this.folder('chromium');
    this.downloadDirectory = this.folder('downloads');
    this.unpacked = resolve(options.extension);
    if (this.unpacked.endsWith('.zip')) {
      // The id of an unpacked extension follows from its path: a profile that is used again keeps it beside itself.
      const folder = this.isProfileOurs ? this.folder('extension') : `${this.profileDirectory}.extension`;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      unpack(this.unpacked, folder);
      this.unpacked = folder;
    }
  }

  static async launch(options: LaunchOptions): Promise<Chromium> {
    const chromium = new Chromium(options);
    const timeoutMs = options.timeoutMs ?? 40_000;
    try {
      await within(chromium.start(), timeoutMs, 'Chromium to start');
      return chromium;
    } catch (error) {
      const words = chromium.process?.lastWords ?? '';
      await chromium.close();
      throw new LaunchError(`Chromium did not start: ${(error as Error).message}${words === '' ? '' : `\n${words}`}`);
    }
  }

  get extensionUrl(): string {
    return `chrome-extension://${this.extensionId}/`;
  }

  private folder(name: string): string {
    const path = temporaryDirectory(name);
    this.folders.push(path);
    return path;
  }

  private get cdp(): CdpSession {
    if (this.connection === undefined) throw new Error('Chromium is not running');
    return this.connection.browser;
  }

  private async start(): Promise<void> {
    const known = join(this.profileDirectory, 'unreset-extension-id');
    if (existsSync(known)) {
      this.extensionId = readFileSync(known, 'utf8');
    } else {
      await this.install();
      writeFileSync(known, this.extensionId);
    }
    await this.spawn(this.options.isHeadless);
    await this.untilExtensionIsReady();
  }

  /** Extensions come up a moment after the first window; what fails before is heard by none of them. */
  private async untilExtensionIsReady(): Promise<void> {
    await poll(() => this.inExtensionPage<boolean>('true').catch(() => false), 10_000, 'the extension');
  }

  /** Puts the extensions into the profile and lets them stay there. */
  private async install(): Promise<void> {
    await this.spawn(true, ['--enable-unsafe-extension-debugging']);
    const ids: string[] = [];
    for (const path of [...(this.options.otherExtensions ?? []), this.unpacked]) {
      const { id } = await this.cdp.send<{ id: string }>('Extensions.loadUnpacked', { path: resolve(path) });
      ids.push(id);
      await this.settle(id, resolve(path));
    }
    this.extensionId = ids.at(-1) as string;
    if (this.options.hostAccess === 'withheld') await this.setHostAccess('withheld');
    if (this.options.isPrivateAllowed === true) await this.configure({ incognitoAccess: true });
    await this.leave();
    this.editPreferences(ids);
  }

  /** A worker that sets a proxy or rules when it is installed must have done so before the browser is closed. */
  private async settle(id: string, path: string): Promise<void> {
    const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as { background?: unknown };
    if (manifest.background === undefined || path === this.unpacked) return;
    const worker = await poll(
      async () => (await this.targets()).find((target) => target.url.startsWith(`chrome-extension://${id}/`)),
      3000,
      'a worker',
    ).catch(() => undefined);
    if (worker === undefined) return;
    const { sessionId } = await this.cdp.send<{ sessionId: string }>('Target.attachToTarget', { targetId: worker.targetId, flatten: true });
    const session = this.connection?.session(sessionId);
    // Its first turn and all that it set off: calls of the browser are answered in order.
    await within(
      (async () => {
        for (let turn = 0; turn < 10; turn += 1) {
          await session?.send('Runtime.evaluate', {
            expression:
              'new Promise((done) => setTimeout(() => (globalThis.chrome?.storage?.local ? chrome.storage.local.get(null).then(done, done) : done()), 80))',
            awaitPromise: true,
          });
        }
      })(),
      4000,
      'another extension to settle',
    ).catch(() => undefined);
  }

  private editPreferences(ids: readonly string[]): void {
    const manifest = JSON.parse(readFileSync(join(this.unpacked, 'manifest.json'), 'utf8')) as { optional_permissions?: string[] };
    const wanted = this.options.permissions ?? 'none';
    const granted = wanted === 'all' ? (manifest.optional_permissions ?? []) : wanted === 'none' ? [] : wanted;
    let isFound = false;
    for (const name of ['Preferences', 'Secure Preferences']) {
      const file = join(this.profileDirectory, 'Default', name);
      if (!existsSync(file)) continue;
      const preferences = JSON.parse(readFileSync(file, 'utf8')) as {
        extensions?: { settings?: Record<string, ExtensionPreferences>; ui?: Record<string, unknown> };
      };
      const settings = preferences.extensions?.settings;
      if (preferences.extensions === undefined || settings === undefined) continue;
      for (const id of ids) {
        const entry = settings[id];
        if (entry === undefined) continue;
        entry.creation_flags = (entry.creation_flags ?? 0) & ~INSTALLED_BY_DEBUGGER;
        if (id !== this.extensionId) continue;
        isFound = true;
        for (const field of ['active_permissions', 'granted_permissions'] as const) {
          const permissions = entry[field] ?? {};
          permissions.api = [...new Set([...(permissions.api ?? []), ...granted])];
          entry[field] = permissions;
        }
      }
      preferences.extensions.ui = { ...preferences.extensions.ui, developer_mode: true };
      writeFileSync(file, JSON.stringify(preferences));
    }
    if (!isFound) throw new Error('the extension is not in the profile');
  }

  private async spawn(isHeadless: boolean, more: readonly string[] = []): Promise<void> {
    const isRoot = process.getuid?.() === 0;
    const args = mergeFeatures([
      `--user-data-dir=${this.profileDirectory}`,
      '--remote-debugging-pipe',
      ...QUIET,
      ...(this.options.isUpdating === true ? [] : ['--disable-background-networking']),
      ...(isHeadless ? ['--headless=new', '--window-size=1280,900', '--disable-gpu'] : []),
      ...(isRoot ? ['--no-sandbox'] : []),
      ...more,
      // The switch also makes CDP's own click on the icon possible.
      ...(more.length === 0 ? ['--enable-unsafe-extension-debugging'] : []),
      ...(this.options.browserArguments ?? []),
      'about:blank',
    ]);
    const home = this.options.home ?? process.env.HOME;
    const environment = { ...process.env, HOME: home === undefined || home === '' ? this.folder('home') : home };
    this.process = new BrowserProcess(this.program, args, environment, true);
    this.connection = new CdpConnection(this.process.pipe.input, this.process.pipe.output);
    const exit = this.process.exited.then(() => {
      throw new Error('it left at once');
    });
    exit.catch(() => undefined);
    await Promise.race([this.cdp.send('Browser.getVersion'), exit]);
    await this.cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: this.downloadDirectory, eventsEnabled: true });
  }

  private async targets(): Promise<TargetInfo[]> {
    return (await this.cdp.send<{ targetInfos: TargetInfo[] }>('Target.getTargets')).targetInfos;
  }

  private async attach(targetId: string): Promise<ChromiumPage> {
    const { sessionId } = await this.cdp.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const session = this.connection?.session(sessionId) as CdpSession;
    const page = new ChromiumPage(session, this.cdp, targetId, sessionId);
    return page;
  }

  async openTab(options: { isPrivate?: boolean } = {}): Promise<Tab> {
    if (options.isPrivate === true) {
      const before = new Set((await this.targets()).map((target) => target.targetId));
      await this.inExtensionPage(`chrome.windows.create({ incognito: true, url: 'about:blank' }).then((made) => made.id)`);
      const target = await poll(
        async () =>
          (await this.targets()).find(
            (candidate) => candidate.type === 'page' && candidate.url === 'about:blank' && !before.has(candidate.targetId),
          ),
        5000,
        'a private window',
      );
      return this.tabOf(target.targetId);
    }
    const blank = (await this.targets()).find(
      (target) => target.type === 'page' && target.url === 'about:blank' && !this.tabs.has(target.targetId),
    );
    const targetId = blank?.targetId ?? (await this.cdp.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })).targetId;
    return this.tabOf(targetId);
  }

  private async tabOf(targetId: string): Promise<Tab> {
    this.tabs.add(targetId);
    const page = await this.attach(targetId);
    await page.session.send('Page.enable');
    await page.session.send('Network.enable');
    return {
      id: targetId,
      page,
      goto: (url, timeoutMs) => this.navigate(page, url, timeoutMs),
      activate: async () => {
        await this.cdp.send('Target.activateTarget', { targetId });
      },
      emulate: async ({ colorScheme, widthPx }) => {
        if (colorScheme !== undefined) {
          await page.session.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: colorScheme }] });
        }
        if (widthPx !== undefined) {
          await page.session.send('Emulation.setDeviceMetricsOverride', {
            width: widthPx,
            height: 900,
            deviceScaleFactor: 1,
            mobile: false,
          });
        }
      },
    };
  }

  private async navigate(page: ChromiumPage, url: string, timeoutMs: number): Promise<Navigation> {
    let loaderId: string | undefined;
    const failures = new Map<string, string>();
    let finish: (navigation: Navigation) => void = () => undefined;
    const finished = new Promise<Navigation>((done) => {
      finish = done;
    });
    const stops = [
      page.session.on('Network.loadingFailed', (params) => {
        failures.set(String(params.requestId), String(params.errorText));
        // The id of a document's request is that of its loader.
        if (params.requestId === loaderId) finish({ outcome: 'failed', error: String(params.errorText) });
      }),
      page.session.on('Page.loadEventFired', () => {
        const error = loaderId === undefined ? undefined : failures.get(loaderId);
        if (loaderId !== undefined) finish(error === undefined ? { outcome: 'loaded' } : { outcome: 'failed', error });
      }),
    ];
    const timer = setTimeout(() => finish({ outcome: 'unfinished' }), timeoutMs);
    void page.session.send<{ errorText?: string; loaderId?: string; isDownload?: boolean }>('Page.navigate', { url }).then(
      async (answer) => {
        loaderId = answer.loaderId;
        if (answer.isDownload === true) finish({ outcome: 'loaded' });
        else if (answer.errorText !== undefined && answer.errorText !== '') finish({ outcome: 'failed', error: answer.errorText });
        else if (loaderId === undefined) finish({ outcome: 'loaded' });
        else {
          const error = failures.get(loaderId);
          if (error !== undefined) finish({ outcome: 'failed', error });
          else if ((await page.evaluate<string>('document.readyState').catch(() => '')) === 'complete') finish({ outcome: 'loaded' });
        }
      },
      (error: Error) => finish({ outcome: 'failed', error: error.message }),
    );
    const navigation = await finished;
    clearTimeout(timer);
    for (const stop of stops) stop();
    return navigation;
  }

  async openPopupFor(tab: Tab): Promise<Page> {
    await tab.activate();
    const isPopup = (target: TargetInfo) =>
      target.type !== 'tab' && target.url.startsWith(`${this.extensionUrl}src/popup/`) && !this.tabs.has(target.targetId);
    for (const old of (await this.targets()).filter(isPopup))
      await this.cdp.send('Target.closeTarget', { targetId: old.targetId }).catch(() => undefined);
    await poll(async () => !(await this.targets()).some(isPopup), 3000, 'the former popup to close');
    await this.clickIcon(tab);
    const target = await poll(async () => (await this.targets()).find(isPopup), 8000, 'the popup to open', 5);
    return this.attach(target.targetId);
  }

  /** A click on the icon as the browser takes it, with all that a person's click grants. */
  private async clickIcon(tab: Tab): Promise<void> {
    const all = (await this.cdp.send<{ targetInfos: TargetInfo[] }>('Target.getTargets', { filter: [{}] })).targetInfos;
    const url = all.find((target) => target.targetId === tab.id)?.url;
    const candidates = all.filter((target) => target.type === 'tab' && target.embedderData?.tabActive !== false);
    const target = candidates.find((candidate) => candidate.url === url) ?? candidates[0];
    this.clickedAtMs = performance.timeOrigin + performance.now();
    const isClicked =
      target !== undefined &&
      (await this.cdp.send('Extensions.triggerAction', { id: this.extensionId, targetId: target.targetId }).then(
        () => true,
        () => false,
      ));
    // Browsers that do not know this command yet.
    if (!isClicked) await this.inBackground('chrome.action.openPopup()');
  }

  async openExtensionPage(path: string): Promise<Tab> {
    const { targetId } = await this.cdp.send<{ targetId: string }>('Target.createTarget', { url: `${this.extensionUrl}${path}` });
    return this.tabOf(targetId);
  }

  /** Evaluates in a page of the extension that has no script of its own, so that nothing else happens. */
  private async inExtensionPage<T>(expression: string): Promise<T> {
    const { targetId } = await this.cdp.send<{ targetId: string }>('Target.createTarget', {
      url: `${this.extensionUrl}manifest.json`,
      background: true,
    });
    this.tabs.add(targetId);
    const page = await this.attach(targetId);
    try {
      await page.waitFor('typeof chrome === "object" && chrome.runtime?.id !== undefined', 3000, 'a page of the extension');
      return await page.evaluate<T>(expression);
    } finally {
      await page.close();
    }
  }

  async extensionTabId(tab: Tab): Promise<number> {
    await tab.activate();
    return this.inExtensionPage('chrome.tabs.query({ active: true, lastFocusedWindow: true }).then((tabs) => tabs[0].id)');
  }

  private async worker(): Promise<TargetInfo | undefined> {
    return (await this.targets()).find((target) => target.type === 'service_worker' && target.url.startsWith(this.extensionUrl));
  }

  async isBackgroundRunning(): Promise<boolean> {
    return (await this.worker()) !== undefined;
  }

  async inBackground<T>(expression: string): Promise<T> {
    if (!(await this.isBackgroundRunning())) {
      await this.inExtensionPage(`chrome.runtime.sendMessage({ type: 'wake' }).catch(() => undefined).then(() => true)`);
    }
    const target = await poll(() => this.worker(), 5000, 'the worker');
    const page = await this.attach(target.targetId);
    try {
      await page.waitFor('typeof chrome === "object" && chrome.runtime?.id !== undefined', 5000, 'the worker');
      return await page.evaluate<T>(expression);
    } finally {
      // A worker with a debugger does not die of idleness.
      await this.cdp.send('Target.detachFromTarget', { sessionId: page.sessionId }).catch(() => undefined);
    }
  }

  async countBackgroundStarts(during: () => Promise<unknown>): Promise<number> {
    const started = new Set<string>();
    const stop = this.cdp.on('Target.targetCreated', ({ targetInfo }) => {
      const { type, url, targetId } = targetInfo as TargetInfo;
      if (type === 'service_worker' && url.startsWith(this.extensionUrl)) started.add(targetId);
    });
    try {
      // What is there already is told first.
      await this.cdp.send('Target.setDiscoverTargets', { discover: true });
      const before = started.size;
      await during();
      // Answered behind all events so far.
      await this.cdp.send('Target.setDiscoverTargets', { discover: false });
      return started.size - before;
    } finally {
      stop();
    }
  }

  async stopBackground(): Promise<void> {
    const worker = await this.worker();
    if (worker === undefined) return;
    // An open popup may wake the next one at once.
    const isStopped = async () => (await this.worker())?.targetId !== worker.targetId;
    for (let isLast = false; ; isLast = true) {
      const page = await this.orderWorkersToStop();
      try {
        await poll(isStopped, 4000, 'the worker to stop');
        return;
      } catch (error) {
        // A page that was just being closed took the order along.
        if (isLast) throw error;
      } finally {
        await page.session.send('ServiceWorker.disable').catch(() => undefined);
        await this.cdp.send('Target.detachFromTarget', { sessionId: page.sessionId }).catch(() => undefined);
      }
    }
  }

  /** Any page can give the order; one that is just being closed cannot. */
  private async orderWorkersToStop(): Promise<ChromiumPage> {
    let reason: unknown = new Error('no page to order it from');
    const pages = (await this.targets()).filter(({ type }) => type === 'page').map(({ targetId }) => targetId);
    for (const targetId of pages.length > 0 ? pages : [(await this.openTab()).id]) {
      try {
        const page = await this.attach(targetId);
        await page.session.send('ServiceWorker.enable');
        await page.session.send('ServiceWorker.stopAllWorkers');
        return page;
      } catch (error) {
        reason = error;
      }
    }
    throw reason;
  }

  /** Sets what the extensions page lets a person set. */
  private async configure(change: Record<string, unknown>): Promise<void> {
    const { targetId } = await this.cdp.send<{ targetId: string }>('Target.createTarget', {
      url: 'chrome://extensions/',
      background: true,
    });
    this.tabs.add(targetId);
    const page = await this.attach(targetId);
    await page.waitFor('typeof chrome === "object" && chrome.developerPrivate !== undefined', 5000, 'the extensions page');
    await page.evaluate(
      `chrome.developerPrivate.updateExtensionConfiguration(${JSON.stringify({ extensionId: this.extensionId, ...change })})`,
    );
    await page.close();
  }
  async removeByHand(id: string): Promise<void> {
    await this.cdp.send('Extensions.uninstall', { id });
  }

  async setHostAccess(access: 'all' | 'withheld'): Promise<void> {
    await this.configure({ hostAccess: access === 'all' ? 'ON_ALL_SITES' : 'ON_CLICK' });
  }

  async download(start: () => Promise<unknown>, timeoutMs: number): Promise<string> {
    const names = new Map<string, string>();
    let stop: (() => void)[] = [];
    const finished = new Promise<string>((done, fail) => {
      stop = [
        this.cdp.on('Browser.downloadWillBegin', (params) => {
          names.set(String(params.guid), String(params.suggestedFilename));
        }),
        this.cdp.on('Browser.downloadProgress', (params) => {
          const name = names.get(String(params.guid));
          if (params.state === 'completed')
            done(typeof params.filePath === 'string' ? params.filePath : join(this.downloadDirectory, name ?? ''));
          if (params.state === 'canceled') fail(new Error('the download was cancelled'));
        }),
      ];
    });
    finished.catch(() => undefined);
    try {
      await start();
      return await within(finished, timeoutMs, 'the download');
    } finally {
      for (const each of stop) each();
    }
  }

  private async leave(): Promise<void> {
    if (this.process === undefined) return;
    if (!this.process.hasExited) void this.connection?.browser.send('Browser.close').catch(() => undefined);
    await this.process.leave(5000);
    this.tabs.clear();
  }

  async installNow(path: string): Promise<string> {
    const { id } = await this.cdp.send<{ id: string }>('Extensions.loadUnpacked', { path: resolve(path) });
    await this.settle(id, resolve(path));
    return id;
  }

  async renew(): Promise<string> {
    const isOurs = this.folders.some((folder) => this.unpacked === folder);
    if (!isOurs) throw new Error('only an extension that was unpacked for this browser may be renewed');
    const version = renumber(this.unpacked);
    const old = (await this.worker())?.targetId;
    // The page that asks for it goes with the old version.
    await this.inExtensionPage('chrome.runtime.reload()').catch(() => undefined);
    // A page that is asked for before the new version is there stays an error.
    const isStarted = async () => ![undefined, old].includes((await this.worker())?.targetId);
    await poll(isStarted, 20_000, 'the worker of the new version');
    await poll(
      async () => (await this.inExtensionPage<string>('chrome.runtime.getManifest().version').catch(() => '')) === version,
      20_000,
      'Unreset after its update',
    );
    return version;
  }

  async killAndRelaunch(): Promise<void> {
    await this.process?.kill();
    this.tabs.clear();
    for (const lock of ['SingletonLock', 'SingletonSocket', 'SingletonCookie']) rmSync(join(this.profileDirectory, lock), { force: true });
    await this.spawn(this.options.isHeadless);
    await this.untilExtensionIsReady();
  }

  async grantAndRelaunch(): Promise<void> {
    await this.process?.kill();
    this.editPreferences([this.extensionId]);
    await this.killAndRelaunch();
  }

  async exited(): Promise<void> {
    await this.process?.exited;
  }

  async close(): Promise<void> {
    if (this.process !== undefined && !this.process.hasExited) await this.leave().catch(() => this.process?.killNow());
    for (const folder of this.folders) removeDirectory(folder);
  }
}
