import { serverNameFilter } from '../boxes';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'filter-server-name.twin',
  about: 'A filter by server name resets a sibling host, but the page itself fails for its oversized cookies.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(serverNameFilter(internet, (name) => siblings.includes(name)));
    return configured;
  },
};
export default scenario;
