import type { Found, Observer } from './found';

/** What the experiments with cookies, stored data and a private window found. They come after the probes, and what stayed unclear is no fact. */
export const observeSiteData: Observer = ({ experiments, page, isIntermittent }) => {
  const found: Found[] = [];
  if (page === undefined) return found;
  const search = experiments['cookie-search']?.detail;
  if (search?.outcome === 'found') found.push({ id: 'cookieless', value: 'works', by: 'cookie-search' });
  if (search?.outcome === 'fails-without-cookies') found.push({ id: 'cookieless', value: 'fails', by: 'cookie-search' });
  if (search && search.bytes > 0) found.push({ id: 'cookie-header-size', value: sizeBand(search.bytes), by: 'cookie-search' });

  // The page was loaded until the odds were clear, by how often it fails: this holds also where it comes and goes.
  const data = experiments['site-data']?.detail;
  // Past the cache and the service worker is what clearing them is; clearing the storage is more than that.
  if (data?.mendedBy === 'cache' || data?.mendedBy === 'service-worker')
    found.push({ id: 'site-state-bypass', value: 'works', by: 'site-data' });

  // That a page works in a private window tells something only where it fails each time outside.
  if (isIntermittent) return found;
  const aside = experiments['private-window']?.detail?.outcome;
  if (aside === 'works' || aside === 'fails') found.push({ id: 'incognito', value: aside, by: 'private-window' });
  return found;
};

/** The vocabulary's bands of the Cookie header's size. */
export const sizeBand = (bytes: number) => {
  if (bytes < 4_096) return 'under-4k';
  if (bytes < 8_192) return '4k-8k';
  return bytes < 16_384 ? '8k-16k' : 'over-16k';
};
