import type { BrowserUnderTest, Tab } from '../browsers/driver';
import { launchBrowser } from '../browsers/launch';
import { type BrowserName, failIn, openWorld, settled } from '../e2e/world';
import { median } from './figures';
import { plainPopup } from './plain-extensions';

const ROUNDS = 9;

/** Medians, ms. The driver's own time is not in them: the click is stamped as it is sent, the rest by the page itself. */
export interface FirstWords {
  /** From the click to host and error drawn, the worker running. */
  warmMs: number;
  /** The same with the worker stopped before the click. */
  coldMs: number;
  /** The same of a popup of one line of text, without a script to speak of, in turns with ours: what the browser takes for itself. */
  floorMs: number;
  /** Of each the part from the beginning of the page; the rest the browser takes to open it. */
  ofPage: { warmMs: number; coldMs: number; floorMs: number };
}

interface Times {
  total: number[];
  page: number[];
}

async function open(browser: BrowserUnderTest, tab: Tab, times: Times, isCounted: boolean, close: boolean): Promise<void> {
  const popup = await browser.openPopupFor(tab);
  const { origin, words } = await popup.waitFor<{ origin: number; words: number }>(
    `(() => { const [mark] = performance.getEntriesByName('first-words'); return mark && { origin: performance.timeOrigin, words: mark.startTime }; })()`,
    10_000,
    'the first words',
  );
  if (isCounted) {
    times.total.push(origin + words - browser.clickedAtMs);
    times.page.push(words);
  }
  if (close) await settled(popup);
  await popup.close();
}

export async function measureFirstWords(name: BrowserName): Promise<FirstWords> {
  const world = await openWorld(name, 'filter-server-name');
  const plain = await launchBrowser(name, { extension: plainPopup(name), isHeadless: true });
  const none = (): Times => ({ total: [], page: [] });
  const [warm, cold, floor] = [none(), none(), none()];
  try {
    const tab = await failIn(world);
    const plainTab = await plain.openTab();
    for (let round = -1; round < ROUNDS; round += 1) {
      await open(plain, plainTab, floor, round >= 0, false);
      await open(world.browser, tab, warm, round >= 0, true);
      await world.browser.stopBackground();
      await open(world.browser, tab, cold, round >= 0, true);
    }
  } finally {
    await plain.close();
    await world.close();
  }
  return {
    warmMs: median(warm.total),
    coldMs: median(cold.total),
    floorMs: median(floor.total),
    ofPage: { warmMs: median(warm.page), coldMs: median(cold.page), floorMs: median(floor.page) },
  };
}
