import { isComingAndGoing } from '../experiments/judging';
import { FEWEST_LOADS_WHERE_MIXED } from '../experiments/odds';
import type { Exchange } from '../model/exchange';
import { type Incident, isPartOfPage, isRepeatable, type NetError } from '../model/incident';
import type { Measurements, ProbeId, TabAttempt } from '../model/measurement';
import type { Retest } from '../model/session';
import { isResetLike, phaseOf } from '../net-errors';
import type { ProbeContext } from '../probes/context';
import { replayOf } from '../probes/target';

/** What one try of a URL said. */
export type Attempt =
  | { works: true; ip?: string }
  | { works: false; error: NetError; hadHeaders: boolean; ip?: string }
  | { works: 'not-tried' };

const TIMED_OUT: NetError = { raw: '', failure: 'timed-out' };

/** A tab's navigation as an attempt. */
export function attemptOfTab(tab: TabAttempt): Attempt {
  if (tab.outcome === 'loaded') return { works: true, ip: tab.ip };
  if (tab.outcome === 'not-asked' || tab.outcome === 'no-page') return { works: 'not-tried' };
  return {
    works: false,
    error: tab.outcome === 'timed-out' ? TIMED_OUT : (tab.error ?? { raw: '', failure: 'failed' }),
    hadHeaders: tab.status !== undefined,
    ip: tab.ip,
  };
}

/** An own request as an attempt. Any answer works: what it says is the site's business. */
export function attemptOfExchange(exchange: Exchange): Attempt {
  switch (exchange.outcome) {
    case 'response':
      return { works: true, ip: exchange.ip };
    case 'failure':
      return { works: false, error: exchange.error, hadHeaders: exchange.hadHeaders, ip: exchange.ip };
    case 'timed-out':
      return { works: false, error: TIMED_OUT, hadHeaders: false };
    default:
      return { works: 'not-tried' };
  }
}

type TrialContext = Pick<ProbeContext, 'incident' | 'settings' | 'request' | 'tab'> & Partial<Pick<ProbeContext, 'measurements'>>;

/** Longest that one try may take, ms. */
const TRY_MS = 7_500;

/**
 * The address that a tab is asked to load: where the navigation began, if our own request is answered there and the tab is led on to
 * what fails. At that place it fails for everybody, whatever becomes of who leads there.
 */
const beginOf = ({ incident, measurements }: TrialContext): string => {
  const start = isPartOfPage(incident) ? undefined : measurements?.['start-address'];
  const last = start?.led ?? start?.own;
  const isServed = last?.outcome === 'response' && last.status >= 200 && last.status < 300;
  return isServed && start?.tab.outcome === 'failed' ? start.url : incident.url;
};

const loadInTab = (context: TrialContext): Promise<TabAttempt | undefined> =>
  context.tab.replay({ ...replayOf(context, beginOf(context)), isPastCache: false, timeoutMs: TRY_MS }).catch(() => undefined);

async function tryInTab(context: TrialContext): Promise<Attempt> {
  const loaded = await loadInTab(context);
  return loaded ? attemptOfTab(loaded) : { works: 'not-tried' };
}
async function tryByRequest({ incident, request }: TrialContext): Promise<Attempt> {
  return attemptOfExchange(
    await request({ url: incident.url, cookies: 'include', timeoutMs: TRY_MS, maxBytes: 1_000_000, party: 'failing-site' }),
  );
}

/** An incident with the error that a try brought, or healthy where nothing failed. */
export function withError(incident: Incident, attempt: Attempt): Incident {
  const { isHealthy: _healthy, ...rest } = incident;
  if (attempt.works !== false) return { ...rest, isHealthy: true, error: { raw: '', failure: 'failed' }, phase: 'unknown-before-headers' };
  const { protocol } = new URL(incident.url);
  const failed: Incident = {
    ...rest,
    error: attempt.error,
    phase: phaseOf(attempt.error, { hasHeaders: attempt.hadHeaders, scheme: protocol.slice(0, -1) }),
  };
  if (attempt.ip !== undefined) failed.ip = attempt.ip;
  return failed;
}

