import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'tls-version',
  about: 'The server speaks no TLS version that browsers still take, and ends the handshake with an alert.',
  shows: ['ERR_SSL_VERSION_OR_CIPHER_MISMATCH', 'ERR_SSL_PROTOCOL_ERROR'],
  expect: { verdict: 'cause', causes: ['tls-version-or-cipher'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, {
      host,
      tlsVersion: draw.pick(['TLSv1', 'TLSv1.1']),
      ...(draw.isTrue() ? { http: 'closed' } : {}),
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
