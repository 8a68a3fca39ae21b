import { serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'stale-cache.twin',
  about: 'A permanent redirect to another host is cached and still right; a filter by server name has come before that host.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { domain } = drawNames(internet);
    const target = `${draw.word()}.${domain}`;
    const path = draw.path();
    const site = await addSite(internet, {
      host: domain,
      https: (_request, response) => {
        response.statusCode = 301;
        response.setHeader('location', `https://${target}${path}`);
        response.setHeader('cache-control', 'public, max-age=86400');
        response.setHeader('content-length', 0);
        response.end();
      },
    });
    const destination = await addSite(internet, { host: target, https: pageApp(internet, { title: 'ready' }) });
    return {
      url: site.httpsUrl(path),
      visitBefore: [{ url: site.httpsUrl(path), untilTitle: 'ready' }],
      trigger: () => {
        internet.boxes.push(serverNameFilter(internet, (name) => name === target));
        internet.hangUp(destination.v4);
      },
    };
  },
};
export default scenario;
