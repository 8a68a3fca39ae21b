import type { Scenario } from '../scenario';
import { addServiceWorkerSite } from '../service-worker';
import { addHealthySiblings, addSite, drawNames, resettingServer } from '../site';

const scenario: Scenario = {
  name: 'stale-worker-redirect',
  about:
    'A service worker of an older release leads pages to a host that is given up and resets everything; without it the page is served.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-site-data'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const to = draw.isTrue() ? draw.domain() : `${draw.word()}.${host}`;
    const path = draw.path();
    const { front, app } = resettingServer(internet, 'given up');
    await addSite(internet, { host: to, front, http: app, https: app });
    const { site, start } = await addServiceWorkerSite(internet, {
      host,
      workerScript: `self.addEventListener('fetch', (event) => { const { pathname } = new URL(event.request.url); if (event.request.mode === 'navigate' && pathname === ${JSON.stringify(path)}) event.respondWith(Response.redirect('https://${to}' + pathname, 302)); });`,
      wrap: (page) => page,
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(path), visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }] };
  },
};
export default scenario;
