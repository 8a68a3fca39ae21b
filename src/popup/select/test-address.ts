import type { MessageId } from '../../model/message';

/** Longest address taken, characters; the incident store keeps no longer one. */
const MAX_LENGTH = 8192;

export type TestAddress = { url: string } | { problem: MessageId };

/** Reads what a person typed as an address to test; without a scheme, https is meant. */
export function readTestAddress(typed: string): TestAddress {
  const text = typed.trim();
  if (text === '') return { problem: 'ui_address_empty' };
  if (text.length > MAX_LENGTH) return { problem: 'ui_address_too_long' };
  const hasScheme = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/?#]+:\d+(?:[/?#]|$)/.test(text);
  if (hasScheme && !/^https?:/i.test(text)) return { problem: 'ui_address_scheme' };
  const url = parse(hasScheme ? text : `https://${text}`);
  if (url === undefined || url.hostname === '' || /\s/.test(text)) return { problem: 'ui_address_invalid' };
  url.username = '';
  url.password = '';
  url.hash = '';
  return { url: url.href };
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

export type TabKind = 'web' | 'own' | 'store' | 'browser' | 'file' | 'unknown';

/** Stores that browsers keep every extension away from. */
const STORES = new Set(['chromewebstore.google.com', 'chrome.google.com', 'microsoftedge.microsoft.com', 'addons.mozilla.org']);

/** What kind of page a tab shows, as to whether it can be tested. */
export function tabKind(tabUrl: string | undefined): TabKind {
  if (tabUrl === undefined || tabUrl === '') return 'unknown';
  const url = parse(tabUrl);
  if (url === undefined) return 'unknown';
  if (url.protocol === 'http:' || url.protocol === 'https:') {
    const isWebStore = STORES.has(url.hostname) && (url.hostname !== 'chrome.google.com' || url.pathname.startsWith('/webstore'));
    return isWebStore ? 'store' : 'web';
  }
  if (url.protocol.endsWith('-extension:')) return 'own';
  return url.protocol === 'file:' ? 'file' : 'browser';
}
