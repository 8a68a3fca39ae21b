import type { Internet } from './internet';
import type { Configured } from './scenario';
import type { pageApp } from './site';

/** A page with a form that holds so many bytes and is sent to `action` when it is submitted. */
export function formApp(internet: Internet, options: { action: string; bytes: number }): ReturnType<typeof pageApp> {
  const body = `<!doctype html><title>ready</title><link rel="icon" href="data:,"><form method="post" enctype="multipart/form-data" action="${options.action}"><input type="hidden" name="${internet.draw.word()}"></form><script>document.forms[0].elements[0].value = 'x'.repeat(${options.bytes})</script>`;
  return (_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-length', Buffer.byteLength(body));
    response.setHeader('cache-control', 'no-store');
    response.end(body);
  };
}

/** How a person sends the form at `formUrl`, which leads to `url`. */
export function sendForm(formUrl: string, url: string): Pick<Configured, 'url' | 'visitBefore' | 'act'> {
  return { url, visitBefore: [{ url: formUrl, untilTitle: 'ready' }], act: 'document.forms[0].submit()' };
}
