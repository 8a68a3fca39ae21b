import { hostFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'certificate-error.twin',
  about: 'The https side of the site has an expired certificate, but the page is http, and a filter that reads the Host header resets it.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    // On ports of its own: a browser that upgrades http by itself shall not meet the certificate first.
    const site = await addSite(internet, { host, http: pageApp(internet), isCertificateExpired: true, ports: { http: draw.port() } });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(hostFilter(internet, (name) => name === host));
    return { url: site.httpUrl(draw.path()) };
  },
};
export default scenario;
