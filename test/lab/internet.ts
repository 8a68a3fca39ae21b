import { spawnSync } from 'node:child_process';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { SecureContext, SecureVersion, TlsOptions as TlsServerOptions } from 'node:tls';
import type { Authority, Certificate } from './authority';
import { DnsServer } from './dns';
import type { Draw } from './draw';
import { type Opening, peekOpening } from './opening';
import { Zone } from './zone';

/** Bytes of headers that servers take unless a scenario says otherwise. */
const MAX_HEADER_BYTES = 262_144;
/** Connections that a remote proxy makes come from here, so that boxes near the device do not see them. */
export const ELSEWHERE_V4 = '127.0.77.1';

/** A TCP address that something listens at. */
export interface Place {
  address: string;
  port: number;
}

/** One TCP connection from the browser (or a proxy) to a place. */
export interface Connection {
  socket: Socket;
  place: Place;
  /** 1 for the first connection to this place. */
  ordinal: number;
  /** What the client says first; its bytes stay readable. */
  opening(): Promise<Opening>;
  /** Sends a real RST. */
  reset(why: string): void;
}

export type ConnectionHandler = (connection: Connection) => void | Promise<void>;
/** A box on the way. `taken`: it answered, reset or swallowed the connection, and nobody behind it sees it. */
export type Box = (connection: Connection) => 'pass' | 'taken' | Promise<'pass' | 'taken'>;

export type Request = IncomingMessage | Http2ServerRequest;
/** What both HTTP versions' answers have in common. */
export interface Response {
  statusCode: number;
  setHeader(name: string, value: string | number | readonly string[]): unknown;
  write(chunk: string): boolean;
  end(chunk?: string | Uint8Array): unknown;
  once(event: 'close', listener: () => void): unknown;
}
/** Answers one request. `reset` sends a RST on the request's TCP connection; `ordinal` counts connections to the place. */
export type App = (request: Request, response: Response, tools: { reset(why: string): void; ordinal: number }) => void;

export interface ListenOptions {
  /** In the device or its local network: boxes on the way to the internet do not see it. */
  isLocal?: boolean;
}

interface Listener {
  place: Place;
  handler: ConnectionHandler;
  isLocal: boolean;
  server: Server;
  actualPort: number;
  count: number;
}

function keyOf(place: Place): string {
  return `${place.address} ${place.port}`;
}

/** The programmable internet of one lab: names, places, boxes on the way. Everything is declared first, then opened at once. */
export class Internet {
  readonly zone = new Zone();
  /** Boxes between the device and every public place, nearest first. A scenario may add to it at any time. */
  readonly boxes: Box[] = [];
  /** Signs what ordinary sites use; trusted. */
  readonly authority: Authority;
  /** Roots that the browser trusts besides, e.g. an interceptor's. */
  readonly furtherTrusted: Authority[] = [];
  readonly draw: Draw;
  readonly isNamespace: boolean;
  /** Whether the device has a route for IPv6; set before opening. */
  hasIpv6 = true;
  readonly #listeners = new Map<string, Listener>();
  readonly #sockets = new Map<Socket, Place>();
  readonly #log: string[] = [];
  readonly #startedAt = performance.now();
  readonly #elsewhereV6: string;
  readonly #starters: (() => Promise<void>)[] = [];
  readonly #further: string[] = [];
  readonly #preparers: ((addresses: readonly string[]) => void)[] = [];
  readonly #closers: (() => void | Promise<void>)[] = [];
  #addresses: string[] = [];
  #dns: DnsServer | undefined;

  constructor(draw: Draw, authority: Authority, isNamespace: boolean) {
    this.draw = draw;
    this.authority = authority;
    this.isNamespace = isNamespace;
    this.#elsewhereV6 = draw.publicV6();
  }

