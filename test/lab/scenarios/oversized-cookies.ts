import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'oversized-cookies',
  about: 'The cookies of an earlier visit are larger than the server takes.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    return configured;
  },
};
export default scenario;
