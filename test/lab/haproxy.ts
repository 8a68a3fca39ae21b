import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Internet, Place } from './internet';

/** Waits until somebody listens there. */
async function untilTaken({ address, port }: Place): Promise<void> {
  const giveUpAt = performance.now() + 5_000;
  while (performance.now() < giveUpAt) {
    const isTaken = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address);
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isTaken) return;
    await after(20);
  }
  throw new Error(`Nobody came to listen at ${address}:${port}`);
}

/** The real HAProxy before a place: it passes TCP on, and resets what has been idle for so long. */
export function addIdleProxy(internet: Internet, options: { front: Place; back: Place; idleMs: number }): void {
  const { front, back, idleMs } = options;
  let child: ChildProcess | undefined;
  let folder = '';
  internet.onClose(() => {
    child?.kill('SIGKILL');
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });
  internet.afterOpen(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haproxy-'));
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(
      file,
      `defaults
  mode tcp
  timeout connect 2s
  timeout client ${idleMs}ms
  timeout server ${idleMs}ms
  option nolinger
listen site
  bind ${front.address}:${front.port}
  server one ${back.address}:${back.port}
`,
    );
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
    child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore', env });
    child.on('error', (error) => internet.note(`haproxy: ${error.message}`));
    await untilTaken(front);
  }, [front.address]);
}
