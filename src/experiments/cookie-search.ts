import type { CookieFacts, ExperimentDetails, Judgement } from '../model/experiment';
import { isRepeatable } from '../model/incident';
import { bytesOf, type Cookie, headerOf, isSentTo } from './cookie-jar';
import type { Experiment, ExperimentContext } from './experiment';
import { judgementOf } from './judging';
import { isSteady, oddsOfDifference, oddsOfWorking, type Tally } from './odds';
import { smallestSet } from './smallest-set';

/** Requests that one search sends to the site at most. */
export const MOST_REQUESTS = 120;
/** Rounds of with and without, before anything is looked for. */
const FEWEST_PAIRS = 2;
const MOST_PAIRS = 20;
/** Rounds all alike after which cookies are held to make no difference: a fault of every other try would have shown. */
const ALIKE_PAIRS = 5;
/** Rounds behind every question where it comes and goes. */
const UNSTEADY_PAIRS = 10;
/** With and without must differ by these odds where the site fails only now and then. */
const DIFFERENCE_ODDS = 6;
/** One question of the search: a site that is steady is asked once; a wrong turn shows at the end. */
const STEADY_ODDS = 2.5;
const UNSTEADY_ODDS = 10;
/** Nothing is named before these odds: wrong in one of a hundred at most. */
const NAMING_ODDS = 100;
/** Searches begun anew after a wrong turn. */
const MOST_TURNS = 3;
const MOST_UNCLEAR = 4;
const TRY_MS = 4000;

type Detail = ExperimentDetails['cookie-search'];

/** The search cannot go on, and says why. */
class Ended extends Error {
  constructor(readonly outcome: NonNullable<Detail['outcome']>) {
    super(outcome);
  }
}

const factsOf = (cookie: Cookie): CookieFacts => ({
  name: cookie.name,
  domain: cookie.domain,
  path: cookie.path,
  bytes: bytesOf(cookie),
  isHttpOnly: cookie.httpOnly,
  isSession: cookie.session,
});
const isFact = (facts: CookieFacts, cookie: Cookie) =>
  facts.name === cookie.name && facts.domain === cookie.domain && facts.path === cookie.path;

/** Asks with some of the cookies until the odds are clear. The jar is not touched: the header is ours, and no answer may set a cookie. */
async function search(context: ExperimentContext<'cookie-search'>, cookies: readonly Cookie[], detail: Detail): Promise<void> {
  const { incident, signal } = context;
  const page = incident.error.failure;
  const withAll: Tally = { fails: 0, works: 0 };
  const without: Tally = { fails: 0, works: 0 };
  let unclear = 0;
  let worksBytes = 0;
  let failsBytes = Number.POSITIVE_INFINITY;
  const questions = 4 + 2 * Math.ceil(Math.log2(cookies.length + 1));
  const tell = () =>
    context.tell({ done: detail.requests, left: Math.max(1, Math.min(MOST_REQUESTS, questions + 8) - detail.requests) }, { ...detail });

  const ask = async (present: readonly Cookie[]): Promise<boolean> => {
    while (true) {
      signal.throwIfAborted();
      if (detail.requests >= MOST_REQUESTS) throw new Ended('unsteady');
      const header = headerOf(present);
      detail.requests += 1;
      const exchange = await context.request({
        url: incident.url,
        cookies: 'omit',
        ...(header === '' ? {} : { headers: { cookie: header } }),
        party: 'failing-site',
        timeoutMs: TRY_MS,
        maxBytes: 1024 * 1024,
      });
      signal.throwIfAborted();
      if (exchange.outcome === 'refused-by-us') throw new Ended(exchange.reason === 'asked-to-stop' ? 'asked-to-stop' : 'unclear');
      const judgement = judgementOf(exchange, page);
      await tell();
      if (judgement !== 'unclear') return judgement === 'works';
      unclear += 1;
      if (unclear > MOST_UNCLEAR) throw new Ended('unclear');
    }
  };
  const note = (tally: Tally, works: boolean) => {
    if (works) tally.works += 1;
    else tally.fails += 1;
  };
  const absentOf = (absent: readonly Cookie[]) => cookies.filter((one) => !absent.includes(one));
  const noteSize = (present: readonly Cookie[], works: boolean) => {
    const bytes = new TextEncoder().encode(headerOf(present)).length;
    if (works) worksBytes = Math.max(worksBytes, bytes);
    else failsBytes = Math.min(failsBytes, bytes);
  };

  // 1. Whether the cookies matter at all, alternately.
  for (let pair = 1; ; pair += 1) {
    note(withAll, await ask(cookies));
    note(without, await ask([]));
    if (pair < FEWEST_PAIRS) continue;
    if (isSteady(withAll, without)) break;
    if (withAll.works === 0 && without.works === 0) throw new Ended('fails-without-cookies');
    if (withAll.fails === 0 && without.fails === 0) {
      if (pair >= ALIKE_PAIRS) throw new Ended('works-with-cookies');
      continue;
    }
    if (pair < UNSTEADY_PAIRS) continue;
    const isLess = withAll.fails * (without.fails + without.works) > without.fails * (withAll.fails + withAll.works);
    if (isLess && oddsOfDifference(withAll, without) >= DIFFERENCE_ODDS) break;
    if (pair >= MOST_PAIRS) throw new Ended('unsteady');
  }

  const triesOf = ({ fails, works }: Tally) => fails + works;
  /** A fault that comes and goes is told from luck only by knowing well how often it comes. */
  const learnMore = async () => {
    while (triesOf(withAll) < UNSTEADY_PAIRS) note(withAll, await ask(cookies));
    while (triesOf(without) < UNSTEADY_PAIRS) note(without, await ask([]));
  };

  // 2. The smallest set whose absence mends.
  const lightest = [...cookies].sort((a, b) => bytesOf(a) - bytesOf(b));
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    const wanted = turn === 1 && isSteady(withAll, without) ? STEADY_ODDS : UNSTEADY_ODDS;
    // What looked steady was not, or a wrong turn would not have come about.
    if (turn > 1) await learnMore();
    const mends = async (absent: readonly Cookie[]): Promise<boolean> => {
      const tries: Tally = { fails: 0, works: 0 };
      const present = absentOf(absent);
      while (true) {
        note(tries, await ask(present));
        const odds = oddsOfWorking(tries, without, withAll);
        if (odds < wanted && odds > 1 / wanted) continue;
        noteSize(present, odds >= wanted);
        return odds >= wanted;
      }
    };
    const culprits = (await smallestSet(lightest, mends)) ?? [];

    // 3. Nothing is named by one lucky try: with and without just these, until the odds are clear.
    const tries: Tally = { fails: 0, works: 0 };
    let isMended = false;
    for (let round = 0; ; round += 1) {
      note(tries, await ask(absentOf(culprits)));
      const odds = oddsOfWorking(tries, without, withAll);
      isMended = odds >= NAMING_ODDS;
      if (isMended || odds <= 1 / UNSTEADY_ODDS) break;
      // Where it has always failed with them, each further failure makes a success without them tell more.
      if (round % 2 === 0 && withAll.works === 0) note(withAll, await ask(cookies));
      if (!isSteady(withAll, without)) await learnMore();
    }
    if (!isMended) continue;
    detail.culprits = culprits.map(factsOf);
    if (worksBytes < failsBytes && Number.isFinite(failsBytes)) detail.limit = { worksBytes, failsBytes };
    throw new Ended('found');
  }
  throw new Ended('unsteady');
}

