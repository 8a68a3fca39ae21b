/**
 * What waits behind a button, because it needs a permission, changes something, exposes the
 * person's address or tells a third party the host's name. Each has texts `consent_<id>_title`,
 * `consent_<id>_why` (one sentence) in `_locales` (dashes become underscores).
 */
export const CONSENT_IDS = [
  /** Access to the failing host, where the person has withheld it. */
  'host-access',
  /** Permission to see which other extensions are able to interfere (`management`). */
  'see-extensions',
  /** Permission to set headers of our own requests (`declarativeNetRequestWithHostAccess`; Firefox `webRequestBlocking`). */
  'set-own-headers',
  /** Tell independent resolvers (named in the text) the host's name. */
  'ask-resolvers',
  /** Chromium: a proxy script of ours for a blink, to learn the address the browser uses. Changes a setting and gives it back. */
  'read-browser-dns',
  /** Past the proxy: shows the person's own address to the site; in Chromium changes a setting and gives it back. */
  'go-direct',
  /** Other extensions off for a moment, then on again. */
  'switch-extensions-off',
  /** A one-time link or download is requested again. */
  'replay-one-time-link',
  /** Thirty more requests to the site, to measure a rare reset. */
  'larger-burst',
] as const;
export type ConsentId = (typeof CONSENT_IDS)[number];

/** The person's word on a consent; `refused` is an answer, not an error. */
export type ConsentState = 'not-asked' | 'given' | 'refused';
