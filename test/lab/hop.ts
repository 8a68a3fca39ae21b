import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import type { Internet } from './internet';

const ENV = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
/** This device's address, by `namespace.sh`. */
export const DEVICE = '192.168.178.23';
const ELSEWHERE = '127.0.77.1';
const NEAR = '10.99.0.1';
const FAR = '10.99.0.2';
const TABLE = '100';

export interface HopOptions {
  /** Addresses that the device reaches through it. */
  to: readonly string[];
  /** Whether what they send back comes through it too. */
  isBothWays?: boolean;
  /** Interface towards it: a plain line, or a tunnel over that line as a VPN's. */
  link?: 'line' | 'tunnel';
  /** Largest packet that it passes on to the device, bytes; larger ones it would have to split. */
  mtu?: number;
  /** Largest packet of the line towards it, bytes: what the device says at once is more comes in several, as on a real card. */
  lineMtu?: number;
  /** Settings of its kernel, once its rules are there. */
  sysctl?: readonly string[];
  /** What it does with packets: statements of nft, in a table of their own. */
  nft: readonly string[];
}

function run(program: string, args: readonly string[], input?: string): string {
  const result = spawnSync(program, args, { input, encoding: 'utf8', env: ENV });
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${result.stderr} ${result.error?.message ?? ''}`);
  return result.stdout;
}

/** A process that does nothing but keep a network namespace alive. */
function spawnNamespace(): ChildProcess {
  const child = spawn('unshare', ['-n', 'sleep', '3600'], { stdio: 'ignore', env: ENV });
  const own = readlinkSync('/proc/self/ns/net');
  for (let tries = 0; tries < 500; tries++) {
    try {
      if (readlinkSync(`/proc/${child.pid}/ns/net`) !== own) return child;
    } catch {
      // Not there yet.
    }
    spawnSync('sleep', ['0.01']);
  }
  throw new Error('No namespace for the hop');
}

/**
 * A router in a network namespace of its own, between the device and some addresses: what it resets, drops or forgets
 * comes from outside the flow, as on a real way. The servers stay where they are; only the packets take the detour.
 */
export function addHop(internet: Internet, options: HopOptions): void {
  const child = spawnNamespace();
  const inside = (program: string, args: readonly string[], input?: string) =>
    run('nsenter', ['-t', String(child.pid), '-n', program, ...args], input);
  const isTunnel = options.link === 'tunnel';
  const [nearEnd, farEnd] = isTunnel ? ['vpn0', 'vpn1'] : ['hop0', 'hop1'];
  const [near, far] = isTunnel ? ['10.8.0.2', '10.8.0.1'] : [NEAR, FAR];
  const tunnel = (local: string, remote: string, device: string, name: string) =>
    `link add ${name} type vxlan id 7 local ${local} remote ${remote} dev ${device} dstport 4789`;
  run(
    'ip',
    ['-batch', '-'],
    [
      'link add hop0 type veth peer name hop1',
      `link set hop1 netns ${child.pid}`,
      'link set hop0 addrgenmode none',
      `addr add ${NEAR}/30 dev hop0`,
      // The kernel would hand over whole trains of segments, which only a real card cuts.
      ...(options.lineMtu === undefined ? [] : [`link set hop0 mtu ${options.lineMtu}`, 'link set hop0 gso_max_segs 1']),
      'link set hop0 up',
      ...(isTunnel
        ? [tunnel(NEAR, FAR, 'hop0', 'vpn0'), 'link set vpn0 addrgenmode none', `addr add ${near}/24 dev vpn0`, 'link set vpn0 up']
        : []),
    ].join('\n'),
  );
  inside(
    'ip',
    ['-batch', '-'],
    [
      'link set lo up',
      `addr add ${FAR}/30 dev hop1`,
      ...(options.lineMtu === undefined ? [] : [`link set hop1 mtu ${options.lineMtu}`]),
      'link set hop1 up',
      ...(isTunnel ? [tunnel(FAR, NEAR, 'hop1', 'vpn1'), `addr add ${far}/24 dev vpn1`, 'link set vpn1 up'] : []),
      `route add default via ${near} dev ${farEnd}`,
      ...(options.mtu === undefined ? [] : [`route add ${DEVICE} via ${near} dev ${farEnd} mtu lock ${options.mtu}`]),
    ].join('\n'),
  );
  const settings = ['all.rp_filter=0', `${farEnd}.rp_filter=0`, 'all.send_redirects=0', `${farEnd}.send_redirects=0`];
  inside('sysctl', ['-qw', 'net.ipv4.ip_forward=1', ...settings.map((setting) => `net.ipv4.conf.${setting}`)]);
  run('sysctl', [
    '-qw',
    'net.ipv4.conf.all.rp_filter=0',
    `net.ipv4.conf.${nearEnd}.rp_filter=0`,
    `net.ipv4.conf.${nearEnd}.accept_local=1`,
  ]);
  inside('nft', ['-f', '-'], options.nft.join('\n'));
  if (options.sysctl !== undefined) inside('sysctl', ['-qw', ...options.sysctl]);
  // The addresses are the device's own, so its table of those must come after.
  const rules = [
    `from ${ELSEWHERE} lookup local pref 4`,
    ...options.to.flatMap((address) => [
      `iif lo to ${address} lookup ${TABLE} pref 5`,
      ...(options.isBothWays ? [`iif lo from ${address} to ${DEVICE} lookup ${TABLE} pref 6`] : []),
    ]),
  ];
  run(
    'ip',
    ['-batch', '-'],
    [
      `route add default via ${far} dev ${nearEnd} src ${DEVICE} table ${TABLE}`,
      ...rules.map((rule) => `rule add ${rule}`),
      'rule add lookup local pref 10',
      'rule del pref 0',
    ].join('\n'),
  );
  internet.onClose(() => {
    // What its counters say belongs to what the lab saw.
    for (const [, packets] of inside('nft', ['list', 'ruleset']).matchAll(/counter packets (\d+)/g))
      internet.note(`the router on the way reset ${packets} packets`);
    run(
      'ip',
      ['-batch', '-'],
      ['rule add lookup local pref 0', 'rule del pref 10', ...rules.map((rule) => `rule del ${rule}`), 'link del hop0'].join('\n'),
    );
    child.kill('SIGKILL');
  });
}

/** A chain of nft that sees what the hop passes on. */
export function forwarding(rules: readonly string[]): readonly string[] {
  return [
    'add table ip hop',
    'add chain ip hop pass { type filter hook forward priority 0; }',
    ...rules.map((rule) => `add rule ip hop pass ${rule}`),
  ];
}

/** Bytes of a raw payload match of nft, which compares at most so many at once. */
const MATCH_BYTES = 16;

/** A match of nft for a text at a place of the TCP payload. */
export function payloadAt(offset: number, text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += MATCH_BYTES) {
    const part = bytes.subarray(at, at + MATCH_BYTES);
    parts.push(`@ih,${(offset + at) * 8},${part.length * 8} 0x${part.toString('hex')}`);
  }
  return parts.join(' ');
}
