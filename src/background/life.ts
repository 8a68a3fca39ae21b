import type { BrowserApi } from './doors/browser-api';

const KEY = 'life';
/** An event of the start comes with the worker's first turn; where none has come by then, none will, ms. */
const NO_EVENT_MS = 1000;
/** A browser that starts with a new version of Unreset tells both, in any order, ms apart. */
const BOTH_MS = 300;

/** What began with this worker: the browser, a new version of Unreset in a browser that was running, or nobody tells. */
type Beginning = 'browser' | 'version' | 'unknown';

function hearBeginning(api: Pick<BrowserApi, 'runtime'>): () => Promise<Beginning> {
  let told: Beginning | undefined;
  let isTold: () => void = () => undefined;
  const tell = (beginning: Beginning) => {
    if (told !== 'browser') told = beginning;
    isTold();
  };
  api.runtime.onStartup.addListener(() => tell('browser'));
  api.runtime.onInstalled.addListener((details) => {
    if (details?.reason === 'update') tell('version');
  });
  const next = (withinMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      isTold = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return async () => {
    if (told === undefined) await next(NO_EVENT_MS);
    if (told === 'version') await next(BOTH_MS);
    return told ?? 'unknown';
  };
}

/**
 * Makes the browser's life: the same text from the browser's start to its exit, over updates of Unreset too, with which Chromium
 * forgets `storage.session` [seen]. Where nobody tells what began it is another life. Call once, synchronously, at top level.
 */
export function registerLife(api: Pick<BrowserApi, 'runtime' | 'storage'>, newId: () => string): () => Promise<string> {
  const beginning = hearBeginning(api);
  const read = async (): Promise<string> => {
    const { local, session } = api.storage;
    if (!session) return 'unknown';
    const current = (await session.get(KEY))[KEY];
    if (typeof current === 'string') return current;
    const former = (await local.get(KEY))[KEY];
    const life = (await beginning()) === 'version' && typeof former === 'string' ? former : newId();
    await Promise.all([session.set({ [KEY]: life }), local.set({ [KEY]: life })]);
    return life;
  };
  let life: Promise<string> | undefined;
  return () => {
    life ??= read();
    return life;
  };
}
