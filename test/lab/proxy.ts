import { createServer, request as httpRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { Connection, Internet, Place } from './internet';
import { httpHandler } from './internet';

export interface ProxyOptions {
  /** On this device (its connections go through the boxes), in the local network (likewise), or elsewhere in the world (they do not). */
  where: 'device' | 'network' | 'elsewhere';
  /** What to do with a request or tunnel to a host. Default: pass all. */
  treats?(host: string, port: number): 'pass' | 'reset';
  /** Resets an exchange once this many bytes came back from these hosts. */
  cuts?: { afterBytes: number; applies(host: string): boolean };
  /** Resets whatever still stands this long after it was opened, ms. */
  lifetimeMs?: number;
}

function placeFor(internet: Internet, host: string, port: number, where: ProxyOptions['where']): Place | undefined {
  const name = host.replace(/^\[|\]$/g, '');
  if (isIP(name)) return { address: name, port };
  const view = where === 'elsewhere' ? 'independent' : 'system';
  return internet.placesOf(name, port, view)[0];
}

/** Declares an HTTP proxy (CONNECT and absolute form). */
export function addProxy(internet: Internet, options: ProxyOptions): Place {
  const connections = new WeakMap<Socket, Connection>();
  const origin = options.where === 'elsewhere' ? 'elsewhere' : 'device';
  const treat = (host: string, port: number) => options.treats?.(host.replace(/^\[|\]$/g, ''), port) ?? 'pass';
  const server = createServer({ maxHeaderSize: 262_144 });

  server.on('connect', (request, client: Socket) => {
    const connection = connections.get(client);
    const target = new URL(`tunnel://${request.url ?? ''}`);
    const port = Number(target.port || 443);
    const reset = (why: string) => connection?.reset(`proxy, tunnel to ${target.hostname}: ${why}`);
    if (treat(target.hostname, port) === 'reset') {
      reset('refuses');
      return;
    }
    const place = placeFor(internet, target.hostname, port, options.where);
    if (!place) {
      client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = internet.dial(place, origin);
    let isOpen = false;
    let bytes = 0;
    upstream.once('connect', () => {
      isOpen = true;
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream);
      upstream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (options.cuts?.applies(target.hostname) && bytes > options.cuts.afterBytes) {
          upstream.destroy();
          reset(`cut after ${bytes} bytes`);
        } else client.write(chunk);
      });
    });
    upstream.on('error', () => {
      if (isOpen) reset('the site reset');
      else client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
    upstream.on('end', () => client.end());
    client.on('close', () => upstream.destroy());
  });

  server.on('request', (request, response) => {
    const connection = connections.get(request.socket);
    const target = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined;
    if (!target) {
      response.writeHead(400, { 'content-length': 0 }).end();
      return;
    }
    const port = Number(target.port || 80);
    const reset = (why: string) => connection?.reset(`proxy, request for ${target.hostname}: ${why}`);
    if (treat(target.hostname, port) === 'reset') {
      reset('refuses');
      return;
    }
    const place = placeFor(internet, target.hostname, port, options.where);
    if (!place) {
      response.writeHead(502, { 'content-length': 0 }).end();
      return;
    }
    const headers = { ...request.headers };
    delete headers['proxy-connection'];
    const outgoing = httpRequest({
      createConnection: () => internet.dial(place, origin),
      method: request.method,
      path: `${target.pathname}${target.search}`,
      headers,
    });
    outgoing.on('response', (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (options.cuts?.applies(target.hostname) && bytes > options.cuts.afterBytes) reset(`cut after ${bytes} bytes`);
        else response.write(chunk);
      });
      incoming.on('end', () => response.end());
      incoming.on('error', () => reset('the site reset'));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || response.headersSent) response.writeHead(502, { 'content-length': 0 }).end();
      else reset('the site reset');
    });
    request.pipe(outgoing);
  });

  const place: Place = {
    address: options.where === 'device' ? '127.0.0.1' : options.where === 'network' ? internet.draw.privateV4() : internet.draw.publicV4(),
    port: internet.draw.port(),
  };
  return internet.listen(
    place,
    (connection) => {
      connections.set(connection.socket, connection);
      if (options.lifetimeMs !== undefined) {
        const ending = setTimeout(() => connection.reset(`proxy, open for ${options.lifetimeMs} ms`), options.lifetimeMs);
        connection.socket.once('close', () => clearTimeout(ending));
      }
      server.emit('connection', connection.socket);
      connection.socket.resume();
    },
    { isLocal: options.where !== 'elsewhere' },
  );
}

/** Declares a server of a PAC script in the local network; `script` is asked when it is fetched. */
export function addPacServer(internet: Internet, script: () => string): { place: Place; path: string } {
  const place: Place = { address: internet.draw.privateV4(), port: 80 };
  const path = `/${internet.draw.word()}.pac`;
  internet.listen(
    place,
    httpHandler((_request, response) => {
      response.setHeader('content-type', 'application/x-ns-proxy-autoconfig');
      response.end(script());
    }),
    { isLocal: true },
  );
  return { place, path };
}
