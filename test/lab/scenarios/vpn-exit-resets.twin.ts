import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addSite, drawNames } from '../site';
import { addVpn } from '../vpn';

const scenario: Scenario = {
  name: 'vpn-exit-resets.twin',
  about: 'The device is on a VPN whose exit resets another host of the site; the page passes it, and its cookies are too large.',
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { site, configured } = await addOversizedCookieSite(internet, { host });
    const [sibling = '', ...aliases] = siblings;
    const other = await addSite(internet, { host: sibling, aliases });
    addVpn(internet, { to: [...site.v4, ...other.v4], resets: other.v4 });
    return configured;
  },
};
export default scenario;
