import { serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'forged-dns.twin',
  about: 'Resolvers differ as they do for a CDN, both addresses are good; a filter by server name resets.',
  needs: 'namespace',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const near = draw.publicV4();
    const far = draw.publicV4();
    const site = await addSite(internet, { host, v4: [near, far], isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    internet.zone.setIn('system', host, { a: [near], aaaa: [], ttl: draw.int(60, 600) });
    internet.zone.setIn('independent', host, { a: [far], aaaa: [], ttl: draw.int(60, 600) });
    internet.boxes.push(serverNameFilter(internet, (name) => name === host));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
