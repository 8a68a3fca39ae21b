import { hostFilter, serverNameFilter } from '../boxes';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'everything-resets.twin',
  about:
    "Some vendors' connectivity hosts are reset by a privacy filter of the network; the rest of the world is well, and the site's cookies are too large.",
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    const unwanted = draw.pick([
      ['gstatic.com', 'google.com'],
      ['msftconnecttest.com', 'microsoft.com', 'apple.com'],
      ['gstatic.com', 'google.com', 'detectportal.firefox.com'],
    ]);
    const isUnwanted = (name: string) => unwanted.some((domain) => name.endsWith(domain));
    internet.boxes.push(serverNameFilter(internet, isUnwanted), hostFilter(internet, isUnwanted));
    return configured;
  },
};
export default scenario;
