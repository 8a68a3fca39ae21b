import { addHop, forwarding, payloadAt } from './hop';
import type { Internet } from './internet';

/** A filter on the way that answers plain http to a host with a reset in the server's name, and keeps the request from it. */
export function forgeByHost(internet: Internet, options: { host: string; paths: readonly string[]; address: string }): void {
  const heads = options.paths.flatMap((path) => ['GET', 'HEAD'].map((method) => `${method} ${path} HTTP/1.1\r\nHost: `));
  addHop(internet, {
    to: [options.address],
    nft: forwarding(
      heads.map(
        (head) =>
          `ip daddr ${options.address} ${payloadAt(0, head.slice(0, 4))} ${payloadAt(head.length, `${options.host}\r\n`)} counter reject with tcp reset`,
      ),
    ),
  });
}
