import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames, resetFront } from '../site';

const scenario: Scenario = {
  name: 'missing-certificate.twin',
  about: 'The server has no certificate for clients that say no name and resets them; the page has one, and its cookies are too large.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, {
      host,
      front: resetFront(internet, 'opening', 'no certificate without a name', async (connection) => {
        const opening = await connection.opening();
        return opening.kind === 'tls' && opening.serverName === undefined;
      }),
    });
    await addHealthySiblings(internet, siblings);
    return configured;
  },
};
export default scenario;