  /** Adds a line to what the lab saw. */
  note(line: string): void {
    if (this.#log.length < 2_000) this.#log.push(`${(performance.now() - this.#startedAt).toFixed(0)} ms ${line}`);
  }

  log(): readonly string[] {
    return this.#log;
  }

  /** Declares a server. */
  listen(place: Place, handler: ConnectionHandler, options: ListenOptions = {}): Place {
    if (this.#listeners.has(keyOf(place))) throw new Error(`Two servers at ${keyOf(place)}`);
    const listener: Listener = {
      place,
      handler,
      isLocal: options.isLocal ?? false,
      actualPort: place.port,
      count: 0,
      server: createServer({ pauseOnConnect: true }, (socket) => void this.#accept(listener, socket)),
    };
    this.#listeners.set(keyOf(place), listener);
    return place;
  }

  /** Closes what is open to these addresses, as a server or a line does that goes away: no idle connection outlives a fault's start. */
  hangUp(addresses: readonly string[]): void {
    for (const [socket, { address }] of this.#sockets) if (addresses.includes(address)) socket.destroy();
  }

  /** Run before anything is opened, with every public address that will be there: all has been declared then. */
  beforeOpen(prepare: (addresses: readonly string[]) => void): void {
    this.#preparers.push(prepare);
  }

  /** Run once everything else is open. Nothing listens yet at these addresses but they are there. */
  afterOpen(start: () => Promise<void>, addresses: readonly string[] = []): void {
    this.#starters.push(start);
    this.#further.push(...addresses);
  }

  /** Run at closing. */
  onClose(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  async #accept(listener: Listener, socket: Socket): Promise<void> {
    this.#keep(socket, listener.place);
    await this.#carry(listener, socket);
  }

  #keep(socket: Socket, place: Place): void {
    this.#sockets.set(socket, place);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  async #carry(listener: Listener, socket: Socket): Promise<void> {
    listener.count++;
    let opening: Promise<Opening> | undefined;
    const connection: Connection = {
      socket,
      place: listener.place,
      ordinal: listener.count,
      opening: () => {
        opening ??= peekOpening(socket);
        return opening;
      },
      reset: (why) => {
        this.note(`RST from ${listener.place.address}:${listener.place.port} (connection ${connection.ordinal}): ${why}`);
        if (!socket.destroyed) socket.resetAndDestroy();
      },
    };
    if (!listener.isLocal && !this.isFromElsewhere(socket)) {
      for (const box of this.boxes) if ((await box(connection)) === 'taken') return;
    }
    await listener.handler(connection);
  }

  /** Whether a connection comes from somewhere else in the world, and not from this device. */
  isFromElsewhere({ remoteAddress }: Socket): boolean {
    return remoteAddress?.endsWith(ELSEWHERE_V4) === true || remoteAddress === this.#elsewhereV6;
  }

  /** The real host and port of a place, for a client on this machine. Only after opening. */
  reach(place: Place): { host: string; port: number } {
    if (this.isNamespace) return { host: place.address, port: place.port };
    const listener = this.#listeners.get(keyOf(place));
    return { host: '127.0.0.1', port: listener ? listener.actualPort : place.port };
  }

  /** Connects to a place as `device` (through the boxes) or from `elsewhere`. */
  dial(place: Place, from: 'device' | 'elsewhere'): Socket {
    const { host, port } = this.reach(place);
    const isElsewhere = from === 'elsewhere' && process.platform === 'linux';
    const localAddress = isElsewhere ? (isIPv6(host) ? this.#elsewhereV6 : ELSEWHERE_V4) : undefined;
    const socket = connect({ host, port, localAddress });
    this.#keep(socket, place);
    return socket;
  }

  /** The places that a name's connection may go to, best first; empty where there is no such name. */
  placesOf(name: string, port: number, view: 'system' | 'independent'): readonly Place[] {
    const records = this.zone.find(view, name);
    const addresses = records ? [...records.a, ...(this.isNamespace ? records.aaaa : [])] : [];
    return addresses.map((address) => ({ address, port }));
  }

  /** Starts everything that was declared. */
  async open(): Promise<void> {
    const listeners = [...this.#listeners.values()];
    const publicAddresses = new Set(
      listeners.filter(({ isLocal, place }) => !isLocal && !isIPv6(place.address)).map(({ place }) => place.address),
    );
    for (const prepare of this.#preparers) prepare([...publicAddresses]);
    if (this.isNamespace) this.#takeAddresses(listeners);
    await Promise.all(
      listeners.map(
        ({ server, place }, index) =>
          new Promise<void>((resolve, reject) => {
            server.once('error', reject);
            const target = this.isNamespace ? { host: place.address, port: place.port } : { host: '127.0.0.1', port: 0 };
            server.listen({ ...target, ipv6Only: false, backlog: 256 }, () => {
              const address = server.address();
              const listener = listeners[index];
              if (listener && address && typeof address === 'object') listener.actualPort = address.port;
              resolve();
            });
          }),
      ),
    );
    this.#dns = new DnsServer(this.zone);
    await this.#dns.open('127.0.0.1', this.isNamespace ? 53 : 0);
    for (const start of this.#starters) await start();
  }

  /** `host-resolver-rules` that lead Chromium to the declared places where names cannot be answered for real. */
  chromiumRules(): string[] {
    const rules: string[] = [];
    const add = (name: string, place: Place) => {
      const listener = this.#listeners.get(keyOf(place));
      if (listener) rules.push(`MAP ${name}:${place.port} 127.0.0.1:${listener.actualPort}`);
    };
    for (const { place } of this.#listeners.values()) {
      add(isIPv6(place.address) ? `[${place.address}]` : place.address, place);
      for (const name of this.zone.names('system')) {
        if (this.zone.find('system', name)?.a[0] === place.address) add(name, place);
      }
    }
    for (const name of this.zone.names('system')) rules.push(`MAP ${name} 127.0.0.1:1`);
    return [...rules, 'MAP * ^NOTFOUND', 'EXCLUDE 127.0.0.1', 'EXCLUDE localhost'];
  }

  /**
   * For Firefox with plain loopback: one port stands for each port of the world, and leads by server
   * name or Host to the place. Addresses as such, and resets before the first bytes, are lost.
   */
  async openDemultiplexers(): Promise<ReadonlyMap<number, number>> {
    const ports = new Set([...this.#listeners.values()].map(({ place }) => place.port));
    const actual = new Map<number, number>();
    for (const port of ports) {
      const server = createServer({ pauseOnConnect: true }, (socket) => void this.#demultiplex(socket, port));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      this.onClose(() => void server.close());
      const address = server.address();
      if (address && typeof address === 'object') actual.set(port, address.port);
    }
    return actual;
  }

  async #demultiplex(socket: Socket, port: number): Promise<void> {
    this.#keep(socket, { address: '', port });
    const opening = await peekOpening(socket);
    const name = opening.kind === 'tls' ? opening.serverName : opening.kind === 'http' ? opening.host : undefined;
    const address = name === undefined ? undefined : this.zone.find('system', name)?.a[0];
    const listener = address === undefined ? undefined : this.#listeners.get(keyOf({ address, port }));
    if (!listener) {
      socket.destroy();
      return;
    }
    this.#sockets.set(socket, listener.place);
    await this.#carry(listener, socket);
  }

  /** Gives the loopback interface every address that is listened at, in one go, before a browser could see it change. */
  #takeAddresses(listeners: readonly Listener[]): void {
    const all = [...listeners.map(({ place }) => place.address), ...this.#further];
    const addresses = new Set(all.filter((address) => !address.startsWith('127.') && address !== '::1'));
    if (this.hasIpv6) addresses.add(this.#elsewhereV6);
    this.#addresses = [...addresses].filter((address) => this.hasIpv6 || !isIPv6(address));
    const lines = this.#addresses.map(
      (address) => `addr add ${address}/${isIPv6(address) ? '128' : '32'} dev lo${isIPv6(address) ? ' nodad' : ''}`,
    );
    if (!this.hasIpv6) lines.push('-6 route del default', '-6 addr flush dev lan0 scope global');
    this.#ip(lines);
  }

  #ip(lines: readonly string[]): void {
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
    const isSix = (line: string) => line.startsWith('-6 ');
    for (const family of ['-4', '-6']) {
      const input = lines.filter((line) => isSix(line) === (family === '-6')).map((line) => line.replace('-6 ', ''));
      if (input.length === 0) continue;
      // Addresses of both families go by the first batch: `addr add` takes the family from the address.
      const result = spawnSync('ip', [...(family === '-6' ? ['-6'] : []), '-batch', '-'], {
        input: input.join('\n'),
        encoding: 'utf8',
        env,
      });
      if (result.status !== 0) throw new Error(`ip: ${result.stderr} ${result.error?.message ?? ''}`);
    }
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
    const closing = [...this.#listeners.values()].map(({ server }) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#sockets.keys()) socket.destroy();
    await Promise.all(closing);
    await this.#dns?.close();
    if (this.isNamespace && this.#addresses.length > 0) {
      this.#ip(this.#addresses.map((address) => `addr del ${address}/${isIPv6(address) ? '128' : '32'} dev lo`));
    }
  }
}

/** Serves plain HTTP, keep-alive on. */
export function httpHandler(app: App): ConnectionHandler {
  const connections = new WeakMap<Socket, Connection>();
  const server = createHttpServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 30_000 }, (request, response) => {
    const connection = connections.get(request.socket);
    app(request, response, { reset: (why) => connection?.reset(why), ordinal: connection?.ordinal ?? 0 });
  });
  return (connection) => {
    connections.set(connection.socket, connection);
    server.emit('connection', connection.socket);
    connection.socket.resume();
  };
}

export interface TlsOptions {
  /** Given to every client, whatever name it says or does not say. */
  certificate: Certificate;
  /** Another certificate for a server name. */
  contextFor?(serverName: string): Promise<SecureContext>;
  /** Really speaks HTTP/2, HTTP/1.1 for those who cannot. */
  isHttp2: boolean;
  /** The only version spoken, an old one included; absent: those that are usual today. */
  version?: SecureVersion;
}

/** The answer to a handshake, by name where `contextFor` says so. */
export function serverNameCallback(contextFor: (serverName: string) => Promise<SecureContext>): TlsServerOptions['SNICallback'] {
  return (name, done) => {
    contextFor(name).then(
      (context) => done(null, context),
      (error: Error) => done(error),
    );
  };
}

/** Serves HTTPS. */
export function httpsHandler({ certificate, contextFor, isHttp2, version }: TlsOptions, app: App): ConnectionHandler {
  const connections = new Map<string, Connection>();
  const peerOf = (socket: { remoteAddress?: string; remotePort?: number }) => `${socket.remoteAddress} ${socket.remotePort}`;
  const serve = (request: Request, response: Response) => {
    const connection = connections.get(peerOf(request.socket));
    app(request, response, { reset: (why) => connection?.reset(why), ordinal: connection?.ordinal ?? 0 });
  };
  const tls: TlsServerOptions = {
    ...certificate,
    ...(contextFor ? { SNICallback: serverNameCallback(contextFor) } : {}),
    // The old versions are only spoken at the lowest level of security.
    ...(version ? { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  };
  const server = isHttp2
    ? createSecureServer({ ...tls, allowHTTP1: true }, (request: Http2ServerRequest, response: Http2ServerResponse) =>
        serve(request, response),
      )
    : createHttpsServer({ ...tls, maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 30_000 }, serve);
  server.on('tlsClientError', () => undefined);
  server.on('sessionError', () => undefined);
  return (connection) => {
    const key = peerOf(connection.socket);
    connections.set(key, connection);
    connection.socket.once('close', () => connections.delete(key));
    server.emit('connection', connection.socket);
  };
}
