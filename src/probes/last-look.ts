import type { Exchange } from '../model/exchange';
import type { Probe, ProbeContext } from './context';
import { isPrivateHost } from './hosts';
import { WHOLE_BODY_BYTES } from './own-request';
import { breaksLate, breaksMidway, fails, isSlowToFail, replayOf, siteConsents, targetOf, works } from './target';

/** Successes in a row that show that it has passed. */
const ENOUGH_SUCCESSES = 3;

const triesOf = ({ measurements }: ProbeContext): Exchange[] => [
  ...(measurements['own-request']?.exchanges ?? []),
  ...(measurements.repetition?.inARow ?? []),
];

/** Whether the tab failed, and our own request at first too, which has come to work since: the tab's only tries may all lie before that. */
const isTabBehind = ({ measurements }: ProbeContext, tries: readonly Exchange[]): boolean =>
  measurements['tab-replay']?.plain?.outcome === 'failed' && tries.some(fails) && tries.slice(-1).some(works);

/** Whether the page came past the proxy: then only one by it, as long as may be, tells that from a fault that passed meanwhile. */
const isComingDirectly = ({ measurements }: ProbeContext): boolean => measurements['direct-connection']?.direct.some(works) === true;

/** Loads of a tab that was lucky, until one fails. */
const LOADS = 3;

/** Whether the tab loaded, and our own requests got through each time, though the page is known to fail and to load by turns. */
const isTabLucky = ({ incident, measurements }: ProbeContext, tries: readonly Exchange[]): boolean =>
  incident.comeBacks !== undefined && measurements['tab-replay']?.plain?.outcome === 'loaded' && tries.length > 0 && tries.every(works);

/**
 * The page once more when all else is measured: a fault that passed meanwhile must not be taken for a lasting one. One failure
 * is enough to go by what was measured; a success is asked for again, up to three times, or three times at once where it takes long. Where our own request has come to work
 * and the tab was tried only before, the tab is loaded once more; a tab that was lucky, until it fails or has loaded three times more.
 */
export const lastLook: Probe<'last-look'> = {
  id: 'last-look',
  after: [
    'own-request',
    'tab-replay',
    'controls',
    'cookies',
    'site-root',
    'start-address',
    'other-agent',
    'other-scheme',
    'sibling-host',
    'answer-size',
    'bare-address',
    'repetition',
    'independent-dns',
    'browser-dns',
    'named-greeting',
    'socket-handshake',
    'direct-connection',
    'extensions-off',
  ],
  consents: siteConsents,
  deadlineMs: 8000,
  skip(context) {
    const { budgetLeft } = context;
    const tries = triesOf(context);
    // No try here usually lasts as long as a page that breaks late.
    if (breaksLate(context) && !isComingDirectly(context)) return 'not-applicable';
    // What works now and then has its answer already, and silence costs seconds each time.
    const isWorthwhile = (exchange: Exchange) => fails(exchange) && (exchange.outcome !== 'timed-out' || isComingDirectly(context));
    // What was cut by our own time says nothing of the page.
    const told = tries.filter((exchange) => fails(exchange) || works(exchange));
    const isSteady = told.length > 0 && told.every(isWorthwhile);
    return (isSteady || isTabBehind(context, tries) || isTabLucky(context, tries)) && (budgetLeft?.() ?? ENOUGH_SUCCESSES) > 0
      ? undefined
      : 'not-applicable';
  },
  async run(context) {
    const { url } = targetOf(context);
    if (isTabBehind(context, triesOf(context))) {
      const where = replayOf(context, context.incident.url);
      const tab = await context.tab.replay({ ...where, isPastCache: false, timeoutMs: 4000 });
      return { exchanges: [], tab };
    }
    if (isTabLucky(context, triesOf(context))) {
      const load = () => context.tab.replay({ url: context.incident.url, isPastCache: false, timeoutMs: 2500 });
      let tab = await load();
      const left = () => !context.signal.aborted && (context.budgetLeft?.() ?? LOADS) > 0;
      for (let loads = 1; loads < LOADS && tab.outcome === 'loaded' && left(); loads += 1) tab = await load();
      return { exchanges: [], tab };
    }
    const isLong = isComingDirectly(context) && isSlowToFail(context);
    const ask = () =>
      context.request({
        url,
        cookies: 'include',
        isFreshConnection: true,
        party: 'failing-site',
        timeoutMs: isLong ? 7500 : 2500,
        maxBytes: breaksMidway(context) ? WHOLE_BODY_BYTES : 65_536,
      });
    // There is no time for one after the other; but of a private host one thing at a time is asked.
    if (isLong && !isPrivateHost(new URL(url).hostname)) {
      const atOnce = await Promise.all(Array.from({ length: ENOUGH_SUCCESSES }, ask));
      return { exchanges: atOnce.filter(({ outcome }) => outcome !== 'refused-by-us') };
    }
    const exchanges: Exchange[] = [];
    while (exchanges.length < ENOUGH_SUCCESSES && !context.signal.aborted) {
      const exchange = await ask();
      if (exchange.outcome === 'refused-by-us') break;
      exchanges.push(exchange);
      if (!works(exchange)) break;
    }
    return { exchanges };
  },
};
