import type { Failure } from '../model/vocabulary';
import type { Probe } from './context';
import { isBrowserUpgrade } from './controls';
import { httpUrl, siteConsents } from './target';

/** Failures with which a port answers that is spoken to in the wrong language. A mere reset has a hundred other reasons. */
const MISUNDERSTANDINGS: ReadonlySet<Failure> = new Set<Failure>(['tls-alert-or-protocol', 'empty-response', 'closed', 'reset-or-close']);

/** The other scheme at the root path without cookies: on the same explicit port, else on the default ports, and where it may tell more on the very port. */
export const otherScheme: Probe<'other-scheme'> = {
  id: 'other-scheme',
  after: [],
  consents: siteConsents,
  deadlineMs: 8000,
  async run(context) {
    const failing = httpUrl(context.incident.url);
    const scheme = failing.protocol === 'https:' ? 'http' : 'https';
    const isSamePort = failing.port !== '';
    const url = `${scheme}://${failing.hostname}${isSamePort ? `:${failing.port}` : ''}/`;
    const exchange = await context.request({ url, party: 'failing-site', timeoutMs: 5000 });
    const result = { scheme, isSamePort, exchange, isUpgradedByBrowser: isBrowserUpgrade(exchange) } as const;
    if (isSamePort || !MISUNDERSTANDINGS.has(context.incident.error.failure) || context.signal.aborted) return result;
    const port = scheme === 'http' ? 443 : 80;
    const onVeryPort = await context.request({ url: `${scheme}://${failing.hostname}:${port}/`, party: 'failing-site', timeoutMs: 2500 });
    return isBrowserUpgrade(onVeryPort) ? result : { ...result, onVeryPort };
  },
};
