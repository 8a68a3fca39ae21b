import type { Socket } from 'node:net';

/** What a client says first on a connection. */
export type Opening =
  | { kind: 'tls'; serverName: string | undefined; bytes: number }
  | { kind: 'http'; method: string; target: string; host: string; bytes: number }
  | { kind: 'other' }
  /** Nothing came before the client went away. */
  | { kind: 'silent' };

const TLS_HANDSHAKE = 0x16;
const CLIENT_HELLO = 1;
const SERVER_NAME_EXTENSION = 0;
const MAX_OPENING_BYTES = 65_536;

/** Reads the server name of a ClientHello; `incomplete` when more bytes are needed. RFC 8446 §4.1.2, RFC 6066 §3. */
function readClientHello(bytes: Buffer): Opening | 'incomplete' {
  const fragments: Buffer[] = [];
  let at = 0;
  let handshake = Buffer.alloc(0);
  for (;;) {
    if (handshake.length >= 4 && handshake.length >= 4 + handshake.readUIntBE(1, 3)) break;
    if (bytes.length < at + 5) return 'incomplete';
    if (bytes[at] !== TLS_HANDSHAKE) return { kind: 'other' };
    const length = bytes.readUInt16BE(at + 3);
    if (bytes.length < at + 5 + length) return 'incomplete';
    fragments.push(bytes.subarray(at + 5, at + 5 + length));
    handshake = Buffer.concat(fragments);
    at += 5 + length;
  }
  if (handshake[0] !== CLIENT_HELLO) return { kind: 'other' };
  let cursor = 4 + 2 + 32;
  cursor += 1 + handshake.readUInt8(cursor);
  cursor += 2 + handshake.readUInt16BE(cursor);
  cursor += 1 + handshake.readUInt8(cursor);
  if (cursor + 2 > handshake.length) return { kind: 'tls', serverName: undefined, bytes: at };
  const end = cursor + 2 + handshake.readUInt16BE(cursor);
  cursor += 2;
  while (cursor + 4 <= end) {
    const type = handshake.readUInt16BE(cursor);
    const length = handshake.readUInt16BE(cursor + 2);
    if (type === SERVER_NAME_EXTENSION) {
      const nameLength = handshake.readUInt16BE(cursor + 7);
      return { kind: 'tls', serverName: handshake.toString('latin1', cursor + 9, cursor + 9 + nameLength).toLowerCase(), bytes: at };
    }
    cursor += 4 + length;
  }
  return { kind: 'tls', serverName: undefined, bytes: at };
}

function readHttpHead(bytes: Buffer): Opening | 'incomplete' {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return 'incomplete';
  const [requestLine = '', ...headers] = bytes.toString('latin1', 0, end).split('\r\n');
  const [method = '', target = ''] = requestLine.split(' ');
  const host =
    headers
      .find((header) => /^host:/i.test(header))
      ?.slice('host:'.length)
      .trim() ?? '';
  return { kind: 'http', method, target, host: host.replace(/:\d+$/, '').toLowerCase(), bytes: end + 4 };
}

function readOpening(bytes: Buffer): Opening | 'incomplete' {
  if (bytes.length === 0) return 'incomplete';
  if (bytes[0] === TLS_HANDSHAKE) return readClientHello(bytes);
  if (/^[A-Z]{1,10}( |$)/.test(bytes.toString('latin1', 0, 11).split(' ')[0] ?? '')) return readHttpHead(bytes);
  return { kind: 'other' };
}

/** Waits for the opening of a connection and puts its bytes back, so that a server may still read them. */
export function peekOpening(socket: Socket): Promise<Opening> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const finish = (opening: Opening) => {
      socket.off('readable', onReadable);
      socket.off('end', onGone);
      socket.off('close', onGone);
      socket.pause();
      if (bytes.length > 0 && !socket.destroyed) socket.unshift(bytes);
      resolve(opening);
    };
    const onGone = () => finish({ kind: 'silent' });
    const onReadable = () => {
      for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
        bytes = Buffer.concat([bytes, chunk]);
      }
      const opening = readOpening(bytes);
      if (opening !== 'incomplete') finish(opening);
      else if (bytes.length > MAX_OPENING_BYTES) finish({ kind: 'other' });
    };
    socket.on('readable', onReadable);
    socket.once('end', onGone);
    socket.once('close', onGone);
  });
}
