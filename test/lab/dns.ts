import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import * as packet from 'dns-packet';
import type { View, Zone } from './zone';

const RECURSION = packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE;
const NAME_ERROR = 3;

/** The answer to a query in wire form, RFC 1035; also the body of DNS over HTTPS. */
export function answerQuery(zone: Zone, view: View, query: Buffer): Buffer {
  const { id, questions } = packet.decode(query);
  const question = questions?.[0];
  const records = question && zone.find(view, question.name);
  const answers: packet.Answer[] = [];
  if (question && records) {
    if (question.type === 'A')
      answers.push(...records.a.map((data) => ({ name: question.name, type: 'A' as const, ttl: records.ttl, data })));
    if (question.type === 'AAAA') {
      answers.push(...records.aaaa.map((data) => ({ name: question.name, type: 'AAAA' as const, ttl: records.ttl, data })));
    }
  }
  return packet.encode({
    type: 'response',
    id: id ?? 0,
    flags: RECURSION | (records ? 0 : NAME_ERROR),
    questions: questions ?? [],
    answers,
  });
}

function isSilent(zone: Zone, query: Buffer): boolean {
  return packet.decode(query).questions?.some(({ name }) => zone.silent.has(name.toLowerCase())) === true;
}

/** The device's DNS server, UDP and TCP. */
export class DnsServer {
  readonly #udp: UdpSocket;
  readonly #tcp: Server;
  port = 0;

  constructor(zone: Zone) {
    this.#udp = createSocket('udp4');
    this.#udp.on('message', (message, peer) => {
      if (isSilent(zone, message)) return;
      this.#udp.send(answerQuery(zone, 'system', message), peer.port, peer.address);
    });
    this.#tcp = createServer((socket) => {
      let bytes = Buffer.alloc(0);
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
          const end = 2 + bytes.readUInt16BE(0);
          const answer = answerQuery(zone, 'system', bytes.subarray(2, end));
          if (isSilent(zone, bytes.subarray(2, end))) return;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(answer.length);
          socket.write(Buffer.concat([length, answer]));
          bytes = bytes.subarray(end);
        }
      });
    });
  }

  /** `port` 0: any free one. */
  async open(address: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#udp.once('error', reject);
      this.#udp.bind(port, address, resolve);
    });
    this.port = this.#udp.address().port;
    await new Promise<void>((resolve, reject) => {
      this.#tcp.once('error', reject);
      this.#tcp.listen(this.port, address, resolve);
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#udp.close(() => resolve()));
    await new Promise<void>((resolve) => this.#tcp.close(() => resolve()));
  }
}
