import { setTimeout as after } from 'node:timers/promises';
import type { SecureVersion } from 'node:tls';
import type { Authority } from './authority';
import type { App, Box, Connection, ConnectionHandler, Internet, Place, Request } from './internet';
import { httpHandler, httpsHandler } from './internet';

/** Where a server's reset comes: some milliseconds after accepting, after the first bytes (request or ClientHello), or, under TLS, after the request in it. */
export type ResetPoint = 'accept' | 'opening' | 'request';

export interface SiteOptions {
  host: string;
  /** Other names that lead to the same address. */
  aliases?: readonly string[];
  /** Absent: one drawn. */
  v4?: readonly string[];
  /** Absent: none. */
  v6?: readonly string[];
  /** Absent: 80 and 443. */
  ports?: { http?: number; https?: number };
  /** Answers over plain HTTP; `closed`: nothing listens. Default: redirects to https. */
  http?: App | 'closed';
  /** Answers over TLS; `closed`: nothing listens. Default: a page. */
  https?: App | 'closed';
  isHttp2?: boolean;
  /** The server's own front, before HTTP or TLS is spoken. */
  front?: Box;
  /** Signs the certificate; default: the sites' authority. */
  authority?: Authority;
  isCertificateExpired?: boolean;
  /** The only TLS version that it speaks. */
  tlsVersion?: SecureVersion;
  /** Names on the certificate; absent: all of the site's. */
  certifiedNames?: readonly string[];
  ttl?: number;
}

export interface Site {
  host: string;
  v4: readonly string[];
  v6: readonly string[];
  httpUrl(path?: string): string;
  httpsUrl(path?: string): string;
}

/** Runs a box of the server's own before its handler. */
export function guarded(front: Box | undefined, handler: ConnectionHandler): ConnectionHandler {
  if (!front) return handler;
  return async (connection) => {
    if ((await front(connection)) === 'pass') await handler(connection);
  };
}

/** A healthy page with a few words and a style, after a drawn pause. */
export function pageApp(internet: Internet, options: { title?: string; paragraphs?: number } = {}): App {
  const title = options.title ?? internet.draw.name();
  const pauseMs = internet.draw.int(2, 25);
  const paragraphs = Array.from(
    { length: options.paragraphs ?? internet.draw.int(3, 12) },
    () => `<p>${internet.draw.name()} ${internet.draw.word()}.</p>`,
  );
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,"></head><body><h1>${title}</h1>${paragraphs.join('\n')}</body></html>`;
  return (_request, response) => {
    setTimeout(() => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('content-length', Buffer.byteLength(body));
      response.setHeader('cache-control', 'no-cache');
      response.end(body);
    }, pauseMs);
  };
}

/** Sends everybody to the same path on https. */
export function toHttpsApp(host: string, port: number): App {
  return (request, response) => {
    response.statusCode = 301;
    response.setHeader('location', `https://${host}${port === 443 ? '' : `:${port}`}${request.url ?? '/'}`);
    response.setHeader('content-length', 0);
    response.end();
  };
}

/** Whether a connection is worth a fault: browsers also open some that they never use. */
export async function hasSpoken(connection: Connection): Promise<boolean> {
  return (await connection.opening()).kind !== 'silent';
}

/** Resets connections at a point before HTTP is spoken. */
export function resetFront(
  internet: Internet,
  point: 'accept' | 'opening',
  why: string,
  applies: (connection: Connection) => boolean | Promise<boolean> = () => true,
): Box {
  const pauseMs = internet.draw.int(3, 25);
  return async (connection) => {
    if (point === 'opening') await connection.opening();
    if (!(await applies(connection))) return 'pass';
    await after(pauseMs);
    connection.reset(why);
    return 'taken';
  };
}

/** A fatal alert `unrecognized_name` in a record of its own, RFC 8446 §6.2. */
const UNRECOGNIZED_NAME = Buffer.from([0x15, 3, 3, 0, 2, 2, 112]);

