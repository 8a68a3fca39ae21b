import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'extension-headers.twin',
  about: "An extension is able to change every header and does nothing; the site's own cookies are too large.",
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    return { ...configured, extensions: [{ does: 'nothing' }] };
  },
};
export default scenario;
