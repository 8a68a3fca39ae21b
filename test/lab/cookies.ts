import type { App, Internet, Request } from './internet';

/** Browsers keep at most this many bytes of one cookie, name included. */
const MAX_COOKIE_BYTES = 4_096;

/** A page that sets cookies of so many bytes in all, then has the title `ready`. */
export function cookieSettingApp(internet: Internet, totalBytes: number): App {
  const cookies: string[] = [];
  for (let left = totalBytes; left > 0; ) {
    const name = internet.draw.word();
    const size = Math.min(left, internet.draw.int(2_500, MAX_COOKIE_BYTES - 200));
    cookies.push(
      `${name}=${internet.draw
        .word()
        .repeat(700)
        .slice(0, Math.max(1, size - name.length - 3))}; Path=/; Max-Age=86400; SameSite=Lax`,
    );
    left -= size;
  }
  const body = '<!doctype html><title>ready</title><link rel="icon" href="data:,"><p>Welcome back.</p>';
  return (_request, response) => {
    response.setHeader('set-cookie', cookies);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-length', Buffer.byteLength(body));
    response.setHeader('cache-control', 'no-store');
    response.end(body);
  };
}

/** Bytes of the request's Cookie header. */
export function cookieBytesOf(request: Request): number {
  return Buffer.byteLength(request.headers.cookie ?? '');
}

/** Bytes of all header values and names. */
export function headerBytesOf(request: Request): number {
  return Object.entries(request.headers).reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(String(value)) + 4, 0);
}

/** The path of a request, without its query. */
export function pathOf(request: Request): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}

/** Chooses an app by path. */
export function byPath(paths: Readonly<Record<string, App>>, otherwise: App): App {
  return (request, response, tools) => (paths[pathOf(request)] ?? otherwise)(request, response, tools);
}
