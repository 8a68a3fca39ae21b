import type { Exchange } from '../model/exchange';
import type { Probe } from './context';
import { isPrivateHost } from './hosts';
import { WHOLE_BODY_BYTES } from './own-request';
import { breaksMidway, isSlowToFail, siteConsents, targetOf } from './target';

/** What a try may take as a rule, ms. */
const USUAL_MS = 2500;
/** What the tries past the proxy, and then the one by it, may take together where the page takes long to fail, ms. */
const SLOW_MS = 7300;
/** A try that is given less than this, ms, tells nothing of such a page. */
const LEAST_MS = 1500;

/**
 * Past the proxy against by the proxy, twice each. Shows the person's own address to the site. A page that takes long to fail may take
 * longer still to come: it is asked for past the proxy first, at once and for as long as there is time, and by it in what is left.
 */
export const directConnection: Probe<'direct-connection'> = {
  id: 'direct-connection',
  after: ['own-request', 'proxy-settings', 'repetition'],
  consents: (context) => ['go-direct', ...siteConsents(context)],
  isExclusive: true,
  deadlineMs: 8000,
  skip({ measurements }) {
    const facts = measurements['proxy-settings'];
    const isSurelyDirect = facts?.mode === 'direct' && (facts.observed === undefined || facts.observed === 'none');
    return isSurelyDirect ? 'not-applicable' : undefined;
  },
  async run(context) {
    const { url } = targetOf(context);
    const ask = (isDirect: boolean, timeoutMs: number) =>
      context.request({
        url,
        cookies: 'include',
        isDirect,
        isFreshConnection: true,
        party: 'failing-site',
        timeoutMs,
        // A page that breaks in the middle compares only where it is read as far.
        ...(breaksMidway(context) && { maxBytes: WHOLE_BODY_BYTES }),
      });
    const twice = async (isDirect: boolean): Promise<Exchange[]> => {
      const exchanges: Exchange[] = [];
      while (exchanges.length < 2 && !context.signal.aborted) {
        const exchange = await ask(isDirect, USUAL_MS);
        exchanges.push(exchange);
        if (exchange.outcome === 'timed-out') break;
      }
      return exchanges;
    };
    if (isSlowToFail(context)) {
      const endsAt = context.now() + SLOW_MS;
      const left = () => Math.max(0, endsAt - context.now());
      // Of a private host one thing at a time is asked.
      const tries = isPrivateHost(new URL(url).hostname) ? 1 : 2;
      const hasTime = () => left() >= LEAST_MS && !context.signal.aborted;
      const outcome = await context.proxy.whileDirect(context.incident.host, async () => {
        // The setting has a queue, which may have taken the time.
        if (!hasTime()) return [];
        const timeoutMs = left();
        return Promise.all(Array.from({ length: tries }, () => ask(true, timeoutMs)));
      });
      if (!outcome.isInEffect) return { isInEffect: false, direct: [], proxied: [], heldBy: outcome.heldBy };
      const isWorthwhile = outcome.value.length > 0 && hasTime();
      return { isInEffect: true, direct: outcome.value, proxied: isWorthwhile ? [await ask(false, left())] : [] };
    }
    const proxied = await twice(false);
    const outcome = await context.proxy.whileDirect(context.incident.host, () => twice(true));
    if (!outcome.isInEffect) return { isInEffect: false, direct: [], proxied, heldBy: outcome.heldBy };
    return { isInEffect: true, direct: outcome.value, proxied };
  },
};
