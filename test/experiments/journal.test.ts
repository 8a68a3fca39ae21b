import { describe, expect, it } from 'vitest';
import { CONFIRM_AFTER_MS, type Found } from '../../src/experiments/giving-back';
import { createJournal, type Journal } from '../../src/experiments/journal';
import { type JournalEntry, parseEntries, type Undo } from '../../src/experiments/journal-entry';

/** A browser with two extensions and a proxy setting; preferences reach its disk late, storage at once. */
function createWorld() {
  const disk = { stored: undefined as unknown, proxy: 'before', beneath: '', enabled: new Map([['x', true]]) };
  const live = { proxy: 'before', beneath: '', enabled: new Map([['x', true]]), life: 1, now: 1000 };
  const wakes: number[] = [];
  const writes: JournalEntry[][] = [];
  let ids = 0;
  const undoers = {
    'proxy-setting': {
      unsureMs: () => CONFIRM_AFTER_MS,
      isOursAlone: true,
      look: async (): Promise<Found> => (live.proxy === 'ours' ? 'changed' : live.proxy === 'before' ? 'as-before' : 'anothers'),
      undo: async () => {
        if (live.proxy === 'ours') live.proxy = 'before';
        live.beneath = '';
      },
    },
    'extension-switch': {
      unsureMs: () => CONFIRM_AFTER_MS,
      isOursAlone: false,
      look: async (undo: Undo): Promise<Found> => {
        if (undo.what !== 'extension-switch') return 'as-before';
        const isEnabled = live.enabled.get(undo.extensionId);
        return isEnabled === undefined ? 'anothers' : isEnabled === undo.wasEnabled ? 'as-before' : 'changed';
      },
      undo: async (undo: Undo) => {
        if (undo.what === 'extension-switch' && live.enabled.has(undo.extensionId)) live.enabled.set(undo.extensionId, undo.wasEnabled);
      },
    },
    'header-rules': { unsureMs: () => 0, isOursAlone: true, look: async (): Promise<Found> => 'as-before', undo: async () => undefined },
    'probe-tab': { unsureMs: () => 0, isOursAlone: true, look: async (): Promise<Found> => 'as-before', undo: async () => undefined },
    'private-window': { unsureMs: () => 0, isOursAlone: true, look: async (): Promise<Found> => 'as-before', undo: async () => undefined },
  };
  return {
    live,
    wakes,
    writes,
    undoers,
    /** A worker of this browser; a killed one is simply not used any more. */
    worker: (): Journal =>
      createJournal({
        read: async () => structuredClone(disk.stored),
        async write(entries) {
          disk.stored = structuredClone(entries);
          writes.push(parseEntries(structuredClone(entries)));
        },
        undoer: (what) => undoers[what],
        now: () => live.now,
        newId: () => `id${++ids}`,
        life: async () => `life${live.life}`,
        wakeAt: (atMs) => wakes.push(atMs),
      }),
    /** Preferences reach the disk. */
    flush() {
      disk.proxy = live.proxy;
      disk.beneath = live.beneath;
      disk.enabled = new Map(live.enabled);
    },
    /** The browser is killed and started: storage stands, preferences are as the disk has them. */
    restart() {
      live.proxy = disk.proxy;
      live.beneath = disk.beneath;
      live.enabled = new Map(disk.enabled);
      live.life += 1;
    },
    put(value: unknown) {
      disk.stored = value;
    },
    stored: () => disk.stored,
  };
}
const PROXY: Undo = { what: 'proxy-setting', before: { mode: 'system' } };
const SWITCH: Undo = { what: 'extension-switch', extensionId: 'x', wasEnabled: true };
const states = async (journal: Journal) => (await journal.changes()).map((change) => change.state);

