import { byPath } from './cookies';
import type { App, Box, Internet } from './internet';
import { addSite, pageApp, type Site } from './site';

/** Answers with a fixed body. */
export function textApp(type: string, body: string): App {
  return (_request, response) => {
    response.setHeader('content-type', type);
    response.setHeader('content-length', Buffer.byteLength(body));
    response.setHeader('cache-control', 'no-store');
    response.end(body);
  };
}

/**
 * An https site whose start page registers a service worker and has the title `ready` once it is in
 * control. `wrap` puts a fault around every page but the worker's own script.
 */
export async function addServiceWorkerSite(
  internet: Internet,
  options: { host: string; workerScript: string; wrap(page: App): App; front?: Box },
): Promise<{ site: Site; start: string }> {
  const script = `/${internet.draw.word()}.js`;
  const start = `/${internet.draw.word()}`;
  const worker = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
${options.workerScript}
`;
  const registering = `<!doctype html><title>wait</title><link rel="icon" href="data:,"><script>
navigator.serviceWorker.addEventListener('controllerchange', () => { document.title = 'ready'; });
navigator.serviceWorker.register(${JSON.stringify(script)}, { scope: '/' });
</script>`;
  const app = byPath(
    { [script]: textApp('text/javascript', worker), [start]: textApp('text/html; charset=utf-8', registering) },
    options.wrap(pageApp(internet)),
  );
  const site = await addSite(internet, { host: options.host, https: app, front: options.front });
  return { site, start };
}
