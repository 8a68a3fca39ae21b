import { describe, expect, it } from 'vitest';
import type { BrowserApi, Tab } from '../../src/background/doors/browser-api';
import { createPrivateWindowDoor } from '../../src/background/doors/private-window-door';
import { createTabDoor, isOtherJar } from '../../src/background/doors/tab-door';
import { createUndoers } from '../../src/background/doors/undoers';
import { createProbeTabs } from '../../src/background/probe-tabs';
import type { Held } from '../../src/experiments/journal';
import type { Undo } from '../../src/experiments/journal-entry';

function createTabs(tabs: Tab[]) {
  const api = {
    tabs: {
      query: async () => tabs,
      get: async (id: number) => tabs.find((tab) => tab.id === id) ?? Promise.reject(new Error('no tab')),
      remove: async (id: number) =>
        void tabs.splice(
          tabs.findIndex((tab) => tab.id === id),
          1,
        ),
    },
  } as unknown as BrowserApi;
  const probeTabs = createProbeTabs(undefined);
  return { undoer: createUndoers(api, probeTabs)('probe-tab'), probeTabs, ids: () => tabs.map(({ id }) => id) };
}
const tab = (id: number, more: Partial<Tab> = {}): Tab => ({ id, index: 0, active: false, url: 'https://shop.example/', ...more });
const NOTE: Undo = { what: 'probe-tab', tabId: 5, mark: 'unreset-1', openerTabId: 1 };

