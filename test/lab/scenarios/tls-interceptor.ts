import { Authority } from '../authority';
import { interceptor } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'tls-interceptor',
  about: 'Software with an authority of its own opens all TLS, speaks HTTP/1.1, and resets this one site.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['security-software', 'organisation-filter'], owner: 'device' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    const product = `${draw.name()} Web Protection Root`;
    const authority = await Authority.create(product);
    internet.furtherTrusted.push(authority);
    internet.boxes.push(
      await interceptor(internet, authority, { product, isReset: (name) => name === host, at: draw.pick(['opening', 'request']) }),
    );
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
