import type { Scenario } from '../scenario';
import { addSite, drawNames, resetFront } from '../site';

const scenario: Scenario = {
  name: 'unbound-name',
  about:
    'A server has certificates bound to names, none to this one, and resets its handshake as one without a name; the other hosts of the site are there too, and well.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-certificate-binding'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, {
      host,
      aliases: siblings,
      front: resetFront(internet, 'opening', 'no certificate is bound to this name', async (connection) => {
        const opening = await connection.opening();
        return opening.kind === 'tls' && (opening.serverName === undefined || opening.serverName === host);
      }),
    });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
