import { Chromium } from './chromium';
import type { BrowserUnderTest, LaunchOptions } from './driver';
import { Firefox } from './firefox';

/** Launches a browser with Unreset in it, by the browser's name. */
export function launchBrowser(name: 'chromium' | 'firefox', options: LaunchOptions): Promise<BrowserUnderTest> {
  return name === 'chromium' ? Chromium.launch(options) : Firefox.launch(options);
}
