import type { Scenario } from '../scenario';
import { addServiceWorkerSite } from '../service-worker';
import { addHealthySiblings, drawNames, resetFront } from '../site';

const scenario: Scenario = {
  name: 'worker-gone-past.twin',
  about: 'A service worker asks for pages with a header of its own, and the server resets everybody, with it and without.',
  // Chromium shows the error of the service worker.
  browsers: ['firefox'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-block', 'server-crash', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    let isBroken = false;
    const { site, start } = await addServiceWorkerSite(internet, {
      host,
      front: resetFront(internet, 'opening', 'server resets all', () => isBroken),
      workerScript: `self.addEventListener('fetch', (event) => { if (event.request.mode === 'navigate') event.respondWith(fetch(event.request.url, { headers: { 'x-build': '1' } })); });`,
      wrap: (page) => page,
    });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }],
      trigger: () => {
        isBroken = true;
        internet.hangUp(site.v4);
      },
    };
  },
};
export default scenario;
