import type { Incident } from '../model/incident';

/** Key of the kept incidents in `storage.local`; the worker alone writes them. */
export const INCIDENTS_KEY = 'incidents';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whether it has all that a heading shows; the worker's answer, which replaces it, is checked in full. */
function isShowable(value: unknown): value is Incident {
  return (
    isRecord(value) &&
    typeof value.host === 'string' &&
    typeof value.pageUrl === 'string' &&
    typeof value.lastAtMs === 'number' &&
    typeof value.count === 'number' &&
    typeof value.autoReloads === 'number' &&
    isRecord(value.error) &&
    typeof value.error.raw === 'string' &&
    typeof value.error.failure === 'string'
  );
}

function hostOf(url: string | undefined): string | undefined {
  try {
    const { protocol, hostname } = new URL(url ?? '');
    return protocol === 'http:' || protocol === 'https:' ? hostname : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a page may say of a failed tab before the worker, which may have to be started first, answers:
 * the tab's own failure as it was written down. Undefined where there is none or anything is in doubt.
 */
export function glance(stored: unknown, tab: { id: number; url?: string }): Incident | undefined {
  if (!Array.isArray(stored)) return undefined;
  const shown = hostOf(tab.url);
  let newest: Incident | undefined;
  for (const record of stored) {
    if (!isRecord(record) || record.isLeft === true || !isRecord(record.incident)) continue;
    const { incident } = record;
    if (incident.tabId !== tab.id || incident.kind !== 'main-frame' || incident.mendedAtMs !== undefined || !isShowable(incident)) continue;
    if (shown !== undefined && hostOf(incident.pageUrl) !== shown) continue;
    if (newest === undefined || incident.lastAtMs > newest.lastAtMs) newest = incident;
  }
  return newest;
}
