import { Authority } from '../authority';
import { interceptor } from '../boxes';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'tls-interceptor.twin',
  about: "Software opens all TLS and passes everything on; the site's cookies are too large for its server.",
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    const product = `${draw.name()} Web Protection Root`;
    const authority = await Authority.create(product);
    internet.furtherTrusted.push(authority);
    internet.boxes.push(await interceptor(internet, authority, { product, isReset: () => false, at: 'opening' }));
    return configured;
  },
};
export default scenario;
