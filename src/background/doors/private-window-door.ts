import type { PrivateWindowDoor } from '../../experiments/experiment';
import type { Journal } from '../../experiments/journal';
import type { ProbeTabs } from '../probe-tabs';
import { type NavigateOptions, navigate } from './tab-door';

/** The window is closed at the latest after this, ms. */
const HOLD_MS = 12_000;
const LOAD_MS = 7_000;

/** Longest that opening a window may take, ms. */
const OPEN_MS = 5_000;

/** Waits for a window, but no longer than that or than it is wanted: Firefox never answers where it is closed while it opens. */
async function patiently<T>(opening: Promise<T>, signal: AbortSignal): Promise<T> {
  let give: () => void = () => undefined;
  const given = new Promise<never>((_, reject) => {
    give = () => reject(new Error('no private window'));
  });
  const timer = setTimeout(give, OPEN_MS);
  signal.addEventListener('abort', give, { once: true });
  if (signal.aborted) give();
  try {
    return await Promise.race([opening, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', give);
  }
}

/**
 * Private windows of our own. Only what the page did there leaves the door: no address, no title, no header. The tab
 * counts as ours, so that its failure is no incident either.
 */
export function createPrivateWindowDoor(
  options: Omit<NavigateOptions, 'signal'> & { journal: Journal; probeTabs: ProbeTabs; newMark(): string },
): PrivateWindowDoor {
  const { api, engine, journal, probeTabs } = options;
  // Firefox hides the address of a blank tab from extensions, a page of our own never; Chromium opens no page of ours there, and hides nothing.
  const blankUrl = engine === 'gecko' ? api.runtime.getURL('blank.html') : 'about:blank';
  return {
    isAllowed: () => api.extension.isAllowedIncognitoAccess().catch(() => false),
    async show(url) {
      await api.windows.create({ url, incognito: true });
    },
    async load(url, signal) {
      const mark = options.newMark();
      const held = await journal.begin({ what: 'private-window', windowId: -1, mark }, '', HOLD_MS);
      try {
        // The mark stands in the address from the first moment, so that a worker that is killed now finds the window again.
        const made = await held.change(() =>
          patiently(api.windows.create({ url: `${blankUrl}#${mark}`, incognito: true, focused: false }), signal),
        );
        const [tab] = made?.tabs ?? [];
        if (made?.id === undefined || tab?.id === undefined) throw new Error('no private window');
        const tabId = tab.id;
        await Promise.all([probeTabs.add(tabId), held.amend({ what: 'private-window', windowId: made.id, mark })]);
        const address = `${url.split('#')[0]}#${mark}`;
        return await navigate({ ...options, signal }, tabId, url, () => api.tabs.update(tabId, { url: address }), LOAD_MS);
      } finally {
        await held.release();
      }
    },
  };
}
