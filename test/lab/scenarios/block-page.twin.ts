import { serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'block-page.twin',
  about:
    'TLS is reset by server name here too, but plain HTTP leads to another site of its owner, which tells of its company and its policies.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const brand = drawNames(internet).host;
    const site = await addSite(internet, {
      host,
      http: (_, response) => {
        response.statusCode = draw.pick([301, 302]);
        response.setHeader('location', `http://${brand}/`);
        response.setHeader('content-length', 0);
        response.end();
      },
      isHttp2: draw.isTrue(),
    });
    await addSite(internet, {
      host: brand,
      http: (_, response) => {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end('<!doctype html><title>Welcome</title><h1>Our company</h1><p>Read our company policies and meet our employees.</p>');
      },
    });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(serverNameFilter(internet, (name) => name === host));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
