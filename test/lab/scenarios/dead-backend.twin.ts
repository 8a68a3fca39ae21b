import { slowFront } from '../boxes';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'dead-backend.twin',
  about: "A balancer takes a while to find its backend, and finds it each time; the site's own cookies are too large.",
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host, front: slowFront(internet, draw.int(300, 500)) });
    await addHealthySiblings(internet, siblings);
    return configured;
  },
};
export default scenario;
