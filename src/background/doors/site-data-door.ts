import type { SiteDataKind } from '../../model/experiment';
import type { BrowserApi } from './browser-api';

/** Chromium's words for what a kind consists of. */
const IN_CHROMIUM: Readonly<Record<SiteDataKind, readonly string[]>> = {
  cache: ['cache'],
  'service-worker': ['serviceWorkers', 'cacheStorage'],
  storage: ['localStorage', 'indexedDB', 'fileSystems'],
};
const IN_FIREFOX: Readonly<Record<SiteDataKind, readonly string[]>> = {
  cache: ['cache'],
  'service-worker': ['serviceWorkers'],
  storage: ['localStorage', 'indexedDB'],
};

const unique = (all: readonly string[]): readonly string[] => [...new Set(all)];

/**
 * Clears one kind of what the browser keeps of a site, as narrowly as it can: Chromium by origin, Firefox by host, its
 * cache only as a whole (its entries are kept by top-level site, which a host alone does not name).
 */
export async function clearSiteData(
  api: BrowserApi,
  engine: 'chromium' | 'gecko',
  what: SiteDataKind,
  urls: readonly string[],
): Promise<void> {
  if (!api.browsingData) throw new Error('the permission to clear data was taken back');
  const all = urls.map((url) => new URL(url));
  const types = engine === 'chromium' ? IN_CHROMIUM[what] : IN_FIREFOX[what];
  const narrow =
    engine === 'chromium'
      ? { origins: unique(all.map(({ origin }) => origin)) }
      : what === 'cache'
        ? {}
        : { hostnames: unique(all.flatMap(({ hostname, host }) => [hostname, host])) };
  await api.browsingData.remove({ since: 0, ...narrow }, Object.fromEntries(types.map((type) => [type, true])));
}
