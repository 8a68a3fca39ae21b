import { setTimeout as after } from 'node:timers/promises';
import { createServer as createTlsServer, type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Authority } from './authority';
import { type App, type Box, type Connection, httpHandler, type Internet, type Place, serverNameCallback } from './internet';
import { pageApp } from './site';

/** Resets TLS connections by the server name in the ClientHello. */
export function serverNameFilter(internet: Internet, isFiltered: (name: string) => boolean): Box {
  const pauseMs = internet.draw.int(0, 12);
  return async (connection) => {
    const opening = await connection.opening();
    if (opening.kind !== 'tls' || opening.serverName === undefined || !isFiltered(opening.serverName)) return 'pass';
    await after(pauseMs);
    connection.reset(`filter by server name ${opening.serverName}`);
    return 'taken';
  };
}

/** Resets plain HTTP connections by the Host header of their first request. */
export function hostFilter(internet: Internet, isFiltered: (name: string) => boolean): Box {
  const pauseMs = internet.draw.int(0, 12);
  return async (connection) => {
    const opening = await connection.opening();
    if (opening.kind !== 'http' || opening.method === 'CONNECT' || !isFiltered(opening.host)) return 'pass';
    await after(pauseMs);
    connection.reset(`filter by host ${opening.host}`);
    return 'taken';
  };
}

/** Resets connections to these addresses, or to all. */
export function addressFilter(internet: Internet, addresses: readonly string[] | 'all', point: 'accept' | 'opening' = 'opening'): Box {
  const pauseMs = internet.draw.int(3, 20);
  return async (connection) => {
    if (addresses !== 'all' && !addresses.includes(connection.place.address)) return 'pass';
    if (point === 'opening') await connection.opening();
    await after(pauseMs);
    connection.reset('filter by address');
    return 'taken';
  };
}

/** Resets every `every`-th connection that says something, the first one included. */
export function flakyBox(every: number, applies: (connection: Connection) => boolean = () => true): Box {
  let spoken = 0;
  return async (connection) => {
    if (!applies(connection) || (await connection.opening()).kind === 'silent') return 'pass';
    if (spoken++ % every !== 0) return 'pass';
    connection.reset(`one in ${every}`);
    return 'taken';
  };
}

/** Resets TLS connections whose ClientHello is larger than one packet holds: it waits for all of it in the first. */
export function helloSizeFilter(internet: Internet, mostBytes: number): Box {
  const pauseMs = internet.draw.int(0, 12);
  return async (connection) => {
    const opening = await connection.opening();
    if (opening.kind !== 'tls' || opening.bytes <= mostBytes) return 'pass';
    await after(pauseMs);
    connection.reset(`ClientHello of ${opening.bytes} bytes`);
    return 'taken';
  };
}

/** Resets a connection whose next request comes after it was idle for so long, as when a server gives it up at that moment. */
export function idleCloser(app: App, idleMs: number): App {
  const lastUse = new Map<number, number>();
  return (request, response, tools) => {
    const last = lastUse.get(tools.ordinal);
    const now = performance.now();
    lastUse.set(tools.ordinal, now);
    if (last !== undefined && now - last > idleMs) tools.reset(`idle for ${Math.round(now - last)} ms`);
    else app(request, response, tools);
  };
}

/** A front that takes a while for each connection that says something, and then passes it on, or closes it for the given reason. */
export function slowFront(internet: Internet, pauseMs: number, closesBecause?: string): Box {
  return async (connection) => {
    if ((await connection.opening()).kind !== 'tls') return 'pass';
    await after(pauseMs);
    if (closesBecause === undefined) return 'pass';
    internet.note(`connection ${connection.ordinal} closed: ${closesBecause}`);
    // Read what was said, or the kernel makes a reset of the close.
    connection.socket.resume();
    connection.socket.end();
    return 'taken';
  };
}

/** Resets a connection on which nothing whole, neither a greeting of TLS nor the head of a request, has come after a while. */
export function impatientFront(patienceMs: number): Box {
  return async (connection) => {
    const opening = await Promise.race([connection.opening(), after(patienceMs)]);
    if (opening !== undefined) return 'pass';
    connection.reset(`nothing whole after ${patienceMs} ms`);
    return 'taken';
  };
}

/** Takes greetings of TLS, says nothing, and resets after a while. */
export function muteFront(internet: Internet, silentMs: number): Box {
  return async (connection) => {
    if ((await connection.opening()).kind !== 'tls') return 'pass';
    await after(silentMs);
    internet.note(`connection ${connection.ordinal} was greeted`);
    connection.reset(`silent for ${silentMs} ms`);
    return 'taken';
  };
}

