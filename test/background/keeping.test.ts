import { describe, expect, it } from 'vitest';
import type { BrowserApi } from '../../src/background/doors/browser-api';
import { registerKeeping } from '../../src/background/keeping';
import type { JournalEntry } from '../../src/experiments/journal-entry';
import { createArea } from './area';

const entry = (undo: JournalEntry['undo'], state: JournalEntry['state'] = 'changed'): JournalEntry => ({
  id: undo.what,
  undo,
  target: '',
  changedAtMs: 1,
  deadlineAtMs: 2,
  state,
  changedInLife: 'former',
});
const OFF: JournalEntry['undo'] = { what: 'extension-switch', extensionId: 'a', wasEnabled: true };

/** A worker's start over the journal of an earlier life, in a browser where one extension is off. */
function start(journal: readonly JournalEntry[], { hasPermission = true } = {}) {
  const isEnabled = new Map([['a', false]]);
  const heard: boolean[] = [];
  const listeners = { alarm: [] as ((alarm: { name: string }) => void)[], started: [] as (() => void)[], added: [] as (() => void)[] };
  const silent = { addListener: () => undefined, removeListener: () => undefined };
  const into = <Listener>(list: Listener[]) => ({ addListener: (one: Listener) => void list.push(one), removeListener: () => undefined });
  const local = createArea({ journal });
  const management = {
    getAll: async () => [...isEnabled].map(([id, enabled]) => ({ id, enabled, mayDisable: true })),
    get: async (id: string) => ({ id, enabled: isEnabled.get(id), mayDisable: true }),
    setEnabled: async (id: string, enabled: boolean) => void isEnabled.set(id, enabled),
  };
  const browser = {
    runtime: { id: 'own', onStartup: into(listeners.started), onInstalled: silent },
    storage: { local, session: createArea({ life: 'this' }) },
    alarms: { create: () => undefined, onAlarm: into(listeners.alarm) },
    permissions: { onAdded: into(listeners.added) },
    webRequest: new Proxy({}, { get: () => silent }),
    webNavigation: {},
    tabs: {},
    proxy: {},
    management: hasPermission ? management : undefined,
  };
  const keeping = registerKeeping(browser as unknown as BrowserApi, { onChanges: (isSwitched) => heard.push(isSwitched) });
  /** Resolves when the listener has heard so often. */
  const until = async (times: number) => {
    while (heard.length < times) await new Promise((resolve) => setImmediate(resolve));
  };
  return { keeping, heard, until, isEnabled, browser, management, listeners, stored: () => local.items.journal as JournalEntry[] };
}

describe('a start of the worker tells whether something of the person’s stands switched', () => {
  it('not any more once it was given back', async () => {
    const world = start([entry(OFF)]);
    await world.until(2);
    expect(world.isEnabled.get('a')).toBe(true);
    expect(world.stored()[0]?.state).toBe('returned');
    // With the write, and once more after all.
    expect(world.heard).toEqual([false, false]);
  });

  it('still, where nothing could be given back and so nothing was written', async () => {
    const world = start([entry(OFF)], { hasPermission: false });
    await world.until(1);
    expect(world.heard).toEqual([true]);
    expect(world.stored()[0]?.state).toBe('changed');

    // The permission has come: it is given back, and that is told.
    world.browser.management = world.management;
    for (const hear of world.listeners.added) hear();
    await world.until(3);
    expect(world.heard).toEqual([true, false, false]);
    expect(world.isEnabled.get('a')).toBe(true);
  });

  it('and tries again by itself, sooner than an alarm of the browser would ring', async () => {
    const world = start([{ ...entry(OFF), changedAtMs: Date.now() }]);
    const { setEnabled } = world.management;
    world.management.setEnabled = async () => {
      world.management.setEnabled = setEnabled;
      throw new Error('the browser is starting');
    };
    await world.until(1);
    expect(world.heard).toEqual([true]);
    await world.until(2);
    expect(world.isEnabled.get('a')).toBe(true);
  });

  it('also where there is nothing, and never for what is not the person’s or what they keep', async () => {
    for (const journal of [[], [entry({ what: 'header-rules', ruleId: 1 }, 'confirmed')], [entry(OFF, 'kept')]]) {
      const world = start(journal);
      await world.until(1);
      expect(world.heard).toEqual([false]);
      expect(world.isEnabled.get('a')).toBe(false);
    }
  });

  it('tells again after the alarm of the journal, and not after another', async () => {
    const world = start([]);
    await world.until(1);
    for (const hear of world.listeners.alarm) hear({ name: 'another' });
    for (const hear of world.listeners.alarm) hear({ name: 'journal' });
    await world.until(2);
    for (const hear of world.listeners.started) hear();
    await world.until(3);
    expect(world.heard).toEqual([false, false, false]);
  });
});
