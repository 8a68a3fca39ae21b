import type { Probe } from './context';
import { siteConsents, startOf } from './target';

/**
 * Where the person's navigation began, before it was led elsewhere: by the tab, which other extensions may redirect, and by our own
 * request, which they cannot. Who led it away shows by who is led away.
 */
export const startAddress: Probe<'start-address'> = {
  id: 'start-address',
  after: ['own-request', 'tab-replay'],
  consents: siteConsents,
  deadlineMs: 8000,
  skip(context) {
    const { incident, measurements, settings, isOtherJar } = context;
    const isReplayable = settings.isProbeTabAllowed && !isOtherJar && incident.kind === 'main-frame' && incident.method === 'GET';
    const isFailing = measurements['tab-replay']?.plain?.outcome === 'failed';
    return isReplayable && isFailing && startOf(incident) !== undefined ? undefined : 'not-applicable';
  },
  async run(context) {
    const url = startOf(context.incident) ?? context.incident.url;
    const own = await context.request({ url, cookies: 'include', party: 'failing-site', timeoutMs: 3500 });
    const tab = await context.tab.replay({ url, isPastCache: false, timeoutMs: 3500 });
    return { url, tab, own };
  },
};
