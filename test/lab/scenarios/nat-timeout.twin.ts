import { forgetfulNat } from '../nat';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'nat-timeout.twin',
  about: "The router forgets idle connections and resets them; the page's request goes on a fresh one, and its cookies are too large.",
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { site, configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    forgetfulNat(internet, { to: site.v4, idleS: draw.int(1, 2) });
    return { ...configured, trigger: () => internet.hangUp(site.v4) };
  },
};
export default scenario;
