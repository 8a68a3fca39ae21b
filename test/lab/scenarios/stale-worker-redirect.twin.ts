import type { App } from '../internet';
import type { Scenario } from '../scenario';
import { addServiceWorkerSite } from '../service-worker';
import { addHealthySiblings, addSite, drawNames, resettingServer } from '../site';

const scenario: Scenario = {
  name: 'stale-worker-redirect.twin',
  about: 'The site itself leads the page to a host that resets everybody; its service worker only passes on what it is told.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-block', 'server-crash', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const to = `${draw.word()}.${host}`;
    const path = draw.path();
    const { front, app } = resettingServer(internet, 'server resets all');
    await addSite(internet, { host: to, front, http: app, https: app });
    const { site, start } = await addServiceWorkerSite(internet, {
      host,
      workerScript:
        "self.addEventListener('fetch', (event) => { if (event.request.mode === 'navigate') event.respondWith(fetch(event.request)); });",
      wrap:
        (page): App =>
        (request, response, tools) => {
          if (request.url !== path) {
            page(request, response, tools);
            return;
          }
          response.statusCode = 302;
          response.setHeader('location', `https://${to}${path}`);
          response.setHeader('cache-control', 'no-store');
          response.setHeader('content-length', 0);
          response.end();
        },
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(path), visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }] };
  },
};
export default scenario;
