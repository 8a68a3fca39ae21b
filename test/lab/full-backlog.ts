import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Certificate } from './authority';
import { ELSEWHERE_V4, type Internet, type Place } from './internet';

const PROGRAM = fileURLToPath(new URL('./busy-process.mjs', import.meta.url));
const ENV = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
/** What a client says first is lost if it comes sooner after its SYN, ms. */
const LOST_MS = 100;
/** Until the kernel says it again, as `TCP_RTO_MIN` has it, ms. */
const SAID_AGAIN_MS = 205;

function run(program: string, args: readonly string[], input?: string): string {
  const result = spawnSync(program, args, { input, encoding: 'utf8', env: ENV });
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${result.stderr} ${result.error?.message ?? ''}`);
  return result.stdout;
}

/**
 * A server that does not keep up: its program looks after its queue of connections once in a round, and between two looks other
 * clients fill it. The kernel answers a SYN while there is room, and with `tcp_abort_on_overflow` resets whoever completes its
 * connection when there is none any more. On loopback both come at once, so the line to it loses what a client says first, and the
 * kernel says it again after half a round.
 */
export function addFullBacklog(internet: Internet, place: Place, certificate?: Certificate): void {
  const { address, port } = place;
  let child: ChildProcess | undefined;
  const settings = ['net.ipv4.tcp_abort_on_overflow', 'net.ipv4.tcp_syncookies'];
  internet.afterOpen(async () => {
    const before = run('sysctl', settings).trim().split('\n');
    run('sysctl', ['-qw', `${settings[0]}=1`, `${settings[1]}=0`]);
    run(
      'nft',
      ['-f', '-'],
      `add table ip far
add set ip far young { type ipv4_addr . inet_service; flags dynamic,timeout; timeout ${LOST_MS}ms; }
add chain ip far in { type filter hook input priority 0; }
add chain ip far out { type filter hook output priority 0; }
add rule ip far in ip daddr ${address} tcp dport ${port} ip saddr != ${ELSEWHERE_V4} tcp flags & (syn|ack) == syn add @young { ip saddr . tcp sport }
add rule ip far in ip daddr ${address} tcp flags & (syn|ack) != syn ip saddr . tcp sport @young drop
add rule ip far out ip saddr ${address} tcp sport ${port} tcp flags rst counter
`,
    );
    internet.onClose(() => {
      for (const [, packets] of run('nft', ['list', 'table', 'ip', 'far']).matchAll(/counter packets (\d+)/g))
        internet.note(`the kernel reset ${packets} connections for want of room`);
      run('nft', ['delete', 'table', 'ip', 'far']);
      run('sysctl', ['-qw', ...before.map((line) => line.replaceAll(' ', ''))]);
    });
    child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: ENV });
    internet.onClose(() => void child?.kill('SIGKILL'));
    child.send({ address, port, certificate, backlog: internet.draw.int(11, 16), from: ELSEWHERE_V4, roundMs: 2 * SAID_AGAIN_MS });
    await once(child, 'message');
  }, [address]);
}
