import type { Scenario } from '../scenario';
import { addServiceWorkerSite } from '../service-worker';
import { addHealthySiblings, drawNames, resetApp } from '../site';

const scenario: Scenario = {
  name: 'stale-service-worker',
  about: 'A service worker of an older release answers navigations from an address that the server now resets.',
  // Firefox goes past a service worker that fails a navigation, and loads the page.
  browsers: ['chromium'],
  shows: ['ERR_FAILED'],
  expect: { verdict: 'cause', causes: ['browser-site-data'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const oldShell = `/${draw.word()}/shell-${draw.int(10, 99)}.html`;
    let isOldGone = false;
    const { site, start } = await addServiceWorkerSite(internet, {
      host,
      workerScript: `self.addEventListener('fetch', (event) => { if (event.request.mode === 'navigate') event.respondWith(fetch(${JSON.stringify(oldShell)})); });`,
      wrap: (page) => resetApp(page, 'old release is gone', (request) => isOldGone && request.url === oldShell),
    });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }],
      trigger: () => {
        isOldGone = true;
        internet.hangUp(site.v4);
      },
    };
  },
};
export default scenario;
