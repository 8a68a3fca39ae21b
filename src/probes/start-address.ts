import { isPartOfPage } from '../model/incident';
import type { Probe, ProbeContext } from './context';
import { looksOneTime, siteConsents, startOf } from './target';

/** Where the failing request began; for a part of a page as the tab has met it. */
const beginOf = ({ incident, measurements }: ProbeContext): string | undefined => {
  if (!isPartOfPage(incident)) return startOf(incident);
  const first = measurements['tab-replay']?.plain?.redirects[0];
  return first !== undefined && first !== incident.url && !looksOneTime(first) ? first : undefined;
};

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
    const isPage = incident.kind === 'main-frame' || isPartOfPage(incident);
    const isReplayable = settings.isProbeTabAllowed && !isOtherJar && isPage && incident.method === 'GET';
    const isFailing = measurements['tab-replay']?.plain?.outcome === 'failed';
    return isReplayable && isFailing && beginOf(context) !== undefined ? undefined : 'not-applicable';
  },
  async run(context) {
    const url = beginOf(context) ?? context.incident.url;
    const own = await context.request({ url, cookies: 'include', party: 'failing-site', timeoutMs: 3500 });
    const plain = context.measurements['tab-replay']?.plain;
    // The part was asked for there already, by its page.
    if (plain && isPartOfPage(context.incident)) return { url, tab: plain, own };
    const tab = await context.tab.replay({ url, isPastCache: false, timeoutMs: 3500 });
    return { url, tab, own };
  },
};