describe('the journal', () => {
  it('writes before it changes, and gives back after the use', async () => {
    const world = createWorld();
    const journal = world.worker();
    const value = await journal.during(
      PROXY,
      '',
      5000,
      async () => {
        expect(world.writes.at(-1)?.[0]).toMatchObject({ state: 'changed', undo: PROXY });
        world.live.proxy = 'ours';
      },
      async () => world.live.proxy,
    );
    expect(value).toBe('ours');
    expect(world.live.proxy).toBe('before');
    expect(await states(journal)).toEqual(['returned']);
  });

  it('never changes where the note cannot be written', async () => {
    const world = createWorld();
    const journal = createJournal({
      read: async () => [],
      write: () => Promise.reject(new Error('disk full')),
      undoer: (what) => world.undoers[what],
      now: () => 0,
      newId: () => 'id',
      life: async () => 'life',
      wakeAt: () => undefined,
    });
    let isChanged = false;
    const change = async () => {
      isChanged = true;
    };
    await expect(journal.during(PROXY, '', 5000, change, async () => 1)).rejects.toThrow('disk full');
    expect(isChanged).toBe(false);
  });

  it('gives back when the change or the use throws', async () => {
    const world = createWorld();
    const journal = world.worker();
    const change = async () => {
      world.live.proxy = 'ours';
    };
    await expect(journal.during(PROXY, '', 5000, change, () => Promise.reject(new Error('use')))).rejects.toThrow('use');
    expect(world.live.proxy).toBe('before');
  });

  describe('killed', () => {
    it('after the note, before the change: nothing to undo', async () => {
      const world = createWorld();
      await world.worker().begin(PROXY, '', 5000);
      world.restart();
      const next = world.worker();
      await next.returnEverything();
      expect(world.live.proxy).toBe('before');
      expect(await states(next)).toEqual(['returned']);
    });

    it('the worker alone, while changed: the next one gives back', async () => {
      const world = createWorld();
      await world.worker().begin(SWITCH, 'X', 5000);
      world.live.enabled.set('x', false);
      const next = world.worker();
      await next.returnEverything();
      expect(world.live.enabled.get('x')).toBe(true);
      expect(await next.changes()).toMatchObject([{ what: 'extension-switch', target: 'X', state: 'returned' }]);
    });

    it('the browser, when the change had reached the disk and the return had not: found and undone at the next start', async () => {
      const world = createWorld();
      const first = world.worker();
      const held = await first.begin(SWITCH, 'X', 20_000);
      world.live.enabled.set('x', false);
      world.flush();
      world.live.now += 13_000;
      await held.release();
      expect(world.live.enabled.get('x')).toBe(true);
      world.restart();
      expect(world.live.enabled.get('x')).toBe(false);
      const next = world.worker();
      world.live.now += 3_600_000;
      await next.returnEverything();
      expect(world.live.enabled.get('x')).toBe(true);
      expect(await states(next)).toEqual(['returned']);
      world.flush();
      world.live.now += CONFIRM_AFTER_MS;
      await next.returnEverything();
      expect(await states(next)).toEqual(['confirmed']);
    });

    it('in the middle of giving back several: the rest is given back by the next', async () => {
      const world = createWorld();
      world.live.enabled.set('y', true);
      const first = world.worker();
      await first.begin(SWITCH, 'X', 5000);
      await first.begin({ ...SWITCH, extensionId: 'y' }, 'Y', 5000);
      world.live.enabled.set('x', false).set('y', false);
      const real = world.undoers['extension-switch'].undo;
      let undone = 0;
      world.undoers['extension-switch'].undo = async (undo) => {
        undone += 1;
        // Killed here: the second undo never comes.
        if (undone === 2) return new Promise<undefined>(() => undefined);
        return real(undo);
      };
      void world.worker().returnEverything();
      await expect.poll(() => undone).toBe(2);
      expect(world.writes.at(-1)?.map((entry) => entry.state)).toEqual(['returned', 'changed']);
      world.undoers['extension-switch'].undo = real;
      await world.worker().returnEverything();
      expect([...world.live.enabled.values()]).toEqual([true, true]);
    });
  });

  it('is confirmed only after the preferences surely are on the disk, and asks to be woken for that', async () => {
    const world = createWorld();
    const journal = world.worker();
    await journal.during(
      PROXY,
      '',
      5000,
      async () => {
        world.live.proxy = 'ours';
      },
      async () => undefined,
    );
    await journal.returnEverything();
    expect(await states(journal)).toEqual(['returned']);
    expect(Math.max(...world.wakes)).toBeGreaterThanOrEqual(world.live.now + CONFIRM_AFTER_MS);
    world.live.now += CONFIRM_AFTER_MS;
    await journal.returnEverything();
    expect(await states(journal)).toEqual(['confirmed']);
  });

  it('does not overwrite what another has set meanwhile', async () => {
    const world = createWorld();
    const journal = world.worker();
    const held = await journal.begin(PROXY, '', 5000);
    world.live.proxy = 'theirs';
    await held.release();
    expect(world.live.proxy).toBe('theirs');
    expect(await states(journal)).toEqual(['left-to-another']);
  });

  it('leaves an extension that the person switched off after us', async () => {
    const world = createWorld();
    const journal = world.worker();
    const held = await journal.begin(SWITCH, 'X', 5000);
    world.live.enabled.set('x', false);
    await held.release();
    world.live.enabled.set('x', false);
    world.live.now += CONFIRM_AFTER_MS;
    await journal.returnEverything();
    expect(world.live.enabled.get('x')).toBe(false);
    expect(await states(journal)).toEqual(['left-to-another']);
  });

  it('leaves an extension that the person switched off after the browser’s restart, which brought nothing back', async () => {
    const world = createWorld();
    const held = await world.worker().begin(SWITCH, 'X', 5000);
    await held.change(async () => void world.live.enabled.set('x', false));
    await held.release();
    world.restart();
    const journal = world.worker();
    await journal.returnEverything();
    expect(await states(journal)).toEqual(['returned']);
    world.live.enabled.set('x', false);
    await journal.returnEverything();
    expect(world.live.enabled.get('x')).toBe(false);
    expect(await states(journal)).toEqual(['left-to-another']);
  });

  it('looks again after each restart that follows the return too soon', async () => {
    const world = createWorld();
    const held = await world.worker().begin(SWITCH, 'X', 5000);
    await held.change(async () => void world.live.enabled.set('x', false));
    world.flush();
    await held.release();
    // The disk holds it as off, twice: at once, and although a start in between had seen it on.
    for (let start = 0; start < 2; start += 1) {
      world.restart();
      expect(world.live.enabled.get('x')).toBe(false);
      await world.worker().returnEverything();
      expect(world.live.enabled.get('x')).toBe(true);
    }
    expect(await states(world.worker())).toEqual(['returned']);
  });

  it('leaves what is in use, until its deadline or until all is asked back', async () => {
    const world = createWorld();
    const journal = world.worker();
    await journal.begin(PROXY, '', 5000);
    world.live.proxy = 'ours';
    await journal.returnEverything();
    expect(world.live.proxy).toBe('ours');
    world.live.now += 5001;
    await journal.returnEverything();
    expect(world.live.proxy).toBe('before');
    await journal.begin(PROXY, '', 5000);
    world.live.proxy = 'ours';
    await journal.returnEverything({ isAll: true });
    expect(world.live.proxy).toBe('before');
  });

  it('tries soon again what could not be given back, and ever more rarely', async () => {
    const world = createWorld();
    await world.worker().begin(SWITCH, 'X', 5000);
    world.live.enabled.set('x', false);
    world.undoers['extension-switch'].undo = () => Promise.reject(new Error('the browser is starting'));
    const journal = world.worker();
    const pauses: number[] = [];
    for (let tries = 0; tries < 50; tries += 1) {
      world.wakes.length = 0;
      await journal.returnEverything();
      expect(await states(journal)).toEqual(['changed']);
      expect(world.wakes).toHaveLength(1);
      const [next = 0] = world.wakes;
      pauses.push(next - world.live.now);
      world.live.now = next;
    }
    expect(pauses.slice(0, 4)).toEqual([1000, 1000, 1000, 1000]);
    expect(pauses.at(-1)).toBe(3_600_000);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  });

  it('looks every second for a window that a killed worker had asked for, until it must have come', async () => {
    const WINDOW: Undo = { what: 'private-window', windowId: -1, mark: 'unreset-1' };
    for (const comes of [true, false]) {
      const world = createWorld();
      let isOpen = false;
      Object.assign(world.undoers['private-window'], {
        unsureMs: () => 10_000,
        look: async (): Promise<Found> => (isOpen ? 'changed' : 'as-before'),
        undo: async () => {
          isOpen = false;
        },
      });
      await world.worker().begin(WINDOW, '', 5000);
      const journal = world.worker();
      let looks = 0;
      while ((await states(journal))[0] !== 'confirmed') {
        world.wakes.length = 0;
        await journal.returnEverything();
        looks += 1;
        if (looks === 3) isOpen = comes;
        const [next] = world.wakes;
        if (next === undefined) break;
        expect(next - world.live.now).toBe(1000);
        world.live.now = next;
      }
      expect(isOpen).toBe(false);
      expect(await states(journal)).toEqual(['confirmed']);
      expect(looks).toBe(comes ? 14 : 11);
    }
  });

  it('does not look every second for ever where the browser does not answer', async () => {
    const world = createWorld();
    Object.assign(world.undoers['private-window'], { unsureMs: () => 10_000, look: async (): Promise<Found> => 'as-before' });
    const { release } = await world.worker().begin({ what: 'private-window', windowId: -1, mark: 'unreset-1' }, '', 5000);
    await release();
    world.undoers['private-window'].look = () => Promise.reject(new Error('the browser is closing'));
    const journal = world.worker();
    const pauses: number[] = [];
    for (let tries = 0; tries < 25; tries += 1) {
      world.wakes.length = 0;
      await journal.returnEverything();
      expect(await states(journal)).toEqual(['returned']);
      const [next = 0] = world.wakes;
      pauses.push(next - world.live.now);
      world.live.now = next;
    }
    expect(pauses.slice(0, 10)).toEqual(Array(10).fill(1000));
    expect(pauses.at(-1)).toBeGreaterThan(20_000);
  });

  it('takes a new use of a setting for no relapse of an earlier one', async () => {
    const world = createWorld();
    const journal = world.worker();
    const change = async () => {
      world.live.proxy = 'ours';
    };
    await journal.during(PROXY, '', 5000, change, async () => undefined);
    await journal.begin(PROXY, '', 60_000);
    world.live.proxy = 'ours';
    world.live.now += CONFIRM_AFTER_MS;
    await journal.returnEverything();
    expect(world.live.proxy).toBe('ours');
  });

  it('tries again where giving back fails', async () => {
    const world = createWorld();
    const journal = world.worker();
    const real = world.undoers['proxy-setting'].undo;
    world.undoers['proxy-setting'].undo = () => Promise.reject(new Error('busy'));
    const held = await journal.begin(PROXY, '', 5000);
    world.live.proxy = 'ours';
    await held.release();
    expect(await states(journal)).toEqual(['changed']);
    expect(world.wakes.length).toBeGreaterThan(1);
    world.undoers['proxy-setting'].undo = real;
    await journal.returnEverything();
    expect(await states(journal)).toEqual(['returned']);
  });

  it('takes ours away beneath another’s, and again where the disk still held it', async () => {
    const world = createWorld();
    const held = await world.worker().begin(PROXY, '', 5000);
    Object.assign(world.live, { proxy: 'theirs', beneath: 'ours' });
    world.flush();
    await held.release();
    expect(world.live.beneath).toBe('');
    world.restart();
    expect(world.live.beneath).toBe('ours');
    const next = world.worker();
    await next.returnEverything();
    expect(world.live).toMatchObject({ proxy: 'theirs', beneath: '' });
    expect(await states(next)).toEqual(['left-to-another']);
    // Not yet believed: killed again before the disk has it.
    world.restart();
    await world.worker().returnEverything();
    expect(world.live.beneath).toBe('');
    world.flush();
    world.live.now += CONFIRM_AFTER_MS;
    const last = world.worker();
    await last.returnEverything();
    expect(parseEntries(world.stored())).toMatchObject([{ state: 'left-to-another', isSure: true }]);
  });

  it('stays given back where another takes the setting later', async () => {
    const world = createWorld();
    const journal = world.worker();
    const change = async () => {
      world.live.proxy = 'ours';
    };
    await journal.during(PROXY, '', 5000, change, async () => undefined);
    world.live.proxy = 'theirs';
    await journal.returnEverything();
    expect(await journal.changes()).toMatchObject([{ state: 'returned', returnedAtMs: 1000 }]);
    // In another life ours may lie beneath theirs, brought back by the disk.
    world.flush();
    world.restart();
    world.live.beneath = 'ours';
    world.live.now += 3_600_000;
    const next = world.worker();
    await next.returnEverything();
    expect(world.live).toMatchObject({ proxy: 'theirs', beneath: '' });
    world.live.now += CONFIRM_AFTER_MS;
    await next.returnEverything();
    expect(await states(next)).toEqual(['confirmed']);
  });

  it('given back in the middle, tells its user, and no part of the change lands afterwards', async () => {
    const world = createWorld();
    const journal = world.worker();
    const held = await journal.begin(SWITCH, 'X', 60_000);
    let land: () => void = () => undefined;
    const change = held.change(async () => {
      await new Promise<void>((resolve) => {
        land = resolve;
      });
      world.live.enabled.set('x', false);
    });
    const back = journal.returnEverything({ isAll: true });
    await new Promise((resolve) => setTimeout(resolve, 5));
    land();
    await Promise.all([change, back]);
    expect(world.live.enabled.get('x')).toBe(true);
    await expect(
      held.change(async () => {
        world.live.enabled.set('x', false);
      }),
    ).rejects.toThrow('given back');
    expect(await held.release()).toBe(false);
    expect(world.live.enabled.get('x')).toBe(true);
  });

  it('throws for a use that outlived its deadline', async () => {
    const world = createWorld();
    const journal = world.worker();
    const change = async () => {
      world.live.proxy = 'ours';
    };
    const use = async () => {
      world.live.now += 5001;
      await journal.returnEverything();
      return 'measured';
    };
    await expect(journal.during(PROXY, '', 5000, change, use)).rejects.toThrow('given back');
    expect(world.live.proxy).toBe('before');
  });

  it('asks to be woken for what is still in use when an earlier look is over', async () => {
    const world = createWorld();
    const journal = world.worker();
    await (await journal.begin(SWITCH, 'X', 5000)).release();
    await journal.begin(PROXY, '', 60_000);
    world.live.proxy = 'ours';
    world.live.now += CONFIRM_AFTER_MS + 1000;
    world.wakes.length = 0;
    await journal.returnEverything();
    expect(await states(journal)).toEqual(['confirmed', 'changed']);
    expect(world.wakes).toEqual([62_000]);
  });

  it('keeps an entry that cannot be given back, and tries ever more rarely', async () => {
    const world = createWorld();
    world.undoers['extension-switch'].look = () => Promise.reject(new Error('the permission was taken back'));
    const journal = world.worker();
    await (await journal.begin(SWITCH, 'X', 5000)).release();
    expect(await states(journal)).toEqual(['changed']);
    world.live.now += 3_600_000;
    world.wakes.length = 0;
    await journal.returnEverything();
    expect(await states(journal)).toEqual(['changed']);
    expect(world.wakes).toEqual([world.live.now + 900_000]);
  });

  it('writes down many changes by one write, and gives each back', async () => {
    const world = createWorld();
    const journal = world.worker();
    const ids = Array.from({ length: 100 }, (_, index) => `e${index}`);
    for (const id of ids) world.live.enabled.set(id, true);
    const held = await journal.beginAll(
      ids.map((id) => ({ undo: { ...SWITCH, extensionId: id }, target: id })),
      5000,
    );
    expect(world.writes.length).toBe(1);
    for (const id of ids) world.live.enabled.set(id, false);
    await Promise.all(held.map((one) => one.release()));
    expect([...world.live.enabled.values()].every(Boolean)).toBe(true);
  });

  it('does not touch entries of a kind that only a newer version knows', async () => {
    const world = createWorld();
    const future = { id: 'f', undo: { what: 'cookies', copy: ['a'] }, state: 'changed', more: true };
    world.put([future, 'rubbish', { id: 'g', undo: { what: 'extension-switch' }, state: 'changed' }]);
    const journal = world.worker();
    await (await journal.begin(PROXY, '', 5000)).release();
    expect(world.stored()).toMatchObject([future, { id: 'g' }, { state: 'returned' }]);
    expect(await states(journal)).toEqual(['returned']);
  });

  it('shows changes also while giving back hangs', async () => {
    const world = createWorld();
    const journal = world.worker();
    const held = await journal.begin(PROXY, '', 5000);
    world.undoers['proxy-setting'].look = () => new Promise(() => undefined);
    void held.release();
    expect(await states(journal)).toEqual(['changed']);
  });

  it('bears any stored shape and keeps within bounds', async () => {
    expect(parseEntries({ not: 'a list' })).toEqual([]);
    expect(
      parseEntries([null, 1, {}, { id: 'a', undo: { what: 'rm' }, target: '', changedAtMs: 1, deadlineAtMs: 1, state: 'changed' }]),
    ).toEqual([]);
    const world = createWorld();
    world.put('rubbish');
    const journal = world.worker();
    for (let count = 0; count < 270; count++) await (await journal.begin({ what: 'probe-tab', tabId: count }, '', 5000)).release();
    expect((await journal.changes()).length).toBeLessThanOrEqual(251);
  });
});

