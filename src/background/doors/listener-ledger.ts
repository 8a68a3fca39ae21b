import type { BrowserApi, EventSource, RequestListener } from './browser-api';

/** Names of the webRequest events that are listened to for a while. */
export type RequestEvent = Exclude<keyof BrowserApi['webRequest'], 'getSecurityInfo'>;
export interface RequestFilter {
  urls: readonly string[];
  types?: readonly string[];
  tabId?: number;
}

/**
 * Listeners for a while. Chromium keeps the registration of a worker that is killed and wakes the
 * next one at everybody's requests, until the same event with the same filter is registered and
 * removed again [seen]. So each is noted before it is made, and what a killed worker left is swept.
 */
export interface ListenerLedger {
  /** Adds a listener to a webRequest event; returns what removes it. */
  hear(event: RequestEvent, listener: RequestListener, filter: RequestFilter, extra?: readonly string[]): () => void;
  /** Resolves when the browser has heard of all listeners added so far: registering is a message, and an answered call behind it means that it has arrived. */
  settled(): Promise<void>;
}

type Note = readonly [event: RequestEvent, filter: RequestFilter, extra: readonly string[]];
const KEY = 'listeners';
const nobody = () => undefined;

function isNote(value: unknown): value is Note {
  return (
    Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'object' && value[1] !== null && Array.isArray(value[2])
  );
}

/** Call at the worker's top level, once. */
export function createListenerLedger(api: BrowserApi): ListenerLedger {
  // Events without filters are kept by name alone: once on and off again is enough, and other listeners of ours stay.
  const plain: readonly (EventSource<never> | undefined)[] = [
    api.webNavigation.onBeforeNavigate,
    api.webNavigation.onErrorOccurred,
    api.webNavigation.onCompleted,
    api.tabs.onRemoved,
    api.proxy.onProxyError,
  ] as readonly (EventSource<never> | undefined)[];
  for (const source of plain) {
    source?.addListener(nobody as never);
    source?.removeListener(nobody as never);
  }

  const area = api.storage.session;
  const notes = new Set<Note>();
  let writing: Promise<unknown> = Promise.resolve();
  let isDue = false;
  const write = () => {
    if (isDue) return;
    isDue = true;
    writing = writing
      .then(() => {
        isDue = false;
        return area?.set({ [KEY]: [...notes] });
      })
      .catch(() => undefined);
  };
  const settled = async () => {
    await writing;
    await api.runtime.getPlatformInfo();
  };

  const swept = (async () => {
    const left = (await area?.get(KEY))?.[KEY];
    if (!Array.isArray(left) || left.length === 0) return;
    const removers: (() => void)[] = [];
    for (const note of left.filter(isNote)) {
      const [event, filter, extra] = note;
      const listener = () => undefined;
      api.webRequest[event]?.addListener(listener, filter, ...(extra.length > 0 ? [extra] : []));
      removers.push(() => api.webRequest[event]?.removeListener(listener));
    }
    await api.runtime.getPlatformInfo();
    for (const remove of removers) remove();
    write();
  })().catch(() => undefined);

  return {
    hear(event, listener, filter, extra = []) {
      const note: Note = [event, filter, extra];
      notes.add(note);
      write();
      api.webRequest[event].addListener(listener, filter, ...(extra.length > 0 ? [extra] : []));
      return () => {
        api.webRequest[event].removeListener(listener);
        notes.delete(note);
        write();
      };
    },
    async settled() {
      await swept;
      await settled();
    },
  };
}