/** Finds out whether a URL fails: in a tab of our own and by our own request, side by side. The tab's word counts first; it is what the person would see. */
export async function tryUrl(context: TrialContext): Promise<Incident> {
  const [inTab, own] = await Promise.all([
    context.settings.isProbeTabAllowed ? tryInTab(context) : ({ works: 'not-tried' } as const),
    tryByRequest(context),
  ]);
  // Where the tab only kept us waiting, our own request's error says more.
  const isSilent = inTab.works === false && inTab.error === TIMED_OUT;
  return withError(context.incident, inTab.works === false && !(isSilent && own.works === false) ? inTab : own);
}

/** The failure that a measurement shows on a page that loaded at first. */
export function failureIn<Id extends ProbeId>(id: Id, measurement: Measurements[Id]): Attempt | undefined {
  const attempts = ((): Attempt[] => {
    switch (id) {
      case 'tab-replay': {
        const { plain } = measurement as Measurements['tab-replay'];
        return plain ? [attemptOfTab(plain)] : [];
      }
      case 'own-request':
        return (measurement as Measurements['own-request']).exchanges.map(attemptOfExchange);
      case 'repetition': {
        const { inARow, reused } = measurement as Measurements['repetition'];
        return [...inARow, ...reused].map(attemptOfExchange);
      }
      default:
        return [];
    }
  })();
  return attempts.find((attempt) => attempt.works === false && attempt.error.failure !== 'failed');
}

/** Tries before "it works" is said. */
const RETEST_TRIES = 3;
/** The same of a page that comes and goes, begun within so many ms: one that fails in half of the loads comes through three times running in one test of eight. */
const RETEST_TRIES_WHERE_MIXED = FEWEST_LOADS_WHERE_MIXED;
const RETEST_MS = 4_000;

/**
 * A part by its page, once. A page that asked for the part before and does so no longer is well; where the tab never asked, because only
 * the person's own copy of the page does, nothing can be tested: asked for by ourselves the part fails, whatever became of that copy.
 */
async function retestPart(context: TrialContext): Promise<Attempt | 'not-possible'> {
  const loaded = await loadInTab(context);
  if (loaded?.outcome === 'not-asked' && context.measurements?.['tab-replay']?.plain?.outcome === 'failed') return { works: true };
  if (loaded?.outcome === 'not-asked' && context.incident.isPageFromCache) return 'not-possible';
  return loaded ? attemptOfTab(loaded) : { works: 'not-tried' };
}

/** Runs the exact failing request again; "works" only after it worked several times in a row. */
export async function retest(
  context: TrialContext & Pick<ProbeContext, 'signal' | 'measurements'>,
): Promise<Omit<Retest, 'atMs' | 'afterStep'>> {
  const { incident, settings } = context;
  const isPage = incident.kind === 'main-frame' && settings.isProbeTabAllowed;
  // Its whole page is loaded for a part: once is enough.
  const isPart = isPartOfPage(incident) && settings.isProbeTabAllowed;
  // A POST, an upload or a WebSocket is never sent again.
  if (!isRepeatable(incident)) return { outcome: 'not-possible', worked: 0, tries: 0 };
  const isMixed = incident.comeBacks !== undefined || isComingAndGoing(context.measurements, incident.error.failure);
  const startedAt = performance.now();
  const isEnough = (tried: number) =>
    tried >= RETEST_TRIES && (!isMixed || tried >= RETEST_TRIES_WHERE_MIXED || performance.now() - startedAt > RETEST_MS);
  let worked = 0;
  let tries = 0;
  const firstOfPart = isPart ? await retestPart(context) : undefined;
  if (firstOfPart === 'not-possible') return { outcome: 'not-possible', worked, tries };
  // A page that is well without the part now.
  if (firstOfPart?.works === true && context.measurements['tab-replay']?.pastCache?.outcome === 'not-asked')
    return { outcome: 'works', worked: 1, tries: 1 };
  while (!isEnough(tries) && !context.signal.aborted) {
    const inPage = tries === 0 ? firstOfPart : undefined;
    const inTab = inPage ?? (isPage ? await tryInTab(context) : ({ works: 'not-tried' } as const));
    const attempt = inTab.works === 'not-tried' ? await tryByRequest(context) : inTab;
    if (attempt.works === 'not-tried') break;
    tries += 1;
    if (attempt.works === false) {
      const was = incident.error.failure;
      const { failure } = attempt.error;
      const isSame = failure === was || (isResetLike(failure) && isResetLike(was));
      return { outcome: isSame ? 'same-error' : 'other-error', error: attempt.error, worked, tries };
    }
    worked += 1;
  }
  return { outcome: worked > 0 ? 'works' : 'not-possible', worked, tries };
}
