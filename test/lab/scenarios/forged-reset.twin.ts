import { forgeByHost } from '../forger';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'forged-reset.twin',
  about:
    "The provider's filter forges resets for plain http to another host of the site; the page is https, and its cookies are too large.",
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    const [sibling = ''] = siblings;
    const other = await addSite(internet, { host: sibling, http: pageApp(internet) });
    forgeByHost(internet, { host: sibling, paths: ['/'], address: other.v4[0] ?? '' });
    return configured;
  },
};
export default scenario;
