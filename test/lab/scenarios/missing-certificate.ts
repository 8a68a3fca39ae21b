import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resetFront } from '../site';

const scenario: Scenario = {
  name: 'missing-certificate',
  about: 'No certificate is bound for the name, so the server resets the ClientHello, as HTTP.sys does; plain http leads there.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: {
    verdict: 'cause',
    // A server without a common TLS version may reset the ClientHello in the very same way.
    causes: ['server-certificate-binding', 'tls-version-or-cipher'],
    owner: 'site',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, {
      host,
      front: resetFront(
        internet,
        'opening',
        'no certificate for the name',
        async (connection) => (await connection.opening()).kind === 'tls',
      ),
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
