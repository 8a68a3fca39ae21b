/** What `npm start` was asked for. Paths are absolute. */
export interface StartOptions {
  /** Page to examine; absent: the lab's page. */
  url?: string;
  browser: 'chromium' | 'firefox';
  isHeadless: boolean;
  /** Where the exported report goes; absent without `--url` too, then `report.json`. */
  report?: string;
  browserArguments: string[];
  /** Folders of other extensions, in the order they are installed. */
  extensions: string[];
  timeoutMs: number;
  /** Answer to every permission and consent; by default `none`, and `all` in the lab where no person sits before the browser. */
  allow: 'all' | 'none';
}
/** Reads the command line. `error` is one line that tells what is wrong and the mend. */
export function parseOptions(args: readonly string[], workingDirectory: string): { options: StartOptions } | { error: string };
