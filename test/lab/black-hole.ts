import { addHop } from './hop';
import type { Internet } from './internet';

/** A line that drops large packets on their way back; whether it keeps that to itself, or tells as it should. */
export function blackHole(internet: Internet, options: { to: readonly string[]; mtu: number; isSilent: boolean }): void {
  addHop(internet, {
    to: options.to,
    isBothWays: true,
    mtu: options.mtu,
    nft: [
      'add table ip hop',
      'add chain ip hop out { type filter hook output priority 0; }',
      ...(options.isSilent ? ['add rule ip hop out ip protocol icmp drop'] : []),
    ],
  });
}
