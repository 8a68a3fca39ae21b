import { hostFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'filter-host',
  about: 'A box on the way resets plain HTTP by its Host header.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { domain, host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, http: pageApp(internet), https: 'closed' });
    await addHealthySiblings(internet, siblings);
    const isWholeDomain = draw.isTrue();
    internet.boxes.push(hostFilter(internet, (name) => name === host || (isWholeDomain && name.endsWith(domain))));
    return { url: site.httpUrl(draw.path()) };
  },
};
export default scenario;
