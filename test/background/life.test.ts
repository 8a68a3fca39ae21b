import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BrowserApi } from '../../src/background/doors/browser-api';
import { registerLife } from '../../src/background/life';
import { createArea } from './area';

/** A worker's start: what it finds stored, and the events of its start as the test lets them come. */
function start(session: Record<string, unknown>, local: Record<string, unknown>) {
  const started: (() => void)[] = [];
  const installed: ((details?: { reason: string }) => void)[] = [];
  const areas = { session: createArea(session), local: createArea(local) };
  const api = {
    runtime: {
      onStartup: { addListener: (one: () => void) => void started.push(one) },
      onInstalled: { addListener: (one: (details?: { reason: string }) => void) => void installed.push(one) },
    },
    storage: areas,
  };
  const life = registerLife(api as unknown as BrowserApi, () => 'new');
  return {
    life,
    areas,
    browserStarts() {
      for (const hear of started) hear();
    },
    isInstalled(reason: string) {
      for (const hear of installed) hear({ reason });
    },
  };
}

describe('the browser’s life', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settled = async (life: Promise<string>) => {
    await vi.advanceTimersByTimeAsync(1500);
    return life;
  };

  it('is what this one is known by, at once', async () => {
    expect(await start({ life: 'this' }, { life: 'former' }).life()).toBe('this');
  });
  it('is another one after the browser was started, at once', async () => {
    const { life, browserStarts, areas } = start({}, { life: 'former' });
    browserStarts();
    expect(await life()).toBe('new');
    expect([areas.session.items.life, areas.local.items.life]).toEqual(['new', 'new']);
    expect(await life()).toBe('new');
  });
  it('goes on over an update of Unreset', async () => {
    const { life, isInstalled, areas } = start({}, { life: 'former' });
    const asked = life();
    isInstalled('update');
    expect(await settled(asked)).toBe('former');
    expect(areas.session.items.life).toBe('former');
  });
  it('does not where the browser was started with a new version, whichever is told first', async () => {
    for (const order of [0, 1]) {
      const { life, isInstalled, browserStarts } = start({}, { life: 'former' });
      const asked = life();
      if (order === 0) browserStarts();
      isInstalled('update');
      if (order === 1) {
        await vi.advanceTimersByTimeAsync(100);
        browserStarts();
      }
      expect(await settled(asked)).toBe('new');
    }
  });
  it('is another one where nobody tells, at an installation, and where nothing was known before', async () => {
    expect(await settled(start({}, { life: 'former' }).life())).toBe('new');
    const installed = start({}, { life: 'former' });
    installed.isInstalled('install');
    expect(await settled(installed.life())).toBe('new');
    const first = start({}, {});
    first.isInstalled('update');
    expect(await settled(first.life())).toBe('new');
  });
});
