import type { Experiments } from './experiments';
import type { SessionStore } from './session-store';

/** How long after its last sign a guided search goes on when an extension was switched, ms. One of last week is nobody's any more. */
export const GUIDED_LIMIT_MS = 30 * 60_000;

/** Sets a guided search going again that an earlier life of the worker began. */
export interface Guided {
  /** An extension was switched or removed: the newest walk's search may be waiting for just that. */
  noteSwitched(): Promise<void>;
  /** A page shows a walk, for the first time or again after the worker died: what waits there for the person follows their hand. */
  noteWatched(sessionId: string): Promise<void>;
}

export function createGuided(options: {
  store: Pick<SessionStore, 'newest' | 'read'>;
  experiments: Pick<Experiments, 'isBusyElsewhere' | 'word'>;
  now(): number;
}): Guided {
  const { store, experiments, now } = options;
  const guidedRun = async (sessionId: string) => {
    const run = (await store.read(sessionId))?.experiments?.['extension-search'];
    return run?.detail?.mode === 'guided' ? run : undefined;
  };
  const look = async (sessionId: string): Promise<void> => {
    // Nobody's experiment is ended for a look.
    if (experiments.isBusyElsewhere(sessionId, 'extension-search')) return;
    await experiments.word(sessionId, 'extension-search', { word: 'look' }).catch(() => undefined);
  };
  return {
    async noteSwitched() {
      const newest = await store.newest();
      const run = newest === undefined ? undefined : await guidedRun(newest);
      const isOpen = run?.status === 'waiting' || run?.status === 'running' || run?.status === 'interrupted';
      if (newest === undefined || !isOpen || now() - (run.changedAtMs ?? run.startedAtMs) > GUIDED_LIMIT_MS) return;
      await look(newest);
    },
    async noteWatched(sessionId) {
      if ((await guidedRun(sessionId))?.status === 'waiting') await look(sessionId);
    },
  };
}
