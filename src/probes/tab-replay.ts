import type { Probe } from './context';
import { isPrivateHost } from './hosts';
import { breaksLate, looksLikeDownload, startOf, targetOf } from './target';

/** The tab's navigation in an inactive tab, as it is; where that fails, once more past the cache and the service worker. */
export const tabReplay: Probe<'tab-replay'> = {
  id: 'tab-replay',
  after: [],
  consents: () => [],
  deadlineMs: 8000,
  skip(context) {
    if (context.isOtherJar) return 'not-applicable';
    // Of a private host one thing at a time is asked, and our own request takes all the time there is.
    return breaksLate(context) && isPrivateHost(context.incident.host) ? 'not-applicable' : undefined;
  },
  async run(context) {
    const { incident, settings } = context;
    if (!settings.isProbeTabAllowed) return { notTried: 'switched-off' };
    // Navigating to a sub-resource would be another request, and might begin a download.
    const isNavigation = incident.kind === 'main-frame' || incident.kind === 'sub-frame';
    if (!isNavigation || incident.method !== 'GET') return { notTried: 'not-get' };
    const isDownload = looksLikeDownload(incident.url) && !context.consents.has('replay-one-time-link');
    if (isDownload || targetOf(context).isStandIn) return { notTried: 'one-time-link' };
    const isLate = breaksLate(context);
    const plain = await context.tab.replay({ url: incident.url, isPastCache: false, timeoutMs: isLate ? 7500 : 4000 });
    // What takes so long leaves no time for another.
    if (isLate || plain.outcome !== 'failed' || context.signal.aborted) return { plain };
    // Where the person's navigation began: a redirect kept in the cache may lead to what fails. In Chromium a tab navigated
    // by an extension has an HTTP cache of its own [seen], so the stale one shows only by its absence.
    const begin = startOf(incident) ?? incident.url;
    try {
      return { plain, pastCache: await context.tab.replay({ url: begin, isPastCache: true, timeoutMs: 3500 }) };
    } catch {
      // The budget is used up or the tab could not be opened again; the first half stands.
      return { plain };
    }
  },
};
