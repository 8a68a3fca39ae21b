import type { Probe } from './context';
import { hasName } from './target';

/** The browser's own answer for the failing name, fresh: the failing tab may still use an older one. */
export const browserDns: Probe<'browser-dns'> = {
  id: 'browser-dns',
  after: [],
  consents: ({ environment }) => (environment.engine === 'gecko' ? [] : ['read-browser-dns']),
  isExclusive: true,
  deadlineMs: 7000,
  skip(context) {
    if (!hasName(context.incident)) return 'not-applicable';
    return context.dns.resolve ? undefined : 'cannot-in-this-browser';
  },
  async run(context) {
    if (!context.dns.resolve) throw new Error('no way to resolve in this browser');
    return context.dns.resolve(context.incident.host);
  },
};
