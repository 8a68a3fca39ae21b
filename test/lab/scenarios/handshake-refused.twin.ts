import { serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'handshake-refused.twin',
  about:
    'A box on the way resets TLS by the server name; behind it a server that refuses the handshakes of WebSockets, and serves the page.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const page = pageApp(internet);
    const site = await addSite(internet, {
      host,
      https: (request, response, tools) => {
        if (request.headers.upgrade === undefined) {
          page(request, response, tools);
          return;
        }
        response.statusCode = 426;
        response.setHeader('content-length', 0);
        response.end();
      },
    });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(serverNameFilter(internet, (name) => name === host));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
