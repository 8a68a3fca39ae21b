import type { Scenario } from '../scenario';
import { addServiceWorkerSite } from '../service-worker';
import { addHealthySiblings, drawNames, resetApp } from '../site';

const scenario: Scenario = {
  name: 'worker-gone-past',
  about: 'An old service worker asks for pages with a header that the server resets; Firefox goes on without it, and the page loads.',
  // Chromium shows the error of the service worker.
  browsers: ['firefox'],
  shows: ['loaded'],
  expect: { verdict: 'no-fault' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const header = `x-${draw.word()}-build`;
    const { site, start } = await addServiceWorkerSite(internet, {
      host,
      workerScript: `self.addEventListener('fetch', (event) => { if (event.request.mode === 'navigate') event.respondWith(fetch(event.request.url, { headers: { ${JSON.stringify(header)}: '1' }, credentials: 'include' })); });`,
      wrap: (page) => resetApp(page, 'an old release', (request) => request.headers[header] !== undefined),
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()), visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }] };
  },
};
export default scenario;
