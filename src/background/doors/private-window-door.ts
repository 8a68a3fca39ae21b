import type { PrivateWindowDoor } from '../../experiments/experiment';
import type { Journal } from '../../experiments/journal';
import { type Later, withDeadline } from '../deadline';
import type { ProbeTabs } from '../probe-tabs';
import { type NavigateOptions, navigate } from './tab-door';

/** The window is closed at the latest after this, ms. */
const HOLD_MS = 12_000;
const LOAD_MS = 7_000;
/** Longest that opening it may take, ms: Firefox never answers for a window that is closed while it opens. */
const OPEN_MS = 5_000;

/**
 * Private windows of our own. Only what the page did there leaves the door: no address, no title, no header. The tab
 * counts as ours, so that its failure is no incident either.
 */
export function createPrivateWindowDoor(
  options: Omit<NavigateOptions, 'signal'> & { journal: Journal; probeTabs: ProbeTabs; newMark(): string; later: Later },
): PrivateWindowDoor {
  const { api, engine, journal, probeTabs, later } = options;
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
          withDeadline(() => api.windows.create({ url: `${blankUrl}#${mark}`, incognito: true, focused: false }), {
            limitMs: OPEN_MS,
            later,
            stop: signal,
          }),
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
