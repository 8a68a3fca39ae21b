import { Authority } from '../authority';
import { interceptor } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'inspected-answer',
  about: 'Software with an authority of its own opens all TLS and cuts a page of one site, always at the same place.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['security-software', 'organisation-filter'], owner: 'device' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, https: pageApp(internet, { paragraphs: draw.int(3_000, 5_000) }) });
    await addHealthySiblings(internet, siblings);
    const product = `${draw.name()} Web Protection Root`;
    const authority = await Authority.create(product);
    internet.furtherTrusted.push(authority);
    const at = { bytes: draw.int(30_000, 90_000) };
    internet.boxes.push(await interceptor(internet, authority, { product, isReset: (name) => name === host, at }));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
