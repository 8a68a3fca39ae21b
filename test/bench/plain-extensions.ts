import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../browsers/processes';
import type { BrowserName } from '../e2e/world';

/** An unpacked extension of these files; it stands in for Unreset, so it bears the same id where the id is in the manifest. */
function extension(browser: BrowserName, name: string, manifest: object, files: Record<string, string> = {}): string {
  const folder = temporaryDirectory(name);
  const gecko = browser === 'firefox' ? { browser_specific_settings: { gecko: { id: 'unreset@unreset.example' } } } : {};
  const all = { 'manifest.json': JSON.stringify({ manifest_version: 3, name, version: '1.0', ...gecko, ...manifest }), ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Nothing at all. */
export function nothing(browser: BrowserName): string {
  return extension(browser, 'nothing', {});
}

/** A popup of one line: what a click costs with any extension. */
export function plainPopup(browser: BrowserName): string {
  return extension(
    browser,
    'plain-popup',
    {
      action: {
        default_popup: 'src/popup/index.html',
        ...(browser === 'firefox' ? { default_area: 'navbar' } : {}),
      },
    },
    {
      'src/popup/index.html': '<!doctype html><meta charset="utf-8"><title>plain</title><script src="mark.js"></script><main>words</main>',
      'src/popup/mark.js': `requestAnimationFrame(() => setTimeout(() => performance.mark('first-words')));`,
    },
  );
}

/** One listener for errors on all sites: the least that can hear of failed parts of a page. */
export function errorListener(browser: BrowserName): string {
  const background = browser === 'firefox' ? { scripts: ['worker.js'] } : { service_worker: 'worker.js' };
  return extension(
    browser,
    'error-listener',
    { permissions: ['webRequest'], host_permissions: ['<all_urls>'], background },
    {
      'worker.js': `(globalThis.browser ?? chrome).webRequest.onErrorOccurred.addListener(() => undefined, { urls: ['<all_urls>'] });`,
    },
  );
}
