import type { NetError } from './incident';

/** A request of our own, described; the requester (an edge) performs it. */
export interface ExchangeRequest {
  url: string;
  /** Only these are ever sent. Default GET. */
  method?: 'GET' | 'HEAD';
  /** `include` the person's cookies, `omit` them (another socket pool in Chromium), or `strip` the header by rule (same pool; needs the header-rule door). Default `omit`. */
  cookies?: 'include' | 'omit' | 'strip';
  /** Ask for a connection of its own (`Connection: close` by rule); needs the header-rule door, else ignored and `wasFresh` says so. */
  isFreshConnection?: boolean;
  /** Headers to set by rule (`Host`, `User-Agent`, …); needs the header-rule door. */
  headers?: Readonly<Record<string, string>>;
  /** Value of the `Accept` header; any request may set this one. */
  accept?: string;
  /** Go direct, past any proxy (Firefox only; Chromium does it as an experiment). */
  isDirect?: boolean;
  /** Follow redirects? Default `manual`: a redirect counts as an answer. */
  redirect?: 'manual' | 'follow';
  /** HTTP cache mode. Default `no-store`. */
  cache?: 'no-store' | 'default' | 'reload';
  /** Give up after this long, ms; at most 8,000. Default 8,000. */
  timeoutMs?: number;
  /** Read at most this many bytes of the body, then stop politely. Default 65,536. 0: headers only. */
  maxBytes?: number;
  /**
   * Whose request it is; requests to the failing site are counted and limited, and those to where it leads (`led-to`) with them, though
   * what those say does not end the others.
   */
  party: 'failing-site' | 'led-to' | 'control' | 'resolver';
  /** Keep up to this many characters of the body as text (captive portals, DoH). Default 0. */
  keepText?: number;
  /** Keep the body as bytes (DNS over HTTPS). Default false. */
  keepBytes?: boolean;
}

/** What a certificate chain showed (Firefox only). */
export interface SecurityFacts {
  protocolVersion?: string;
  /** Subject of the leaf, issuer of the leaf, subject of the root: as the browser prints them. */
  subject: string;
  issuer: string;
  root: string;
  isBuiltInRoot?: boolean;
}

/** What came of a request of our own. `refused-by-us`: not sent, because the site's budget is used up or it asked us to stop (429, 503, Retry-After). */
export type Exchange = {
  url: string;
  /** Wall time from start to outcome, ms. */
  durationMs: number;
  /** True when the connection was certainly not a reused one; false when it may have been. */
  wasFresh: boolean;
  /** Went over an HTTP/2 or HTTP/3 connection that stood already: browsers keep one for all requests, whatever we ask for. */
  wasShared?: true;
  /** Bytes of the Cookie header that left, where the browser showed it. */
  cookieBytes?: number;
  /** Bytes of all request headers that left, where shown. */
  headerBytes?: number;
  /** Peer's address where told; under a proxy the proxy's. */
  ip?: string;
  /** Firefox only: the proxy this request took. */
  proxy?: { type: string; host: string; port: number };
} & (
  | {
      outcome: 'response';
      status: number;
      /** `nextHopProtocol` of resource timing: `h2`, `h3`, `http/1.1`; empty where hidden. */
      protocol: string;
      /** Bytes of body read. */
      bytes: number;
      /** Whether the body came to its end (false when `maxBytes` stopped it). */
      isComplete: boolean;
      text?: string;
      body?: Uint8Array;
      location?: string;
      contentLength?: number;
      security?: SecurityFacts;
    }
  | {
      outcome: 'failure';
      error: NetError;
      /** True when response headers had arrived before it failed. */
      hadHeaders: boolean;
      bytes: number;
    }
  | { outcome: 'timed-out' }
  | { outcome: 'cancelled' }
  | { outcome: 'refused-by-us'; reason: 'budget' | 'asked-to-stop' | 'needs-host-access' | 'not-replayable' }
);
