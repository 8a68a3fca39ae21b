import type { Scenario } from '../scenario';
import { addServiceWorkerSite } from '../service-worker';
import { addHealthySiblings, drawNames, resetApp } from '../site';

const scenario: Scenario = {
  name: 'stale-service-worker.twin',
  about: 'A working service worker keeps pictures only and lets pages through; the application resets everybody.',
  // Firefox does not tell whether TLS came about before the reset: there this looks the same as a filter by name.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-crash', 'server-block', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    let isBroken = false;
    const { site, start } = await addServiceWorkerSite(internet, {
      host,
      workerScript:
        "self.addEventListener('fetch', (event) => { if (event.request.destination === 'image') event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request))); });",
      wrap: (page) => resetApp(page, 'application down', () => isBroken),
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
