import { serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'filter-server-name',
  about: 'A box on the way resets TLS by the server name in the ClientHello.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { domain, host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue(), v6: draw.isTrue(0.3) ? [draw.publicV6()] : [] });
    await addHealthySiblings(internet, siblings);
    const isWholeDomain = draw.isTrue();
    internet.boxes.push(serverNameFilter(internet, (name) => name === host || (isWholeDomain && name.endsWith(domain))));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
