import type { Observer } from './found';

/** What the search among other extensions found. It comes after the probes, and what it says was repeated until it was clear. */
export const observeExtensionSearch: Observer = ({ experiments, page }) => {
  const detail = experiments['extension-search']?.detail;
  if (page === undefined || !detail?.result) return [];
  if (detail.result.kind === 'found') return [{ id: 'extensions-disabled', value: 'works', by: 'extension-search' }];
  // One that stayed on all the while may still be it.
  const isAnyLeftOn = detail.extensions.some(({ state, why }) => state === 'left-alone' && why !== 'removed' && why !== 'switched-off');
  if (detail.result.kind === 'cleared' && !isAnyLeftOn) return [{ id: 'extensions-disabled', value: 'fails', by: 'extension-search' }];
  return [];
};
