import { hostFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'refused.twin',
  about: 'The https port refuses because the site never had one; the http page is reset by a filter that reads the Host header.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, http: pageApp(internet), https: 'closed', ports: { http: draw.port() } });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(hostFilter(internet, (name) => name === host));
    return { url: site.httpUrl(draw.path()) };
  },
};
export default scenario;
