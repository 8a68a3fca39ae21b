import type { Exchange } from '../model/exchange';
import { isPartOfPage } from '../model/incident';
import type { Probe, ProbeContext } from './context';
import { isPrivateHost } from './hosts';
import { looksOneTime, siteConsents, startOf } from './target';

/** Redirects that are followed. */
const HOPS = 3;
/** Longest for our own request and where it is led to, ms: the tab needs time too. */
const OWN_MS = 4000;
/** Too short for an answer, ms. */
const LEAST_MS = 300;

/** Where the site leads our own request on to, unless that is the failing host, one of this network, or a link for one use. */
function nextOf(exchange: Exchange, failingHost: string): string | undefined {
  if (exchange.outcome !== 'response' || exchange.status < 300 || exchange.status >= 400) return undefined;
  const { location } = exchange;
  if (location === undefined || !URL.canParse(location, exchange.url)) return undefined;
  const next = new URL(location, exchange.url);
  const isToBeAsked =
    /^https?:$/.test(next.protocol) && next.hostname !== failingHost && !isPrivateHost(next.hostname) && !looksOneTime(next.href);
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
      context.request({
        url: address,
        cookies: 'include',
        party: new URL(address).hostname === new URL(url).hostname ? 'failing-site' : 'led-to',
        timeoutMs,
        // As a page is asked for: who guards a site leads those to a sign-in, and refuses all else.
        accept: 'text/html',
      });
    const endsAt = context.now() + OWN_MS;
    const own = await ask(url, OWN_MS);
    let led: Exchange | undefined;
    for (let hops = 0; hops < HOPS && !context.signal.aborted; hops += 1) {
      const next = nextOf(led ?? own, context.incident.host);
      const leftMs = endsAt - context.now();
      if (next === undefined || leftMs < LEAST_MS) break;
      const exchange = await ask(next, leftMs);
      if (exchange.outcome !== 'response') break;
      led = exchange;
    }
    const ours = led ? { own, led } : { own };
    const { plain, pastCache } = context.measurements['tab-replay'] ?? {};
    // The part was asked for there already, by its page; and a page from there, which the service worker led away.
    if (plain && isPartOfPage(context.incident)) return { url, tab: plain, ...ours };
    if (pastCache?.ledByWorkerFrom !== undefined) return { url, tab: pastCache, ...ours };
    const tab = await context.tab.replay({ url, isPastCache: false, timeoutMs: 3500 });
    return { url, tab, ...ours };
  },
};
