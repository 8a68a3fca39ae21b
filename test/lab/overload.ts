import type { Socket } from 'node:net';
import type { Box, Connection, Internet, Place } from './internet';

/** Time between two arrivals of other clients, ms. */
const ARRIVAL_MS = 15;

/**
 * A server that holds so many connections and no more: it resets what comes while all places are taken, as nginx does in
 * effect when its `worker_connections` are not enough. Other clients compete for each place that falls free.
 */
export function overloadedServer(internet: Internet): { front: Box; start(place: Place): void } {
  const { draw } = internet;
  const places = draw.int(3, 6);
  const holdMs = draw.int(140, 300);
  const others = new Set<Socket>();
  let taken = 0;
  // At first nobody gets through; the fault would hide itself else, now and then.
  let isFirst = true;
  const admit = ({ socket }: Connection): boolean => {
    if (taken >= places) return false;
    taken += 1;
    socket.once('close', () => {
      taken -= 1;
    });
    return true;
  };
  return {
    start: (place) => {
      const timer = setInterval(() => {
        if (others.size > places) return;
        const socket = internet.dial(place, 'elsewhere');
        others.add(socket);
        const leave = setTimeout(() => socket.destroy(), draw.int(holdMs / 2, holdMs * 2));
        socket.once('close', () => {
          clearTimeout(leave);
          others.delete(socket);
        });
      }, ARRIVAL_MS);
      internet.onClose(() => clearInterval(timer));
    },
    front: async (connection) => {
      if (internet.isFromElsewhere(connection.socket)) {
        if (admit(connection)) connection.socket.resume();
        else connection.socket.destroy();
        return 'taken';
      }
      // Browsers also open some that they never use.
      if ((await connection.opening()).kind === 'silent') return 'taken';
      if (!isFirst && admit(connection)) return 'pass';
      isFirst = false;
      connection.reset(`all ${places} places are taken`);
      return 'taken';
    },
  };
}
