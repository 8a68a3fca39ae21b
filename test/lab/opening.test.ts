import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type Opening, peekOpening } from './opening';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that peeks at one connection and keeps it. */
async function peekingServer(): Promise<{ port: number; accepted: Promise<{ opening: Opening; socket: Socket }> }> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const accepted = once(server, 'connection').then(async ([socket]: Socket[]) => {
    if (!socket) throw new Error('no socket');
    socket.on('error', () => socket.destroy());
    closers.push(() => socket.destroy());
    return { opening: await peekOpening(socket), socket };
  });
  return { port: (server.address() as AddressInfo).port, accepted };
}

describe('peekOpening', () => {
  it('reads the server name of a real ClientHello', async () => {
    const { port, accepted } = await peekingServer();
    const client = tlsConnect({ port, host: '127.0.0.1', servername: 'some.name.example' });
    client.on('error', () => client.destroy());
    closers.push(() => client.destroy());
    expect((await accepted).opening).toEqual({ kind: 'tls', serverName: 'some.name.example', bytes: expect.any(Number) });
  });

  it('says so when a ClientHello carries no name', async () => {
    const { port, accepted } = await peekingServer();
    const client = tlsConnect({ port, host: '127.0.0.1' });
    client.on('error', () => client.destroy());
    closers.push(() => client.destroy());
    expect((await accepted).opening).toEqual({ kind: 'tls', serverName: undefined, bytes: expect.any(Number) });
  });

  it('reads the Host of a request that arrives in pieces, and leaves every byte', async () => {
    const { port, accepted } = await peekingServer();
    const client = connect(port, '127.0.0.1');
    closers.push(() => client.destroy());
    const head = 'GET /a HTTP/1.1\r\nHost: Shop.Example:8080\r\n\r\n';
    client.write(head.slice(0, 20));
    await once(client, 'connect');
    client.write(head.slice(20));
    const { opening, socket } = await accepted;
    expect(opening).toEqual({ kind: 'http', method: 'GET', target: '/a', host: 'shop.example', bytes: head.length });
    expect(String(socket.read())).toBe(head);
  });

  it('calls a client silent that leaves without a word', async () => {
    const { port, accepted } = await peekingServer();
    connect(port, '127.0.0.1').end();
    expect((await accepted).opening).toEqual({ kind: 'silent' });
  });
});
