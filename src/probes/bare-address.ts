import type { Exchange } from '../model/exchange';
import type { BareAddressResult, Measurements } from '../model/measurement';
import { isResetLike } from '../net-errors';
import type { Probe, ProbeContext } from './context';
import { addressAsHost, familyOf } from './hosts';
import { hasName, httpUrl, siteConsents, works } from './target';

type Reach = 'reaches' | 'fails' | 'timed-out' | 'not-tried';
const PER_FAMILY = 2;

/** Whether TLS reached somebody: an answer, or an error that only a TLS partner can cause. */
export function tlsReach(exchange: Exchange): Reach {
  if (exchange.outcome === 'response') return 'reaches';
  if (exchange.outcome === 'timed-out') return 'timed-out';
  if (exchange.outcome !== 'failure') return 'not-tried';
  const { failure } = exchange.error;
  return exchange.hadHeaders || failure === 'certificate' || failure === 'tls-alert-or-protocol' ? 'reaches' : 'fails';
}

/** Whether plain HTTP reached somebody: any answer. */
export function httpReach(exchange: Exchange): Reach {
  if (exchange.outcome === 'response') return 'reaches';
  if (exchange.outcome === 'timed-out') return 'timed-out';
  if (exchange.outcome !== 'failure') return 'not-tried';
  return exchange.hadHeaders ? 'reaches' : 'fails';
}

/** Addresses to try: the browser's own first, then what answered earlier, then what only independent resolvers say; at most two per family and origin. */
export function addressesToTry(
  incident: Pick<ProbeContext['incident'], 'ip'>,
  measurements: Partial<Measurements>,
): readonly Pick<BareAddressResult, 'address' | 'family' | 'origin'>[] {
  const mode = measurements['proxy-settings']?.mode;
  const observed = measurements['proxy-settings']?.observed;
  // Under a proxy, `ip` is the proxy's.
  const isProxied = mode === 'manual' || mode === 'pac' || mode === 'auto-detect' || (observed !== undefined && observed !== 'none');
  const own = measurements['own-request']?.exchanges ?? [];
  const replay = measurements['tab-replay'];
  const earlier = isProxied ? [] : [...own.map((exchange) => exchange.ip), replay?.plain?.ip, replay?.pastCache?.ip, incident.ip];
  const sources: readonly [BareAddressResult['origin'], readonly (string | undefined)[]][] = [
    ['browser', measurements['browser-dns']?.addresses ?? []],
    ['earlier-answer', earlier],
    ['independent', measurements['independent-dns']?.answers.flatMap((answer) => answer.addresses) ?? []],
  ];
  const seen = new Set<string>();
  const wanted: Pick<BareAddressResult, 'address' | 'family' | 'origin'>[] = [];
  for (const [origin, addresses] of sources) {
    const count = { 4: 0, 6: 0 };
    for (const address of addresses) {
      if (!address || seen.has(address)) continue;
      const family = familyOf(address);
      if (count[family] >= PER_FAMILY) continue;
      seen.add(address);
      count[family] += 1;
      wanted.push({ address, family, origin });
    }
  }
  return wanted;
}

function isOtherSchemeResetting({ measurements }: ProbeContext): boolean {
  const other = measurements['other-scheme'];
  return other?.scheme === 'http' && !other.isSamePort && other.exchange.outcome === 'failure' && isResetLike(other.exchange.error.failure);
}

async function tryAddress(
  context: ProbeContext,
  target: Pick<BareAddressResult, 'address' | 'family' | 'origin'>,
): Promise<BareAddressResult> {
  const failing = httpUrl(context.incident.url);
  const port = failing.port === '' ? '' : `:${failing.port}`;
  const authority = `${addressAsHost(target.address)}${port}`;
  const result: BareAddressResult = { ...target };
  const note = (exchange: Exchange) => (exchange.outcome === 'failure' ? exchange.error : undefined);
  const ask = (url: string, headers?: Record<string, string>) =>
    context.request({
      url,
      isFreshConnection: true,
      party: 'failing-site',
      timeoutMs: 4000,
      maxBytes: 1024,
      ...(headers ? { headers } : {}),
    });

  if (failing.protocol === 'https:') {
    const tls = await ask(`https://${authority}/`);
    result.tls = tlsReach(tls);
    const error = note(tls);
    if (error) result.tlsError = error;
    // Where plain http with the name resets too, only http without it tells whether the name is what is reset.
    if (isOtherSchemeResetting(context)) {
      const http = await ask(`http://${addressAsHost(target.address)}/`);
      result.http = httpReach(http);
      const httpError = note(http);
      if (httpError) result.httpError = httpError;
    }
    return result;
  }
  const http = await ask(`http://${authority}/`);
  result.http = httpReach(http);
  const error = note(http);
  if (error) result.httpError = error;
  if (!context.canSetOwnHeaders) return result;
  const named = await ask(`http://${authority}/`, { host: failing.host });
  result.httpWithName = httpReach(named);
  const namedError = note(named);
  if (namedError) result.httpWithNameError = namedError;
  return result;
}

/** Rounds after which a family that fails each time is no chance. */
const ROUNDS = 4;
/** Requests left for the repetition, which tells how often the page fails. */
const KEPT_FOR_REPETITION = 5;

/** Whether all tries of one family reached somebody and all of the other failed. */
const isParted = (results: readonly BareAddressResult[]): boolean => {
  const reached = (family: 4 | 6) => [
    ...new Set(results.filter((one) => one.family === family).map(({ tls, http, httpWithName }) => httpWithName ?? tls ?? http)),
  ];
  const [four, six] = [reached(4), reached(6)];
  return four.length === 1 && six.length === 1 && four[0] !== six[0];
};

/** Whether somebody was reached past the name. */
const isReached = ({ tls, http }: BareAddressResult): boolean => tls === 'reaches' || http === 'reaches';

/** The failing host's addresses, spoken to without its name: what only a name can stop gets through. */
export const bareAddress: Probe<'bare-address'> = {
  id: 'bare-address',
  after: ['own-request', 'tab-replay', 'other-scheme', 'browser-dns', 'independent-dns', 'proxy-settings'],
  consents: siteConsents,
  deadlineMs: 8000,
  skip: (context) => (hasName(context.incident) ? undefined : 'not-applicable'),
  async run(context) {
    const targets = addressesToTry(context.incident, context.measurements);
    const round = () => Promise.all(targets.map((target) => tryAddress(context, target)));
    const results = await round();
    // A page that comes and goes may do so by the address that the browser happens to take: where the families part, they are asked
    // again, to tell that from chance.
    const own = context.measurements['own-request']?.exchanges ?? [];
    const isComingAndGoing = context.incident.isHealthy !== true && own.some(works) && isParted(results);
    const hasLeft = () => (context.budgetLeft?.() ?? 0) >= targets.length + KEPT_FOR_REPETITION;
    for (let rounds = 1; rounds < ROUNDS && isComingAndGoing && hasLeft() && isParted(results) && !context.signal.aborted; rounds += 1)
      results.push(...(await round()));
    // Of a page that has only failed so far, one that gets through may be luck: what is to blame a name is asked twice.
    const isTelling = own.length > 0 && !own.some(works) && results.some(isReached);
    if (isTelling && hasLeft() && !context.signal.aborted) results.push(...(await round()));
    return { results };
  },
};
