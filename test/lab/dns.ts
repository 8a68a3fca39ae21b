import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import * as packet from 'dns-packet';
import type { View, Zone } from './zone';

const RECURSION = packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE;
const NAME_ERROR = 3;
/** Ports that are tried after the first. */
const OTHER_PORTS = 8;

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

  /** `port` 0: any that is free for both protocols. */
  async open(address: string, port: number): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      this.#tcp.listen(port, address);
      await once(this.#tcp, 'listening');
      this.port = (this.#tcp.address() as AddressInfo).port;
      try {
        this.#udp.bind(this.port, address);
        await once(this.#udp, 'listening');
        return;
      } catch (error) {
        // Free for TCP, and somebody else's for UDP.
        if (port !== 0 || tries === OTHER_PORTS || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        this.#tcp.close();
        await once(this.#tcp, 'close');
      }
    }
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#udp.close(() => resolve()));
    await new Promise<void>((resolve) => this.#tcp.close(() => resolve()));
  }
}
