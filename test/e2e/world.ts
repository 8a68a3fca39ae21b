import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/model/report';
import type { BrowserUnderTest, LaunchOptions, Page, Tab } from '../browsers/driver';
import { launchBrowser } from '../browsers/launch';
import { cleanUpOnExit, poll, temporaryDirectory } from '../browsers/processes';
import { writeExtensions } from '../lab/extensions';
import { type Lab, startLab } from '../lab/lab';
import { isInNamespace } from '../lab/namespace';
import type { Scenario } from '../lab/scenario';
import { loadScenarios } from '../lab/scenarios/index';
import { packedExtension } from '../start/build';

/**
 * For tests in which a second try could hide a race of the product: tried again only where the driver lost its hold of a page, or
 * where a test waited in vain for something other than what was to be given back.
 */
export const DRIVER_FAULTS = {
  count: 2,
  condition:
    /No target with given id|Session with given id not found|Browsing context has been discarded|no such window|the page is gone|in vain for (?!the state|the journal)/,
};

export type BrowserName = 'chromium' | 'firefox';

/** The extension's functions, as a page of it names them in both browsers. */
export const API = '(globalThis.browser ?? chrome)';

/** `data-state` of the app. */
export const STATE = `document.querySelector('main')?.dataset.state`;

/** A lab and a browser with Unreset in it. */
export interface World {
  lab: Lab;
  browser: BrowserUnderTest;
  close(): Promise<void>;
}

/** Starts a browser in a lab that is up; several may be there side by side. */
export async function launchIn(lab: Lab, name: BrowserName, options: Partial<LaunchOptions> = {}): Promise<BrowserUnderTest> {
  const home = temporaryDirectory('home');
  const trust = join(home, '.pki', 'nssdb');
  mkdirSync(trust, { recursive: true });
  await lab.trustIn(trust);
  return launchBrowser(name, {
    extension: packedExtension(name),
    isHeadless: true,
    home,
    firefoxPreferences: lab.browser.firefoxPrefs,
    otherExtensions: lab.browser.extensions[name],
    ...options,
    browserArguments: [...(name === 'chromium' ? lab.browser.chromiumArgs : []), ...(options.browserArguments ?? [])],
  });
}

/**
 * Looks into the extension from a page of its own without scripts, so that looking wakes nobody. It is opened when it is first needed,
 * and again where it is gone.
 */
export class Observer {
  private tab: Tab | undefined;
  constructor(private readonly browser: BrowserUnderTest) {}

  async page(): Promise<Page> {
    if (this.tab?.page.isOpen() !== true) {
      this.tab = await this.browser.openExtensionPage('manifest.json');
      await this.tab.page.waitFor(`${API}?.storage !== undefined`, 5000, 'a page of the extension');
    }
    return this.tab.page;
  }
  async in<T>(expression: string): Promise<T> {
    return (await this.page()).evaluate<T>(expression);
  }
  /** Wakes the worker by a message that it has no answer to. */
  wake(): Promise<unknown> {
    return this.in(`${API}.runtime.sendMessage({ type: 'wake' }).catch(() => undefined).then(() => true)`);
  }
  /** The browser was killed, and the page with it. */
  forget(): void {
    this.tab = undefined;
  }
}

/** Somebody else who sets the proxy: another extension that came after Unreset, and in Firefox the person in the browser's settings. */
export class OtherHand {
  /** What they set last; undefined: nothing, or taken back. */
  private wanted: { host: string; port: number } | undefined;
  private constructor(
    private readonly browser: BrowserUnderTest,
    /** Chromium: a page of the other extension. */
    private readonly page: Page | undefined,
    private readonly observer: Observer,
    /** Without theirs. */
    private readonly before: string,
    /** Removes the other extension's folder. */
    readonly remove: () => Promise<void>,
  ) {}

  static async enter(lab: Lab, browser: BrowserUnderTest): Promise<OtherHand> {
    const observer = new Observer(browser);
    const before = await observer.in<string>(PROXY);
    if (browser.name === 'firefox') return new OtherHand(browser, undefined, observer, before, async () => undefined);
    const { draw } = lab.internet;
    const written = await writeExtensions([{ does: 'set-proxy', proxy: { address: draw.publicV4(), port: draw.port() } }], draw, (place) =>
      lab.internet.reach(place),
    );
    const id = await browser.installNow?.(written.chromium[0] as string);
    const { page, goto } = await browser.openTab();
    await goto(`chrome-extension://${id}/manifest.json`, 10_000);
    await page.waitFor('chrome.proxy !== undefined', 5000, 'a page of the other extension');
    const hand = new OtherHand(browser, page, observer, before, written.remove);
    await hand.clear();
    return hand;
  }

