import { helloSizeFilter } from '../boxes';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'clienthello-intolerance.twin',
  about:
    "Another host of the site resets every ClientHello that is larger than a packet; the page's own host takes it, and its cookies are too large.",
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    for (const sibling of siblings) await addSite(internet, { host: sibling, front: helloSizeFilter(internet, draw.int(1_200, 1_460)) });
    return configured;
  },
};
export default scenario;
