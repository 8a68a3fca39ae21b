/** Operating systems that get steps of their own. `other` gets general words. */
export type OperatingSystem = 'windows' | 'macos' | 'linux' | 'chromeos' | 'other';

/** Browsers that get steps of their own. */
export type Browser = 'chrome' | 'edge' | 'firefox' | 'chromium';

/** What is known of the person's system without asking. */
export interface Environment {
  os: OperatingSystem;
  browser: Browser;
  engine: 'chromium' | 'gecko';
  /** Major version of the browser, e.g. 156. */
  browserVersion: number;
  /** Firefox: the second number, with which long-term releases count their updates. */
  browserUpdate?: number;
  /** Language of the browser as BCP 47, e.g. `en-GB`. */
  language: string;
}
