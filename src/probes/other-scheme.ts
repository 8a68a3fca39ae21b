import type { Probe } from './context';
import { isBrowserUpgrade } from './controls';
import { httpUrl, siteConsents } from './target';

/** The other scheme at the root path without cookies: on the same explicit port, else on the default ports. */
export const otherScheme: Probe<'other-scheme'> = {
  id: 'other-scheme',
  after: [],
  consents: siteConsents,
  deadlineMs: 6000,
  async run(context) {
    const failing = httpUrl(context.incident.url);
    const scheme = failing.protocol === 'https:' ? 'http' : 'https';
    const isSamePort = failing.port !== '';
    const url = `${scheme}://${failing.hostname}${isSamePort ? `:${failing.port}` : ''}/`;
    const exchange = await context.request({ url, party: 'failing-site', timeoutMs: 5000 });
    return { scheme, isSamePort, exchange, isUpgradedByBrowser: isBrowserUpgrade(exchange) };
  },
};
