import { refuseSplitHello } from '../hello-splitter';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

/** Largest packet of lines within a data centre, bytes: any greeting is one packet there. */
const JUMBO_MTU = 9_000;

const scenario: Scenario = {
  name: 'clienthello-in-two.twin',
  about: 'The same box stands before the site, but the line carries every ClientHello in one packet; the cookies are too large.',
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { site, configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    refuseSplitHello(internet, { to: site.v4, lineMtu: JUMBO_MTU });
    return configured;
  },
};
export default scenario;
