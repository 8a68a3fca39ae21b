/** Where the page stands and what it was asked to show. */
export type Surface =
  | { kind: 'popup' }
  | { kind: 'tab'; tabId: number }
  | { kind: 'session'; sessionId: string }
  | { kind: 'url'; url: string }
  /** A tab or panel with nothing asked: the list of recent incidents. */
  | { kind: 'home' };

/** Reads the page's query: none is the popup. */
export function readSurface(search: string): Surface {
  const query = new URLSearchParams(search);
  const sessionId = query.get('session');
  if (sessionId) return { kind: 'session', sessionId };
  const url = query.get('url');
  if (url) return { kind: 'url', url };
  const tab = query.get('tab');
  if (tab !== null && /^\d{1,10}$/.test(tab)) return { kind: 'tab', tabId: Number(tab) };
  return query.size === 0 ? { kind: 'popup' } : { kind: 'home' };
}
