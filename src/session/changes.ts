import type { Change, SessionState } from '../model/session';

/** The changes that belong to this walk's account: deletions of cookies for other sites are nobody's business here. */
export const changesOf = ({ experiments, incident }: SessionState, changes: readonly Change[]): readonly Change[] => {
  // By host, for a search that is begun anew knows nothing of what the former one deleted.
  const deletionId = experiments?.['cookie-search']?.detail?.deletionId;
  // What is cleared cannot be given back, so nothing but the experiment's own account knows of it.
  const data = experiments?.['site-data']?.detail;
  const cleared = [...(data?.formerly ?? []), ...(data?.cleared ?? [])].map(
    ({ what, atMs }): Change => ({ id: `site-data ${what} ${atMs}`, what: 'site-data', target: what, changedAtMs: atMs, state: 'kept' }),
  );
  return [...changes.filter(({ what, id, host }) => what !== 'cookies' || id === deletionId || host === incident.host), ...cleared];
};
