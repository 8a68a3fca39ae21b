import { addHop, forwarding } from './hop';
import type { Internet } from './internet';

/** A VPN of the device: a real tunnel interface towards an exit that resets connections to these addresses once they say something. */
export function addVpn(internet: Internet, options: { to: readonly string[] | 'all'; resets: readonly string[] | 'all' }): void {
  const { to, resets } = options;
  const match = resets === 'all' ? '' : `ip daddr { ${resets.join(', ')} } `;
  internet.beforeOpen((addresses) => {
    addHop(internet, {
      to: to === 'all' ? addresses : to,
      link: 'tunnel',
      // The handshake of TCP passes, as through an exit that takes it over.
      nft: forwarding([`${match}tcp flags & psh == psh counter reject with tcp reset`]),
    });
  });
}
