/** One cookie as both browsers tell it (`cookies.Cookie`); its value is a credential. */
export interface Cookie {
  name: string;
  value: string;
  /** With a leading dot where it is for the sub-domains too. */
  domain: string;
  hostOnly: boolean;
  path: string;
  secure: boolean;
  httpOnly: boolean;
  sameSite: string;
  session: boolean;
  /** Seconds since the epoch; absent for a session's. */
  expirationDate?: number;
  storeId: string;
  partitionKey?: { topLevelSite?: string; hasCrossSiteAncestor?: boolean };
  /** Firefox with first-party isolation. */
  firstPartyDomain?: string;
}

/** The browser's cookies; every call throws where the permission is not there or was taken back. */
export interface CookieJar {
  /** All that a request for the URL would carry, of every partition, in the order of the header. */
  all(url: string): Promise<readonly Cookie[]>;
  /** Takes away exactly one, and none of the same name on another path or domain. */
  remove(cookie: Cookie): Promise<void>;
  /** Puts one in as it was. */
  put(cookie: Cookie): Promise<void>;
}

const utf8 = new TextEncoder();

/** Bytes that it takes in the header, without what stands between cookies. */
export function bytesOf({ name, value }: Pick<Cookie, 'name' | 'value'>): number {
  return utf8.encode(name === '' ? value : `${name}=${value}`).length;
}

/** The Cookie header that a request with these carries. */
export function headerOf(cookies: readonly Pick<Cookie, 'name' | 'value'>[]): string {
  return cookies.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
}

/** What makes a cookie this one: two with the same key cannot be there at once. */
export function keyOf({ name, domain, path, storeId, partitionKey, firstPartyDomain }: Cookie): string {
  return JSON.stringify([
    storeId,
    partitionKey?.topLevelSite ?? '',
    partitionKey?.hasCrossSiteAncestor ?? false,
    firstPartyDomain ?? '',
    domain,
    path,
    name,
  ]);
}

/** Address under which the browser takes and gives a cookie. */
export function addressOf({ domain, path, secure }: Cookie): string {
  return `${secure ? 'https' : 'http'}://${domain.replace(/^\./, '')}${path}`;
}

/** Whether a cookie is sent with a page of that host itself: partitioned ones only within their own top-level site. */
export function isSentTo(host: string, { partitionKey }: Cookie): boolean {
  const site = partitionKey?.topLevelSite;
  if (!site) return true;
  try {
    const { hostname } = new URL(site);
    return host === hostname || host.endsWith(`.${hostname}`);
  } catch {
    return false;
  }
}