/** Lets so many connections that say something through within a window of time, and resets the others. */
export function rateLimiter(internet: Internet, options: { allowed: number; windowMs: number }): Box {
  const pauseMs = internet.draw.int(0, 12);
  let recent: number[] = [];
  return async (connection) => {
    if ((await connection.opening()).kind === 'silent') return 'pass';
    const now = performance.now();
    recent = [...recent.filter((at) => now - at < options.windowMs), now];
    if (recent.length <= options.allowed) return 'pass';
    await after(pauseMs);
    connection.reset(`connection ${recent.length} of ${options.allowed} in ${options.windowMs} ms`);
    return 'taken';
  };
}

/** Answers plain HTTP for some hosts by leading to a notice that stands elsewhere. */
export function noticeBox(isFiltered: (name: string) => boolean, noticeUrl: string): Box {
  const lead = httpHandler((_, response) => {
    response.statusCode = 302;
    response.setHeader('location', noticeUrl);
    response.setHeader('content-length', 0);
    response.end();
  });
  return async (connection) => {
    const opening = await connection.opening();
    if (opening.kind !== 'http' || opening.method === 'CONNECT' || !isFiltered(opening.host)) return 'pass';
    await lead(connection);
    return 'taken';
  };
}

/** A network that wants a sign-in: plain HTTP is led to the portal, everything else is reset. */
export function captivePortal(internet: Internet): Box {
  const portal: Place = { address: internet.draw.privateV4(), port: 80 };
  const path = `/${internet.draw.word()}/login`;
  const status = internet.draw.pick([302, 303, 307]);
  internet.listen(portal, httpHandler(pageApp(internet, { title: `${internet.draw.name()} Wi-Fi sign-in` })), { isLocal: true });
  const redirect = httpHandler((request, response) => {
    response.statusCode = status;
    response.setHeader(
      'location',
      `http://${portal.address}${path}?to=${encodeURIComponent(`http://${request.headers.host ?? ''}${request.url ?? ''}`)}`,
    );
    response.setHeader('content-length', 0);
    response.end();
  });
  return async (connection): Promise<'taken'> => {
    if (connection.place.port === 80) {
      await redirect(connection);
      return 'taken';
    }
    await connection.opening();
    connection.reset('sign in first');
    return 'taken';
  };
}

/**
 * Software or a gateway that opens every TLS connection: shows leaves of its own authority, speaks
 * HTTP/1.1 only, and passes on. `isReset` names are reset, at the ClientHello or after the request.
 */
export async function interceptor(
  internet: Internet,
  authority: Authority,
  options: {
    isReset(name: string): boolean;
    /** Where: at the greeting, at the request, or when so many bytes of the answer have passed. */
    at: 'opening' | 'request' | { bytes: number };
    product: string;
  },
): Promise<Box> {
  const certificate = await authority.issue([options.product]);
  const waiting = new Map<string, { connection: Connection; name: string | undefined }>();
  const peerOf = (socket: { remoteAddress?: string; remotePort?: number }) => `${socket.remoteAddress} ${socket.remotePort}`;
  const server = createTlsServer({
    ...certificate,
    ALPNProtocols: ['http/1.1'],
    SNICallback: serverNameCallback((name) => authority.context([name])),
  });
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (inside: TLSSocket) => {
    const entry = waiting.get(peerOf(inside));
    inside.on('error', () => inside.destroy());
    if (!entry) {
      inside.destroy();
      return;
    }
    const { connection, name } = entry;
    const isReset = name !== undefined && options.isReset(name);
    if (isReset && typeof options.at === 'string') {
      inside.once('data', () => connection.reset(`intercepted request for ${name}`));
      return;
    }
    const raw = internet.dial(connection.place, 'elsewhere');
    const outside = tlsConnect({ socket: raw, servername: name, ALPNProtocols: ['http/1.1'], rejectUnauthorized: false });
    const give = () => connection.reset('the site reset behind the interceptor');
    outside.on('error', give);
    raw.on('error', give);
    inside.on('close', () => outside.destroy());
    inside.pipe(outside);
    const { at } = options;
    if (!isReset || typeof at === 'string') {
      outside.pipe(inside);
      return;
    }
    let left = at.bytes;
    outside.on('data', (chunk: Buffer) => {
      inside.write(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
      // What was passed on leaves first; whether the browser has read it by then is as in the world.
      if (left <= 0) setTimeout(() => connection.reset(`intercepted answer of ${name}`), 0);
    });
  });
  return async (connection) => {
    const opening = await connection.opening();
    if (opening.kind !== 'tls') return 'pass';
    const name = opening.serverName;
    if (options.at === 'opening' && name !== undefined && options.isReset(name)) {
      connection.reset(`intercepted ${name}`);
      return 'taken';
    }
    const key = peerOf(connection.socket);
    waiting.set(key, { connection, name });
    connection.socket.once('close', () => waiting.delete(key));
    server.emit('connection', connection.socket);
    return 'taken';
  };
}
