import { addHop, forwarding } from './hop';
import type { Internet } from './internet';

/** A router that keeps a table of connections, forgets idle ones, and resets what it does not know. Answers how long that surely takes, ms. */
export function forgetfulNat(internet: Internet, options: { to: readonly string[]; idleS: number }): number {
  addHop(internet, {
    to: options.to,
    isBothWays: true,
    // Only a handshake makes an entry.
    sysctl: ['net.netfilter.nf_conntrack_tcp_loose=0', `net.netfilter.nf_conntrack_tcp_timeout_established=${options.idleS}`],
    nft: forwarding(['ct state invalid counter reject with tcp reset']),
  });
  return options.idleS * 1_000 + 1_200;
}
