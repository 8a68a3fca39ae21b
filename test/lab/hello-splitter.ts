import { addHop, forwarding, payloadAt } from './hop';
import type { Internet } from './internet';

/** Usual largest packet of a line, bytes. */
export const USUAL_MTU = 1_500;
/** Headers of IPv4 and of TCP with its time stamps, and the head of the TLS record, bytes. */
const OVERHEAD = 20 + 32 + 5;
/** A TLS record of handshakes, in the version that every ClientHello says: RFC 8446 §5.1. */
const HANDSHAKE_RECORD = '\x16\x03\x01';

/**
 * A box on the way that wants every ClientHello whole in its first packet, and resets where the record says that more is to
 * come. Whether it does is a matter of the line's packets: browsers' greetings of today need two of the usual size.
 */
export function refuseSplitHello(internet: Internet, options: { to: readonly string[]; lineMtu: number }): void {
  addHop(internet, {
    to: options.to,
    lineMtu: options.lineMtu,
    nft: forwarding([
      `${payloadAt(0, HANDSHAKE_RECORD)} @ih,24,16 > ${USUAL_MTU - OVERHEAD} ip length <= ${USUAL_MTU} counter reject with tcp reset`,
    ]),
  });
}
