import { serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'rate-limit.twin',
  about:
    'The site has a limit for bursts and tells so politely by 429, without resetting anybody; a filter by server name resets the page.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const page = pageApp(internet);
    const allowed = draw.int(2, 4);
    let seen = 0;
    const site = await addSite(internet, {
      host,
      http: (request, response, tools) => {
        seen += 1;
        if (seen > allowed) {
          response.statusCode = 429;
          response.setHeader('retry-after', draw.int(10, 60));
          response.setHeader('content-length', 0);
          response.end();
        } else page(request, response, tools);
      },
    });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(serverNameFilter(internet, (name) => name === host));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