describe('what the person keeps', () => {
  it('is theirs, and never given back, in no life of the browser', async () => {
    const world = createWorld();
    const journal = world.worker();
    const held = await journal.begin(SWITCH, 'X', 5000);
    await held.change(async () => void world.live.enabled.set('x', false));
    expect(await held.keep()).toBe(true);
    expect(await states(journal)).toEqual(['kept']);
    expect(await held.release()).toBe(false);
    world.live.now += 2 * CONFIRM_AFTER_MS;
    await journal.returnEverything({ isAll: true });
    expect(world.live.enabled.get('x')).toBe(false);
    world.flush();
    world.restart();
    await world.worker().returnEverything();
    expect(world.live.enabled.get('x')).toBe(false);
    expect(await journal.changes()).toMatchObject([{ state: 'kept', returnedAtMs: 1000 }]);
  });

  it('is not taken for an earlier change that the disk brought back', async () => {
    const world = createWorld();
    const journal = world.worker();
    const first = await journal.begin(SWITCH, 'X', 5000);
    await first.change(async () => void world.live.enabled.set('x', false));
    await first.release();
    expect(world.live.enabled.get('x')).toBe(true);
    const held = await journal.begin(SWITCH, 'X', 5000);
    await held.change(async () => void world.live.enabled.set('x', false));
    await held.keep();
    world.flush();
    world.restart();
    await world.worker().returnEverything();
    expect(world.live.enabled.get('x')).toBe(false);
    expect(await states(journal)).toEqual(['confirmed', 'kept']);
  });

  it('is given back once the person takes it back, also where the disk brings it up again', async () => {
    const world = createWorld();
    const journal = world.worker();
    const held = await journal.begin(SWITCH, 'X', 5000);
    await held.change(async () => void world.live.enabled.set('x', false));
    await held.keep();
    world.flush();
    world.live.enabled.set('x', true);
    expect(await journal.takeBack(SWITCH)).toBe(true);
    expect(await states(journal)).toEqual(['returned']);
    expect(await journal.takeBack(SWITCH)).toBe(false);
    world.restart();
    expect(world.live.enabled.get('x')).toBe(false);
    await world.worker().returnEverything();
    expect(world.live.enabled.get('x')).toBe(true);
  });

  it('killed before it is written down, it is given back', async () => {
    const world = createWorld();
    const held = await world.worker().begin(SWITCH, 'X', 5000);
    await held.change(async () => void world.live.enabled.set('x', false));
    await world.worker().returnEverything();
    expect(world.live.enabled.get('x')).toBe(true);
    expect(await held.keep()).toBe(false);
  });
});

describe('several given back at once', () => {
  it('are undone by one write, and those given back before are told', async () => {
    const world = createWorld();
    for (const id of ['y', 'z']) world.live.enabled.set(id, true);
    const journal = world.worker();
    const held = await journal.beginAll(
      ['x', 'y', 'z'].map((id) => ({ undo: { what: 'extension-switch', extensionId: id, wasEnabled: true }, target: id })),
      5000,
    );
    for (const [index, id] of ['x', 'y', 'z'].entries()) await held[index]?.change(async () => void world.live.enabled.set(id, false));
    await held[1]?.release();
    const before = world.writes.length;
    expect(await journal.releaseAll(held)).toEqual([true, false, true]);
    expect(world.writes.length - before).toBe(1);
    expect([...world.live.enabled.values()]).toEqual([true, true, true]);
    expect(await states(journal)).toEqual(['returned', 'returned', 'returned']);
    await expect(held[0]?.change(async () => undefined)).rejects.toThrow('given back');
  });
});