/** Ends the handshake for names that the server has no certificate for. */
export function unknownNameFront(internet: Internet, isUnknown: (name: string) => boolean): Box {
  return async (connection) => {
    const opening = await connection.opening();
    if (opening.kind !== 'tls' || opening.serverName === undefined || !isUnknown(opening.serverName)) return 'pass';
    internet.note(`alert for the unknown name ${opening.serverName}`);
    // Read what was said, or the kernel makes a reset of the close and the alert is lost.
    connection.socket.resume();
    connection.socket.end(UNRECOGNIZED_NAME);
    return 'taken';
  };
}

/** Resets after the request was read, where it applies; else the page. */
export function resetApp(page: App, why: string, applies: (request: Parameters<App>[0]) => boolean = () => true): App {
  return (request, response, tools) => {
    if (applies(request)) tools.reset(why);
    else page(request, response, tools);
  };
}

/**
 * Resets chosen connections when they bring their first request. `isReset` is asked once per
 * connection, with its place in the order of those that brought one (1 is the first): browsers
 * also open some that they never use.
 */
export function flakyApp(page: App, why: string, isReset: (ordinal: number) => boolean): App {
  const decided = new Map<number, boolean>();
  return (request, response, tools) => {
    const known = decided.get(tools.ordinal);
    const isUnlucky = known ?? isReset(decided.size + 1);
    if (known === undefined) decided.set(tools.ordinal, isUnlucky);
    if (isUnlucky) tools.reset(why);
    else page(request, response, tools);
  };
}

/** Ends every HTTP/2 stream with an error where it applies; HTTP/1.1 gets the page. */
export function breakHttp2(internet: Internet, page: App, code: number, applies: (request: Request) => boolean = () => true): App {
  return (request, response, tools) => {
    if (!('stream' in request) || !applies(request)) {
      page(request, response, tools);
      return;
    }
    internet.note(`HTTP/2 stream of connection ${tools.ordinal} ended with error ${code}`);
    request.stream.close(code);
  };
}

/** Reads a body up to a limit and resets what is longer; a length that is told is believed. */
export function uploadLimitApp(page: App, limit: number): App {
  return (request, response, tools) => {
    let bytes = 0;
    let isOver = false;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (isOver || bytes <= limit) return;
      isOver = true;
      tools.reset(`body over ${limit} bytes`);
    });
    request.on('end', () => {
      if (!isOver) page(request, response, tools);
    });
  };
}

/** Closes without having read the body: what the kernel still holds of it makes a reset of the close. */
export function unreadBodyApp(internet: Internet): App {
  const pauseMs = internet.draw.int(10, 60);
  return (request, _response, tools) => {
    setTimeout(() => {
      internet.note(`connection ${tools.ordinal} closed with an unread body`);
      request.socket.destroy();
    }, pauseMs);
  };
}

/** Answers after a pause. */
export function slowApp(pauseMs: number, app: App): App {
  return (request, response, tools) => void setTimeout(() => app(request, response, tools), pauseMs);
}

/** Resets slow requests when they have taken as long as is allowed; the others get a page. */
export function timeLimitApp(internet: Internet, options: { limitMs: number; isSlow(request: Request): boolean }): App {
  const page = pageApp(internet);
  return (request, response, tools) => {
    if (!options.isSlow(request)) page(request, response, tools);
    else setTimeout(() => tools.reset(`not done after ${options.limitMs} ms`), options.limitMs);
  };
}

