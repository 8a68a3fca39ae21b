import { describe, expect, it } from 'vitest';
import type { BrowserApi, ManagedExtension } from '../../src/background/doors/browser-api';
import { createExtensionSwitches } from '../../src/background/doors/extension-switches';

/** A browser with extensions, as far as the switches use it. */
function createBrowser(installed: readonly Partial<ManagedExtension>[], openTabs: readonly string[] = []) {
  const listeners = new Set<() => void>();
  const alarms: string[] = [];
  const switched: [string, boolean][] = [];
  const event = {
    addListener: (listener: () => void) => void listeners.add(listener),
    removeListener: (listener: () => void) => void listeners.delete(listener),
  };
  const management = {
    getAll: async () =>
      installed.map((one) => ({
        id: 'x',
        name: 'X',
        version: '1',
        type: 'extension',
        enabled: true,
        mayDisable: true,
        permissions: ['webRequest'],
        hostPermissions: ['<all_urls>'],
        ...one,
      })),
    get: async () => Promise.reject(new Error('not used')),
    setEnabled: async (id: string, isEnabled: boolean) => void switched.push([id, isEnabled]),
    onEnabled: event,
    onDisabled: event,
    onInstalled: event,
    onUninstalled: event,
  };
  const browser = {
    runtime: { id: 'own' },
    tabs: { query: async () => openTabs.map((url, index) => ({ index, url })) },
    alarms: { create: (name: string) => alarms.push(name) },
    management: management as typeof management | undefined,
  };
  return { browser, api: browser as unknown as BrowserApi, listeners, alarms, switched };
}

describe('the switches of other extensions', () => {
  it('lists extensions alone, with what the search must know of each', async () => {
    const { api } = createBrowser(
      [
        { id: 'own' },
        { id: 'theme', type: 'theme' },
        {
          id: 'able',
          icons: [
            { size: 16, url: 'chrome://extension-icon/able/16/0' },
            { size: 48, url: 'chrome://extension-icon/able/48/0' },
          ],
        },
        { id: 'busy', homepageUrl: 'https://maker.example/' },
        { id: 'policy', installType: 'admin' },
        { id: 'elsewhere', hostPermissions: ['https://other.test/*'] },
        { id: 'route', permissions: ['proxy'], hostPermissions: [], homepageUrl: 'javascript:alert(1)' },
      ],
      ['chrome-extension://busy/page.html'],
    );
    const all = await createExtensionSwitches(api, 'chromium').list('shop.test');
    expect(all?.map(({ id, isAble, mayDisable, hasOpenPages }) => [id, isAble, mayDisable, hasOpenPages])).toEqual([
      ['able', true, true, false],
      ['busy', true, true, true],
      ['policy', true, false, false],
      ['elsewhere', false, true, false],
      ['route', true, true, false],
    ]);
    expect(all?.map(({ icon, homepage }) => [icon, homepage])).toEqual([
      ['chrome://extension-icon/able/48/0', undefined],
      [undefined, 'https://maker.example/'],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('knows nothing without the permission, and switches nothing', async () => {
    const { api, browser } = createBrowser([{ id: 'able' }]);
    browser.management = undefined;
    const switches = createExtensionSwitches(api, 'chromium');
    expect(await switches.list('shop.test')).toBeUndefined();
    await expect(switches.set?.('able', false)).rejects.toThrow('permission');
  });

  it('switches in Chromium only', async () => {
    const { api, switched } = createBrowser([{ id: 'able' }]);
    await createExtensionSwitches(api, 'chromium').set?.('able', false);
    expect(switched).toEqual([['able', false]]);
    expect(createExtensionSwitches(api, 'gecko').set).toBeUndefined();
  });

  it('tells when one was switched, and lets go of the events', async () => {
    const { api, listeners, alarms } = createBrowser([]);
    const changed = createExtensionSwitches(api, 'gecko').changed(new AbortController().signal);
    // A worker that sleeps meanwhile is woken to look again.
    expect(alarms).toEqual(['guided-search']);
    for (const hear of [...listeners]) hear();
    await changed;
    expect(listeners.size).toBe(0);
    const stop = new AbortController();
    const stopped = createExtensionSwitches(api, 'chromium').changed(stop.signal);
    stop.abort();
    await stopped;
    expect(listeners.size).toBe(0);
  });
});
