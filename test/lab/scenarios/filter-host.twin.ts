import { hostFilter } from '../boxes';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'filter-host.twin',
  about: 'Plain HTTP to the host is reset by a filter, but the page is https and fails for its oversized cookies.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(hostFilter(internet, (name) => name === host));
    return configured;
  },
};
export default scenario;
