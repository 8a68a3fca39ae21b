import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetFront } from '../site';

const scenario: Scenario = {
  name: 'stale-cache',
  about: 'A permanent redirect of an earlier visit is cached and leads to a port that now resets; the server has long dropped it.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-site-data'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const oldPort = draw.port();
    const path = draw.path();
    const page = pageApp(internet, { title: 'ready' });
    let isOver = false;
    const site = await addSite(internet, {
      host,
      https: (request, response, tools) => {
        if (isOver || request.url !== path) {
          page(request, response, tools);
          return;
        }
        response.statusCode = 301;
        response.setHeader('location', `https://${host}:${oldPort}${path}`);
        response.setHeader('cache-control', `public, max-age=${draw.int(86_400, 31_536_000)}`);
        response.setHeader('content-length', 0);
        response.end();
      },
    });
    await addSite(internet, {
      host,
      v4: site.v4,
      ports: { https: oldPort },
      http: 'closed',
      https: (request, response, tools) => {
        response.setHeader('cache-control', 'no-store');
        page(request, response, tools);
      },
      front: resetFront(internet, draw.pick(['accept', 'opening']), 'old port', () => isOver),
    });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(path),
      visitBefore: [{ url: site.httpsUrl(path), untilTitle: 'ready' }],
      trigger: () => {
        isOver = true;
        internet.hangUp(site.v4);
      },
    };
  },
};
export default scenario;
