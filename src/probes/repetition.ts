import type { Exchange } from '../model/exchange';
import type { Measurements } from '../model/measurement';
import { isResetLike, isUnexplainedAbort } from '../net-errors';
import type { Probe } from './context';
import { WHOLE_BODY_BYTES } from './own-request';
import { breaksLate, breaksMidway, fails, outcomeKey, siteConsents, targetOf, works } from './target';

const IN_A_ROW = 4;
const BURST = 4;
const REUSED = 2;
/** Failures alike in a row after which more would tell nothing new. */
const ENOUGH_FAILURES = 3;
/** The same where the browser has tried each of them up to ten times by itself, as Firefox does with what is reset. */
const ENOUGH_OF_TEN = 1;
const LARGER = 30;

/** What Firefox sends again by itself; a connection over HTTP/2 that is lost it does not replace. */
const isResent = (exchange: Exchange) =>
  exchange.outcome === 'failure' && !exchange.hadHeaders && isResetLike(exchange.error.failure) && !isUnexplainedAbort(exchange.error.raw);

/** Own request again and again: on fresh connections in a row, at once, and on reused ones, for retries in a row on a kept connection hide resets. */
export const repetition: Probe<'repetition'> = {
  id: 'repetition',
  // Last, and nearly alone with the site: other requests in between would hide a pattern.
  after: [
    'own-request',
    'tab-replay',
    'cookies',
    'site-root',
    'start-address',
    'other-agent',
    'other-scheme',
    'sibling-host',
    'answer-size',
    'bare-address',
  ],
  consents: siteConsents,
  deadlineMs: 8000,
  async run(context) {
    const { url } = targetOf(context);
    const own = context.measurements['own-request']?.exchanges ?? [];
    // A tab that failed may have to be asked once more in the end, and one that was lucky as well.
    const kept = context.measurements['tab-replay']?.plain?.outcome === 'failed' || context.incident.comeBacks !== undefined ? 1 : 0;
    const inARow: Exchange[] = [];
    const burst: Exchange[] = [];
    const reused: Exchange[] = [];
    const result: Measurements['repetition'] & { inARow: Exchange[] } = { inARow, burst, reused };
    // Silence once is enough: each more would cost seconds and say the same.
    if (own[0]?.outcome === 'timed-out') return result;
    // Nor would a try last as long as a page that breaks late.
    if (breaksLate(context)) return result;

    const hasBrokenMidway = breaksMidway(context);
    const ask = (isFreshConnection: boolean, cookies: 'include' | 'omit' = 'include') =>
      context.request({
        url,
        cookies,
        isFreshConnection,
        party: 'failing-site',
        timeoutMs: 3000,
        maxBytes: hasBrokenMidway ? WHOLE_BODY_BYTES : 65_536,
      });
    const left = () =>
      context.signal.aborted
        ? 0
        : (context.budgetLeft?.() ?? IN_A_ROW + BURST + REUSED - inARow.length - burst.length - reused.length) - kept;
    const isOver = () => inARow.some((exchange) => exchange.outcome === 'timed-out');
    let isAskedApart = false;
    const row = async (until: number) => {
      while (inARow.length < until && left() > 0 && !isOver()) {
        // HTTP/2 and HTTP/3 share one connection, whatever we ask for; without cookies the browser opens the only other one.
        const isSharing = [...own, ...inARow].some(({ wasShared }) => wasShared);
        if (isSharing && isAskedApart) return;
        isAskedApart = isSharing;
        const exchange = await (isSharing ? ask(false, 'omit') : ask(true));
        if (exchange.outcome === 'refused-by-us') return;
        inARow.push(exchange);
        const isOfTen = context.environment.engine === 'gecko' && isResent(exchange);
        const enough = isOfTen ? ENOUGH_OF_TEN : ENOUGH_FAILURES;
        const last = inARow.slice(-enough);
        const isAlike =
          last.length === enough && last.every((exchange) => fails(exchange) && outcomeKey(exchange) === outcomeKey(last[0] as Exchange));
        // Only where nothing ever worked: after a success, a run of failures is news.
        if (isAlike && ![...own, ...inARow].some(works)) return;
      }
    };

    await row(IN_A_ROW);
    const soFar = () => [...own, ...inARow, ...burst, ...reused];
    const isMixed = () => soFar().some(works) && soFar().some(fails);
    // Mixed: what is left of the budget goes to one unbroken row, so that a strict period shows.
    if (isMixed()) await row(inARow.length + left());
    else if (soFar().some(works)) {
      burst.push(...(await Promise.all(Array.from({ length: Math.min(BURST, left()) }, () => ask(true)))));
      while (reused.length < REUSED && left() > 0) reused.push(await ask(false));
      if (isMixed()) {
        result.rowBeforeBurst = inARow.length;
        await row(inARow.length + left());
      }
    }
    if (context.consents.has('larger-burst')) await row(Math.min(inARow.length + LARGER, inARow.length + left()));
    return result;
  },
};
