import { serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'https-resets.twin',
  about: 'HTTPS is reset and HTTP works, but the server is well: a filter by server name resets.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, http: pageApp(internet), isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(serverNameFilter(internet, (name) => name === host));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