  /** Sets it, and waits until it is in force. */
  async set(proxy: { host: string; port: number }): Promise<void> {
    this.wanted = proxy;
    if (this.page === undefined) await this.browser.setProxyByHand?.(proxy);
    else {
      const value = { mode: 'fixed_servers', rules: { singleProxy: { scheme: 'http', ...proxy } } };
      await this.page.evaluate(`chrome.proxy.settings.set({ value: ${JSON.stringify(value)} }).then(() => true)`);
    }
    await poll(() => this.isAsSet(), 6000, 'the other to take it');
  }
  async clear(): Promise<void> {
    this.wanted = undefined;
    if (this.page === undefined) await this.browser.setProxyByHand?.(undefined);
    else await this.page.evaluate('chrome.proxy.settings.clear({}).then(() => true)');
    await poll(() => this.isAsSet(), 6000, 'the other to leave it');
  }
  /** Whether it is what they set last, and theirs; without theirs, what it was before. */
  async isAsSet(): Promise<boolean> {
    const now = await this.observer.in<string>(PROXY);
    if (this.wanted === undefined) return now === this.before;
    const isTheirs = this.page === undefined || now.includes('controlled_by_other_extensions');
    return isTheirs && now.includes(String(this.wanted.port)) && now.includes(this.wanted.host);
  }
}
const PROXY = `${API}.proxy.settings.get({}).then(({ levelOfControl, value }) => JSON.stringify([levelOfControl, value]))`;

/** Starts one lab scenario and one browser for it. */
export async function openWorld(name: BrowserName, chosen: string | Scenario, options: Partial<LaunchOptions> = {}): Promise<World> {
  cleanUpOnExit();
  const scenario = typeof chosen === 'string' ? (await loadScenarios()).get(chosen) : chosen;
  if (scenario === undefined) throw new Error(`There is no scenario ${chosen}`);
  const lab = await startLab({ mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
  try {
    const browser = await launchIn(lab, name, options);
    return {
      lab,
      browser,
      async close() {
        await browser.close();
        await lab.close();
      },
    };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** Opens the failing page in a new tab and waits until it has failed. */
export async function failIn(world: World, options: { isPrivate?: boolean } = {}): Promise<Tab> {
  const tab = await world.browser.openTab(options);
  for (const visit of world.lab.browser.visitBefore) {
    await tab.goto(visit.url, 20_000);
    await tab.page.waitFor(`document.title === ${JSON.stringify(visit.untilTitle)}`, 10_000);
  }
  await world.lab.trigger();
  await tab.goto(world.lab.url, 20_000);
  return tab;
}

/** The popup over a failed tab, once it shows the incident; opened again while the worker has not heard of it yet. */
export async function openIncident(world: World, tab: Tab): Promise<Page> {
  for (let round = 0; ; round += 1) {
    const popup = await world.browser.openPopupFor(tab);
    const state = await popup
      .waitFor<string>(`['running', 'done', 'no-incident', 'error'].includes(${STATE}) && ${STATE}`, 15_000, 'the popup')
      .catch((error: Error) => {
        // Another tab that came to the front closes a popup.
        if (popup.isOpen() || round === 3) throw error;
        return 'closed';
      });
    if (state === 'running' || state === 'done' || round === 3) return popup;
    if (popup.isOpen()) await popup.close();
  }
}

export function settled(page: Page): Promise<string> {
  return page.waitFor<string>(`['done', 'error', 'no-incident'].includes(${STATE}) && ${STATE}`, 45_000, 'the checks to settle');
}

/** Goes to the report view of a popup or page that is done. */
export async function openReport(page: Page): Promise<void> {
  await page.waitFor(`document.querySelector('[data-action="report"]') !== null`, 5000, 'the report button');
  await page.click('[data-action="report"]');
  await page.waitFor(
    `document.querySelector('button[data-export="json"]:not([aria-disabled="true"])') !== null`,
    5000,
    'the export button',
  );
}

/** Exports the report of a page that is done, as a person would, and reads it. */
export async function exportedReport(browser: BrowserUnderTest, page: Page): Promise<Report> {
  await openReport(page);
  const file = await browser.download(() => page.click('button[data-export="json"]'), 10_000);
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}
