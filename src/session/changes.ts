import type { Change, SessionState } from '../model/session';

/** The changes that belong to this walk's account: deletions of cookies for other sites are nobody's business here. */
export const changesOf = ({ experiments }: SessionState, changes: readonly Change[]): readonly Change[] => {
  const deletionId = experiments?.['cookie-search']?.detail?.deletionId;
  // What is cleared cannot be given back, so nothing but the experiment's own account knows of it.
  const cleared = (experiments?.['site-data']?.detail?.cleared ?? []).map(
    ({ what, atMs }): Change => ({ id: `site-data ${what}`, what: 'site-data', target: what, changedAtMs: atMs, state: 'kept' }),
  );
  return [...changes.filter(({ what, id }) => what !== 'cookies' || id === deletionId), ...cleared];
};
