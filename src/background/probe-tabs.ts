/** The part of `storage.session` that the registry keeps itself in. */
export interface SessionArea {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
}

/** Tabs of our own, so that the error watcher leaves them out. Survives the worker, not the browser: tab ids are reused after a restart. */
export interface ProbeTabs {
  /** Resolves when the stored ids are known. */
  ready: Promise<void>;
  /** Whether a tab is ours; certain only after `ready`. */
  has(tabId: number): boolean;
  add(tabId: number): Promise<void>;
  remove(tabId: number): Promise<void>;
}

const KEY = 'probeTabs';
/** Ids are kept a little after closing, for events that come late. */
const KEPT = 20;

export function createProbeTabs(area: SessionArea | undefined): ProbeTabs {
  const ids: number[] = [];
  let writing: Promise<void> = Promise.resolve();
  const ready = (area ? area.get(KEY) : Promise.resolve({} as Record<string, unknown>)).then(
    (stored) => {
      const value = stored[KEY];
      if (Array.isArray(value)) ids.push(...value.filter((id): id is number => typeof id === 'number' && !ids.includes(id)));
    },
    () => undefined,
  );
  const write = () => {
    writing = writing.then(() => area?.set({ [KEY]: ids.slice(-KEPT) })).catch(() => undefined);
    return writing;
  };
  return {
    ready,
    has: (tabId) => ids.includes(tabId),
    async add(tabId) {
      await ready;
      if (!ids.includes(tabId)) ids.push(tabId);
      if (ids.length > KEPT) ids.splice(0, ids.length - KEPT);
      await write();
    },
    async remove(tabId) {
      await ready;
      const at = ids.indexOf(tabId);
      if (at >= 0) ids.splice(at, 1);
      await write();
    },
  };
}