/** Apps for both schemes where the page at `start` sends a burst of requests, each on a connection of its own. */
export function burstApp(internet: Internet, { start, requests }: { start: string; requests: number }): { http: App; https: App } {
  const page = pageApp(internet);
  const body = `<!doctype html><title>loading</title><link rel="icon" href="data:,"><script>Promise.allSettled(Array.from({ length: ${requests} }, (_, n) => fetch('/part?' + n, { cache: 'no-store' }))).then(() => { document.title = 'ready' })</script>`;
  const app: App = (request, response, tools) => {
    const isStart = request.url === start;
    response.setHeader('connection', 'close');
    if (!isStart) {
      page(request, response, tools);
      return;
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-length', Buffer.byteLength(body));
    response.end(body);
  };
  return { http: app, https: app };
}

/**
 * A page of many small parts. After so many requests within a minute the next ones are answered with 429, and all after those are
 * reset; absent: none. Some more parts may come from another host.
 */
export function partsApp(
  internet: Internet,
  options: { parts: number; allowed?: number; refused?: number; elsewhere?: { host: string; parts: number } },
): App {
  const { parts, allowed = Number.POSITIVE_INFINITY, refused = 0, elsewhere } = options;
  const own = Array.from({ length: parts }, (_, n) => `<img src="/part/${n}.svg">`);
  const others = Array.from({ length: elsewhere?.parts ?? 0 }, (_, n) => `<img src="https://${elsewhere?.host}/part/${n}.svg">`);
  const body = `<!doctype html><title>${internet.draw.name()}</title><link rel="icon" href="data:,">${[...own, ...others].join('')}`;
  let recent: number[] = [];
  return (request, response, tools) => {
    const now = performance.now();
    recent = [...recent.filter((at) => now - at < 60_000), now];
    if (recent.length > allowed + refused) {
      tools.reset(`request ${recent.length} of ${allowed}`);
      return;
    }
    if (recent.length > allowed) {
      response.statusCode = 429;
      response.setHeader('retry-after', 60);
      response.setHeader('content-length', 0);
      response.end();
      return;
    }
    const isPart = request.url?.startsWith('/part/') === true;
    response.setHeader('content-type', isPart ? 'image/svg+xml' : 'text/html; charset=utf-8');
    response.setHeader('cache-control', 'no-store');
    response.end(isPart ? '<svg xmlns="http://www.w3.org/2000/svg"/>' : body);
  };
}

/** A page with one script at `script()`, which answers by `part`; `maxAge`: so long the page itself may be kept, s. */
export function scriptedApp(
  internet: Internet,
  { script, part, maxAge = 0, title = internet.draw.name() }: { script(): string; part: App; maxAge?: number; title?: string },
): App {
  return (request, response, tools) => {
    if (request.url?.endsWith('.js')) {
      part(request, response, tools);
      return;
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('cache-control', maxAge > 0 ? `public, max-age=${maxAge}` : 'no-store');
    response.end(`<!doctype html><title>${title}</title><link rel="icon" href="data:,"><script src="${script()}"></script><p>Text</p>`);
  };
}

/** A script that does nothing and is not kept. */
export const scriptApp: App = (_request, response) => {
  response.setHeader('content-type', 'text/javascript');
  response.setHeader('cache-control', 'no-store');
  response.end('void 0;');
};

/** Answers a large page and resets in the middle of its body: at one place, or now here and now there. */
export function cutApp(internet: Internet, { isAnywhere = false } = {}): App {
  const total = internet.draw.int(isAnywhere ? 300_000 : 60_000, 400_000);
  const drawPart = () => internet.draw.int(8_000, Math.floor(total / 2));
  const usualPart = drawPart();
  const pauseMs = internet.draw.int(30, 120);
  return (request, response, tools) => {
    const part = isAnywhere ? drawPart() : usualPart;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-length', total);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const start = '<!doctype html><title>Half</title><link rel="icon" href="data:,"><p>';
    response.write(start + 'x'.repeat(part - start.length));
    setTimeout(() => tools.reset('mid-body'), pauseMs);
  };
}

const SLOW_START = '<!doctype html><title>Slow</title><link rel="icon" href="data:,"><p>';

/** A page that comes in small parts, 5 a second, and is whole after a while. */
export function longApp(lastsMs: number): App {
  return (_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.write(SLOW_START);
    const dripping = setInterval(() => response.write(`${'x'.repeat(900)} `), 200);
    const ending = setTimeout(() => response.end(), lastsMs);
    response.once('close', () => {
      clearInterval(dripping);
      clearTimeout(ending);
    });
  };
}

/** A page that comes in small parts, 5 a second, and is reset after a while: each time the same, or up to so much sooner. */
export function dripApp(internet: Internet, { limitMs, isAnyTime }: { limitMs: number; isAnyTime: boolean }): App {
  return (_request, response, tools) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.write(SLOW_START);
    const dripping = setInterval(() => response.write(`${'x'.repeat(900)} `), 200);
    const ending = setTimeout(
      () => tools.reset(`cut after ${limitMs} ms at most`),
      isAnyTime ? internet.draw.int(Math.round(limitMs * 0.1), Math.round(limitMs * 0.7)) : limitMs,
    );
    response.once('close', () => {
      clearInterval(dripping);
      clearTimeout(ending);
    });
  };
}

/** Resets every connection from the first one on for a while, and never again. */
export function outageFront(forMs: number): Box {
  let endsAt: number | undefined;
  return (connection) => {
    endsAt ??= performance.now() + forMs;
    if (performance.now() > endsAt) return 'pass';
    connection.reset('down for a moment');
    return 'taken';
  };
}

/** A front or an app that resets everything, at a drawn point. */
export function resettingServer(internet: Internet, why: string): { front?: Box; app: App } {
  const point = internet.draw.pick(['accept', 'opening', 'request'] as const);
  const page = pageApp(internet);
  return point === 'request' ? { app: resetApp(page, why) } : { front: resetFront(internet, point, why), app: page };
}

/** Declares a site: names, certificate, servers on both schemes. */
export async function addSite(internet: Internet, options: SiteOptions): Promise<Site> {
  const v4 = options.v4 ?? [internet.draw.publicV4()];
  const v6 = internet.isNamespace ? (options.v6 ?? []) : [];
  const names = [options.host, ...(options.aliases ?? [])];
  const records = { a: v4, aaaa: v6, ttl: options.ttl ?? internet.draw.int(60, 3_600) };
  for (const name of names) internet.zone.set(name, records);
  const httpPort = options.ports?.http ?? 80;
  const httpsPort = options.ports?.https ?? 443;
  const http = options.http ?? toHttpsApp(options.host, httpsPort);
  const https = options.https ?? pageApp(internet);
  const plain = http === 'closed' ? undefined : guarded(options.front, httpHandler(http));
  const certificate = await (options.authority ?? internet.authority).issue(options.certifiedNames ?? names, {
    isExpired: options.isCertificateExpired,
  });
  const secure =
    https === 'closed'
      ? undefined
      : guarded(options.front, httpsHandler({ certificate, isHttp2: options.isHttp2 ?? false, version: options.tlsVersion }, https));
  for (const address of internet.hasIpv6 ? [...v4, ...v6] : v4) {
    if (plain) internet.listen({ address, port: httpPort }, plain);
    if (secure) internet.listen({ address, port: httpsPort }, secure);
  }
  const portOf = (port: number, usual: number) => (port === usual ? '' : `:${port}`);
  return {
    host: options.host,
    v4,
    v6,
    httpUrl: (path = '/') => `http://${options.host}${portOf(httpPort, 80)}${path}`,
    httpsUrl: (path = '/') => `https://${options.host}${portOf(httpsPort, 443)}${path}`,
  };
}

/** Names of a site that is to fail: its host, and other hosts of the same registrable domain. */
export function drawNames(internet: Internet): { domain: string; host: string; siblings: readonly string[] } {
  const domain = internet.draw.domain();
  const host = internet.draw.isTrue(0.4) ? domain : `${internet.draw.subdomain()}.${domain}`;
  const siblings = [domain, `www.${domain}`].filter((name) => name !== host);
  return { domain, host, siblings };
}

/** Other hosts of the domain, healthy, at an address of their own. */
export async function addHealthySiblings(internet: Internet, siblings: readonly string[]): Promise<void> {
  const [host, ...aliases] = siblings;
  if (host !== undefined) await addSite(internet, { host, aliases, isHttp2: internet.draw.isTrue() });
}

/** A place where nothing listens. */
export function closedPlace(internet: Internet, address: string): Place {
  return { address, port: internet.draw.port() };
}