describe('a probe tab', () => {
  it('is closed by its id in the life of the browser that opened it', async () => {
    const { undoer, probeTabs, ids } = createTabs([tab(1), tab(5)]);
    await probeTabs.add(5);
    expect(await undoer.look(NOTE, true)).toBe('changed');
    await undoer.undo(NOTE, true);
    expect(ids()).toEqual([1]);
    expect(await undoer.look(NOTE, true)).toBe('as-before');
  });

  it('is closed by its id after an update of Unreset, with which Chromium forgets the registry', async () => {
    const { undoer, ids } = createTabs([tab(1), tab(5), tab(6)]);
    expect(await undoer.look(NOTE, true)).toBe('changed');
    await undoer.undo(NOTE, true);
    expect(ids()).toEqual([1, 6]);
    expect(await undoer.look(NOTE, true)).toBe('as-before');
  });

  it('is known by its mark before its id was noted, also where it came to the front', async () => {
    const unnoted: Undo = { ...NOTE, tabId: -1 };
    const { undoer, ids } = createTabs([tab(1), tab(5, { url: 'about:blank#unreset-1', openerTabId: 1, active: true })]);
    await undoer.undo(unnoted, true);
    expect(ids()).toEqual([1]);
  });

  it('is known by its mark where the browser restored it, and nobody else’s tab of the same id or address is touched', async () => {
    const { undoer, ids } = createTabs([tab(5), tab(7, { url: 'https://shop.example/#unreset-1' }), tab(8), tab(9, { url: undefined })]);
    expect(await undoer.look(NOTE, false)).toBe('changed');
    await undoer.undo(NOTE, false);
    expect(ids()).toEqual([5, 8, 9]);
  });

  it('is found where the worker died before its id was noted', async () => {
    const unnoted: Undo = { ...NOTE, tabId: -1 };
    const blank = { url: 'about:blank', openerTabId: 1 };
    const { undoer, ids } = createTabs([tab(1), tab(4, { ...blank, active: true }), tab(5, blank), tab(6, { openerTabId: 1 })]);
    expect(await undoer.look(unnoted, false)).toBe('as-before');
    await undoer.undo(unnoted, true);
    expect(ids()).toEqual([1, 4, 6]);
  });

  it('may come late where its number was not noted yet', () => {
    const { undoer } = createTabs([]);
    expect(undoer.unsureMs(true, { ...NOTE, tabId: -1 })).toBe(10_000);
    expect(undoer.unsureMs(true, NOTE)).toBe(0);
    expect(undoer.unsureMs(false, { ...NOTE, tabId: -1 })).toBe(120_000);
  });

  it('is not opened for a tab with cookies of its own', async () => {
    expect([undefined, {}, { cookieStoreId: 'firefox-default' }, { cookieStoreId: '0' }].map(isOtherJar)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect([{ incognito: true }, { cookieStoreId: 'firefox-container-2' }].map(isOtherJar)).toEqual([true, true]);
    let opened = 0;
    const api = {
      tabs: {
        get: async () => tab(1, { cookieStoreId: 'firefox-container-2' }),
        create: async () => {
          opened += 1;
          return tab(2);
        },
      },
    } as unknown as BrowserApi;
    const door = createTabDoor({
      api,
      engine: 'gecko',
      ledger: { hear: () => () => undefined, settled: async () => undefined },
      journal: {} as never,
      probeTabs: createProbeTabs(undefined),
      budget: { enter: async () => ({ leave: () => undefined }), spent: () => 0 } as never,
      besideTabId: 1,
      hasHostAccess: true,
      now: () => 0,
      newMark: () => 'unreset-2',
      signal: new AbortController().signal,
    });
    await expect(door.replay({ url: 'https://shop.example/', isPastCache: false, timeoutMs: 100 })).rejects.toThrow('another cookie jar');
    expect(opened).toBe(0);
  });
});

describe('an extension that was switched off', () => {
  const SWITCH: Undo = { what: 'extension-switch', extensionId: 'x', wasEnabled: true };
  const undoerOf = (management: unknown) => createUndoers({ management } as BrowserApi, createProbeTabs(undefined))('extension-switch');
  const all = async () => [];

  it('stays in the journal while the permission is gone, and is left where it was taken out or locked', async () => {
    await expect(undoerOf(undefined).look(SWITCH, true)).rejects.toThrow('permission');
    const gone = { get: () => Promise.reject(new Error('Failed to find extension')), getAll: all };
    expect(await undoerOf(gone).look(SWITCH, true)).toBe('anothers');
    const trouble = { get: () => Promise.reject(new Error('?')), getAll: () => Promise.reject(new Error('in trouble')) };
    await expect(undoerOf(trouble).look(SWITCH, true)).rejects.toThrow('in trouble');
    const locked = { get: async () => ({ id: 'x', enabled: false, mayDisable: false }), getAll: all };
    expect(await undoerOf(locked).look(SWITCH, true)).toBe('anothers');
  });
});

describe('a private window', () => {
  const OWN = 'about:blank#unreset-2';
  const noted: Undo = { what: 'private-window', windowId: 7, mark: 'unreset-2' };

  it('is closed by its number or its mark, and nobody else’s', async () => {
    const open = [
      tab(1, { incognito: true, windowId: 6, url: 'about:blank' }),
      tab(2, { incognito: true, windowId: 7 }),
      tab(3, { incognito: false, windowId: 8, url: OWN }),
      tab(4, { incognito: true, windowId: 9, url: OWN }),
    ];
    const closed: number[] = [];
    const api = {
      tabs: { query: async () => open.filter(({ windowId = 0 }) => !closed.includes(windowId)) },
      windows: { remove: async (id: number) => void closed.push(id) },
    } as unknown as BrowserApi;
    const undoer = createUndoers(api, createProbeTabs(undefined))('private-window');
    expect(await undoer.look(noted, true)).toBe('changed');
    // In what looks like another life of the browser numbers mean nothing; after an update of Unreset the window is still there.
    expect(await undoer.look(noted, false)).toBe('changed');
    await undoer.undo(noted, false);
    expect(closed).toEqual([9]);
    expect(await undoer.look(noted, false)).toBe('as-before');
    await undoer.undo(noted, true);
    expect(closed).toEqual([9, 7]);
    expect(await undoer.look(noted, true)).toBe('as-before');
  });

  it('is given back, and nothing waits for it, where the browser never says that it is open', async () => {
    let isReleased = false;
    const held: Held = {
      id: 'w',
      change: (make) => make(),
      amend: async () => undefined,
      keep: async () => true,
      release: async () => {
        isReleased = true;
        return true;
      },
    };
    const opened: string[] = [];
    const door = createPrivateWindowDoor({
      api: {
        runtime: { getURL: (path: string) => `moz-extension://own/${path}` },
        windows: {
          create: ({ url }: { url: string }) => {
            opened.push(url);
            return new Promise(() => undefined);
          },
        },
      },
      engine: 'gecko',
      journal: { begin: async () => held },
      newMark: () => 'unreset-9',
      later: (run: () => void, afterMs: number) => {
        const timer = setTimeout(run, afterMs);
        return () => clearTimeout(timer);
      },
    } as unknown as Parameters<typeof createPrivateWindowDoor>[0]);
    const stop = new AbortController();
    const loading = door.load('https://shop.example/', stop.signal);
    stop.abort();
    await expect(loading).rejects.toThrow('out of time');
    expect([opened, isReleased]).toEqual([['moz-extension://own/blank.html#unreset-9'], true]);
  });

  it('may come late where its number was not noted yet, and never in another life of the browser', () => {
    const undoer = createUndoers({} as BrowserApi, createProbeTabs(undefined))('private-window');
    expect(undoer.unsureMs(true, { ...noted, windowId: -1 })).toBe(10_000);
    expect(undoer.unsureMs(true, noted)).toBe(0);
    expect(undoer.unsureMs(false, { ...noted, windowId: -1 })).toBe(10_000);
    expect(undoer.unsureMs(false, noted)).toBe(0);
  });
});
