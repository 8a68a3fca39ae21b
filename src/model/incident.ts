import type { Failure, Phase } from './vocabulary';

/** What kind of request failed. `main-frame` is the page itself. */
export type RequestKind = 'main-frame' | 'sub-frame' | 'sub-resource' | 'fetch' | 'websocket';

/** One network error as a browser reported it, normalised. Produced by `net-errors` only. */
export interface NetError {
  /** As the browser says it: `net::ERR_CONNECTION_RESET`, `NS_ERROR_NET_RESET`, `Error code 2152398868` or a localised sentence. At most 300 characters. */
  raw: string;
  failure: Failure;
}

/** One page's failure, as the error watcher records it. */
export interface Incident {
  /** Random, unique per installation. */
  id: string;
  /** Tab that failed; `-1` once the tab is gone or for a URL typed into the popup. */
  tabId: number;
  /** The failing URL, without fragment and credentials; at most 8,192 characters. */
  url: string;
  /** Host of `url` as the URL parser gives it (punycode, IPv6 in brackets). */
  host: string;
  /** Address of the page the request belongs to; equals `url` for `main-frame`. */
  pageUrl: string;
  kind: RequestKind;
  /** HTTP method, upper case. */
  method: string;
  error: NetError;
  phase: Phase;
  /** Peer address where the browser told it: Chromium after response headers only, Firefox once connected; under a proxy it is the proxy's. */
  ip?: string;
  /** Time from sending the request to the error, ms; absent where unknown. */
  durationMs?: number;
  /** The same of the newest times seen, browser's own reloads counted, at most 5, oldest first; absent where one time only is known. */
  durationsMs?: readonly number[];
  /** First and last time seen, ms since the epoch. */
  firstAtMs: number;
  lastAtMs: number;
  /** Times seen, browser's own automatic reloads not counted. */
  count: number;
  /** Browser's own automatic reloads that failed the same way. */
  autoReloads: number;
  /** The page that a part belongs to had come from the browser's cache, and asked for it while loading. */
  isPageFromCache?: true;
  /** The page that a part belongs to was the answer to something sent: loading it again would be something else. */
  isPageSent?: true;
  /** The part belongs to a frame of the page. */
  isInFrame?: true;
  /** URLs this request id was redirected through before `url`, oldest first, at most 10. */
  redirects: readonly string[];
  /** Times that a page failed again although it had loaded in between; absent: never seen. */
  comeBacks?: number;
  /** Set when the page later loaded in that tab, ms since the epoch. */
  mendedAtMs?: number;
  /** Made by testing a page that loads: nothing failed, `error` is `{ raw: '', failure: 'failed' }` and means nothing. */
  isHealthy?: true;
}

/** Whether the failing request may be sent again at all: what sends something, and a WebSocket, is watched only. */
export const isRepeatable = ({ kind, method }: Pick<Incident, 'kind' | 'method'>): boolean =>
  kind !== 'websocket' && (method === 'GET' || method === 'HEAD');

/** Whether a part of a page failed which the page asks for again when it is loaded again. */
export const isPartOfPage = ({ kind, method, pageUrl, url, isPageSent, isInFrame }: Incident): boolean =>
  (kind === 'sub-resource' || kind === 'fetch') &&
  method === 'GET' &&
  !isPageSent &&
  !isInFrame &&
  /^https?:/i.test(pageUrl) &&
  pageUrl !== url;
