import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Certificate } from './authority';
import type { Internet, Place } from './internet';

const PROGRAM = fileURLToPath(new URL('./crashing-process.mjs', import.meta.url));

/**
 * Declares a server whose process is killed by each connection and started anew by its supervisor; over TLS where there
 * is a certificate. No box may read its connections before.
 */
export function addCrashingServer(internet: Internet, places: readonly { place: Place; certificate?: Certificate }[]): void {
  // How far an exchange comes. `unread`: the request still lies in the kernel, which makes a reset of the close.
  const until = internet.draw.pick(['unread', 'read', 'half-answered']);
  const start = () => {
    const child = spawn(process.execPath, [PROGRAM, until], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('error', () => undefined);
    return { child, ready: new Promise<ChildProcess>((resolve) => child.once('message', () => resolve(child))) };
  };
  // Some wait, as a supervisor keeps workers: a burst must find them.
  const spare = Array.from({ length: 6 }, start);
  internet.onClose(() => {
    for (const { child } of spare.splice(0)) child.kill('SIGKILL');
  });
  for (const { place, certificate } of places) {
    internet.listen(place, async (connection) => {
      spare.push(start());
      const child = await spare.shift()?.ready;
      internet.note(`connection ${connection.ordinal} kills a server process (${until})`);
      child?.send({ certificate }, connection.socket);
    });
  }
}
