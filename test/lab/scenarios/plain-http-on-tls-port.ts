import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resetFront } from '../site';

const scenario: Scenario = {
  name: 'plain-http-on-tls-port',
  about: 'An http:// address names a port whose server speaks TLS only and resets anything else.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['wrong-protocol-on-port'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const port = draw.port();
    await addSite(internet, {
      host,
      ports: { https: port },
      http: 'closed',
      front: resetFront(internet, 'opening', 'plain HTTP on a TLS port', async (connection) => (await connection.opening()).kind !== 'tls'),
    });
    await addHealthySiblings(internet, siblings);
    return { url: `http://${host}:${port}${draw.path()}` };
  },
};
export default scenario;
