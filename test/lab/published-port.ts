import { connect } from 'node:net';
import type { Internet, Place } from './internet';

/**
 * A userland port forwarder as Docker's: it accepts first and dials then. Where nobody listens inside it closes with the
 * request unread, and the kernel makes a reset of that.
 */
export function addPublishedPort(internet: Internet, { outside, inside }: { outside: Place; inside: Place }): void {
  internet.listen(
    outside,
    ({ socket, ordinal }) => {
      const { host, port } = internet.reach(inside);
      const upstream = connect({ host, port });
      upstream.on('connect', () => {
        socket.pipe(upstream);
        upstream.pipe(socket);
      });
      upstream.on('error', (error: NodeJS.ErrnoException) => {
        internet.note(`published port ${outside.port}, connection ${ordinal}: ${error.code ?? error.message} inside`);
        // What is sent meanwhile stays unread.
        setTimeout(() => socket.destroy(), 5);
      });
      socket.on('close', () => upstream.destroy());
    },
    { isLocal: true },
  );
}
