import { describe, expect, it } from 'vitest';
import { createGuided, GUIDED_LIMIT_MS } from '../../src/background/guided';
import type { ExperimentRun } from '../../src/model/experiment';
import type { SessionState } from '../../src/model/session';

const NOW = 10 * GUIDED_LIMIT_MS;

/** A worker that has just woken over walks of an earlier life; the first is the newest. */
function createWorld(runs: Readonly<Record<string, Partial<ExperimentRun<'extension-search'>>>>, busyWith?: string) {
  const looked: string[] = [];
  const guided = createGuided({
    store: {
      newest: async () => Object.keys(runs)[0],
      read: async (id) =>
        runs[id] &&
        ({ experiments: { 'extension-search': { startedAtMs: NOW, detail: { mode: 'guided' }, ...runs[id] } } } as SessionState),
    },
    experiments: {
      isBusyElsewhere: (sessionId) => busyWith !== undefined && busyWith !== sessionId,
      async word(sessionId, id, { word }) {
        looked.push(`${sessionId} ${id} ${word}`);
        throw new Error('went away');
      },
    },
    now: () => NOW,
  });
  return { guided, looked };
}

describe('a guided search that the worker’s death left waiting', () => {
  it('goes on when an extension is switched, in the newest walk only', async () => {
    for (const status of ['waiting', 'running', 'interrupted'] as const) {
      const { guided, looked } = createWorld({ s2: { status }, s1: { status: 'waiting' } });
      await guided.noteSwitched();
      expect(looked).toEqual(['s2 extension-search look']);
    }
    for (const status of ['done', 'stopped', 'failed'] as const) {
      const { guided, looked } = createWorld({ s2: { status }, s1: { status: 'waiting' } });
      await guided.noteSwitched();
      expect(looked).toEqual([]);
    }
    const { guided, looked } = createWorld({});
    await guided.noteSwitched();
    expect(looked).toEqual([]);
  });

  it('is nobody’s any more half an hour after its last sign', async () => {
    const lookedAfter = async (run: Partial<ExperimentRun<'extension-search'>>) => {
      const { guided, looked } = createWorld({ s1: { status: 'waiting', ...run } });
      await guided.noteSwitched();
      return looked.length;
    };
    expect(await lookedAfter({ startedAtMs: 0, changedAtMs: NOW - GUIDED_LIMIT_MS })).toBe(1);
    expect(await lookedAfter({ startedAtMs: 0, changedAtMs: NOW - GUIDED_LIMIT_MS - 1 })).toBe(0);
    // What an older version wrote tells only its start.
    expect(await lookedAfter({ startedAtMs: NOW - GUIDED_LIMIT_MS })).toBe(1);
    expect(await lookedAfter({ startedAtMs: NOW - GUIDED_LIMIT_MS - 1 })).toBe(0);
  });

  it('goes on whenever a page shows its walk, however old', async () => {
    const { guided, looked } = createWorld({ s2: { status: 'done' }, s1: { status: 'waiting', startedAtMs: 0 } });
    await guided.noteWatched('s1');
    expect(looked).toEqual(['s1 extension-search look']);
    await guided.noteWatched('s2');
    await guided.noteWatched('unknown');
    expect(looked).toHaveLength(1);
    // One that was interrupted in the middle of a load waits for the person's word.
    const interrupted = createWorld({ s1: { status: 'interrupted' } });
    await interrupted.guided.noteWatched('s1');
    expect(interrupted.looked).toEqual([]);
  });

  it('ends nobody else’s experiment, and does not take a search that switches by itself for one', async () => {
    const busy = createWorld({ s1: { status: 'waiting' } }, 's9');
    await busy.guided.noteSwitched();
    await busy.guided.noteWatched('s1');
    expect(busy.looked).toEqual([]);
    const mine = createWorld({ s1: { status: 'waiting' } }, 's1');
    await mine.guided.noteWatched('s1');
    expect(mine.looked).toHaveLength(1);
    const switching = createWorld({ s1: { status: 'waiting', detail: { mode: 'switching' } as never } });
    await switching.guided.noteSwitched();
    await switching.guided.noteWatched('s1');
    expect(switching.looked).toEqual([]);
  });
});