/** One lucky load is no proof; and where no load is possible, nothing is known, but what was deleted stays told. */
async function judgeTwice(context: ExperimentContext<'cookie-search'>): Promise<Judgement> {
  try {
    const first = await context.judge();
    return first === 'works' ? await context.judge() : first;
  } catch {
    context.signal.throwIfAborted();
    return 'unclear';
  }
}

/** Finds the smallest set of the site's cookies whose absence mends the page; deletes just those by the person's word. */
export const cookieSearch: Experiment<'cookie-search'> = {
  id: 'cookie-search',

  async run(context) {
    const { incident, doors } = context;
    const detail: Detail = { count: 0, bytes: 0, requests: 0 };
    const end = async (outcome: NonNullable<Detail['outcome']>) => {
      detail.outcome = outcome;
      await context.tell({ done: detail.requests, left: 0 }, { ...detail });
    };
    if (!isRepeatable(incident)) return end('not-repeatable');
    if (context.isOtherJar) return end('other-jar');
    if (!doors.cookies || !context.canSetOwnHeaders) return end('not-allowed');
    const cookies = (await doors.cookies.all(incident.url)).filter((cookie) => isSentTo(incident.host, cookie));
    detail.count = cookies.length;
    detail.bytes = new TextEncoder().encode(headerOf(cookies)).length;
    if (cookies.length === 0) return end('no-cookies');
    try {
      await search(context, cookies, detail);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      await end(error.outcome);
    }
  },

  async act(context, detail, { word }) {
    const { doors, incident } = context;
    const told = { done: detail.requests, left: 0 };
    if (word === 'delete' && detail.culprits && doors.cookies && doors.cookieCopies) {
      const { culprits } = detail;
      const cookies = (await doors.cookies.all(incident.url)).filter(
        (cookie) => isSentTo(incident.host, cookie) && culprits.some((facts) => isFact(facts, cookie)),
      );
      if (cookies.length === 0) {
        await context.tell(told, { ...detail, isGone: true });
        return;
      }
      const id = doors.cookieCopies.newId();
      const { afterwards: _before, ...rest } = detail;
      // First, or a worker that is killed in between would leave a deletion that nobody can undo.
      await context.tell(told, { ...rest, deletionId: id });
      await doors.cookieCopies.remove(id, incident.host, cookies);
      await context.tell(told, { ...rest, deletionId: id, afterwards: await judgeTwice(context) });
    }
  },
};
