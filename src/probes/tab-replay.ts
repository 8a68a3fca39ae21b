import { isPartOfPage } from '../model/incident';
import type { Measurements } from '../model/measurement';
import type { Probe, ProbeContext } from './context';
import { isPrivateHost } from './hosts';
import { breaksLate, looksLikeDownload, looksOneTime, replayOf, targetOf } from './target';

/** What both loads may take together, ms; the second takes at least so long. */
const BOTH_MS = 7600;
const SECOND_MS = 3500;
const secondMs = (context: ProbeContext, startedAt: number) => Math.max(SECOND_MS, BOTH_MS - (context.now() - startedAt));

/** The page of a failing part, once more: what becomes of the part there, and past the cache and the service worker. */
async function replayPart(context: ProbeContext): Promise<Measurements['tab-replay']> {
  const { incident, tab, signal, consents } = context;
  if (targetOf(context).isStandIn) return { notTried: 'one-time-link' };
  if (looksOneTime(incident.pageUrl) && !consents.has('replay-one-time-link')) return { notTried: 'one-time-link' };
  const where = replayOf(context);
  const startedAt = context.now();
  const plain = await tab.replay({ ...where, isPastCache: false, timeoutMs: 4000 });
  if (plain.outcome !== 'failed' || signal.aborted) return { plain };
  try {
    return { plain, pastCache: await tab.replay({ ...where, isPastCache: true, timeoutMs: secondMs(context, startedAt) }) };
  } catch {
    return { plain };
  }
}

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
    if (isPartOfPage(incident) && !breaksLate(context)) return replayPart(context);
    // Navigating to a sub-resource would be another request, and might begin a download.
    const isNavigation = incident.kind === 'main-frame' || incident.kind === 'sub-frame';
    if (!isNavigation || incident.method !== 'GET') return { notTried: 'not-get' };
    const isDownload = looksLikeDownload(incident.url) && !context.consents.has('replay-one-time-link');
    if (isDownload || targetOf(context).isStandIn) return { notTried: 'one-time-link' };
    const isLate = breaksLate(context);
    const startedAt = context.now();
    const plain = await context.tab.replay({ url: incident.url, isPastCache: false, timeoutMs: isLate ? 7500 : 4000 });
    // What takes so long leaves no time for another.
    if (isLate || plain.outcome !== 'failed' || context.signal.aborted) return { plain };
    // Where the person's navigation began: a redirect kept in the cache may lead to what fails. In Chromium a tab navigated
    // by an extension has an HTTP cache of its own [seen], so the stale one shows only by its absence.
    try {
      return {
        plain,
        pastCache: await context.tab.replay({ ...replayOf(context), isPastCache: true, timeoutMs: secondMs(context, startedAt) }),
      };
    } catch {
      // The budget is used up or the tab could not be opened again; the first half stands.
      return { plain };
    }
  },
};
