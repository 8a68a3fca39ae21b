import type { Exchange } from '../model/exchange';
import { isPartOfPage } from '../model/incident';
import type { Probe, ProbeContext } from './context';
import { looksOneTime, siteConsents, startOf } from './target';

/** Redirects that are followed. */
const HOPS = 3;

/** Where the site leads our own request on to, unless that is the failing host; the address itself, if it is no link for one use. */
function nextOf(exchange: Exchange, failingHost: string): string | undefined {
  if (exchange.outcome !== 'response' || exchange.status < 300 || exchange.status >= 400) return undefined;
  const { location } = exchange;
  if (location === undefined || !URL.canParse(location, exchange.url)) return undefined;
  const next = new URL(location, exchange.url);
  const isToBeAsked = /^https?:$/.test(next.protocol) && next.hostname !== failingHost && !looksOneTime(next.href);
  return isToBeAsked ? next.href : undefined;
}

/** Where the failing request began; for a part of a page as the tab has met it. */
const beginOf = ({ incident, measurements }: ProbeContext): string | undefined => {
  if (!isPartOfPage(incident)) return startOf(incident);
  const first = measurements['tab-replay']?.plain?.redirects[0];
  return first !== undefined && first !== incident.url && !looksOneTime(first) ? first : undefined;
};

/**
 * Where the person's navigation began, before it was led elsewhere: by the tab, which other extensions and the site's service worker
 * may redirect, and by our own request, which they cannot, as far as the site leads it. Who led it away shows by who is led away.
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
    const ask = (address: string, timeoutMs: number) =>
      context.request({ url: address, cookies: 'include', party: 'failing-site', timeoutMs });
    let own = await ask(url, 3500);
    for (let hops = 0; hops < HOPS && !context.signal.aborted; hops += 1) {
      const next = nextOf(own, context.incident.host);
      if (next === undefined) break;
      own = await ask(next, 1500);
    }
    const { plain, pastCache } = context.measurements['tab-replay'] ?? {};
    // The part was asked for there already, by its page; and a page from there, which the service worker led away.
    if (plain && isPartOfPage(context.incident)) return { url, tab: plain, own };
    if (pastCache?.ledByWorkerFrom !== undefined) return { url, tab: pastCache, own };
    const tab = await context.tab.replay({ url, isPastCache: false, timeoutMs: 3500 });
    return { url, tab, own };
  },
};
