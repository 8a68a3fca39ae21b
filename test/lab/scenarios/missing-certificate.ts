import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, unknownNameFront } from '../site';

const scenario: Scenario = {
  name: 'missing-certificate',
  about: 'The server has certificates, but none for this name, and ends the handshake by the alert for that; without a name it answers.',
  shows: ['ERR_SSL_UNRECOGNIZED_NAME_ALERT'],
  // Which alert it was, the vocabulary does not tell.
  expect: { verdict: 'cause', causes: ['server-certificate-binding', 'tls-version-or-cipher'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, {
      host,
      certifiedNames: [`${draw.word()}.${draw.domain()}`],
      front: unknownNameFront(internet, (name) => name === host),
      ...(draw.isTrue() ? { http: 'closed' } : {}),
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
