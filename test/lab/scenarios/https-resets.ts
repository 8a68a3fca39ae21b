import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetFront } from '../site';

const scenario: Scenario = {
  name: 'https-resets',
  about: 'The server has no certificate to offer and resets every TLS handshake, with or without a name; plain HTTP works.',
  shows: ['ERR_CONNECTION_RESET'],
  // A greeting that is too large for somebody is reset in the same way, and no browser lets an extension greet in another.
  expect: {
    verdict: 'cannot-tell',
    causes: ['server-certificate-binding', 'tls-version-or-cipher'],
    separatedBy: 'try-small-clienthello',
    owner: 'site',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, {
      host,
      http: pageApp(internet),
      front: resetFront(internet, 'opening', 'no certificate here', async (connection) => (await connection.opening()).kind === 'tls'),
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
