import type { Exchange } from '../model/exchange';
import type { BlockPageAuthor, Measurements } from '../model/measurement';
import type { Failure } from '../model/vocabulary';
import { authorOf, isElsewhere, leadOf, NOTICE_BYTES } from './block-page';
import type { Probe, ProbeContext } from './context';
import { isBrowserUpgrade } from './controls';
import { FILLER_NAME } from './cookies';
import { httpUrl, isSlowToFail, siteConsents, targetOf } from './target';

/** Failures with which a port answers that is spoken to in the wrong language. A mere reset has a hundred other reasons. */
const MISUNDERSTANDINGS: ReadonlySet<Failure> = new Set<Failure>(['tls-alert-or-protocol', 'empty-response', 'closed', 'reset-or-close']);

/** Longer than the largest usual packet, bytes, and shorter than any usual limit of headers. */
const LARGE_BYTES = 3_000;
/** A small request that is answered within this time, ms, is answered at once; of a large one this is waited for as long and longer. */
const AT_ONCE_MS = 1_500;
const SILENT_MS = 3_000;

/** Asks, and says whether the answer is somebody's notice of blocking; of its words nothing is kept. A notice that stands elsewhere is asked for once, where the network leads. */
async function askAndRead(context: ProbeContext, url: string, host: string): Promise<{ exchange: Exchange; blockPage?: BlockPageAuthor }> {
  const isPlain = url.startsWith('http:');
  const { text, ...exchange } = (await context.request({
    url,
    party: 'failing-site',
    timeoutMs: 5000,
    ...(isPlain && { keepText: NOTICE_BYTES }),
  })) as Exchange & { text?: string };
  if (!isPlain || exchange.outcome !== 'response') return { exchange };
  const lead = leadOf(exchange);
  let blockPage: BlockPageAuthor | undefined;
  if (!lead) {
    blockPage = exchange.bytes < NOTICE_BYTES ? authorOf(host, { text }) : undefined;
  } else if (lead.protocol === 'http:' && isElsewhere(lead, host) && !context.signal.aborted) {
    // The network itself led here: it learns nothing that it does not know.
    const notice = await context.request({ url: lead.href, party: 'control', timeoutMs: 2500, keepText: NOTICE_BYTES });
    blockPage = authorOf(host, { lead, text: notice.outcome === 'response' ? notice.text : '' });
  }
  return { exchange, ...(blockPage && { blockPage }) };
}

/**
 * A page over TLS that takes long to fail may never be greeted: a greeting is larger than one packet. The small plain request came
 * through, so a large one is sent the same way, and where nothing comes of it the small one again.
 */
async function askLarge(context: ProbeContext, url: string, small: Exchange): Promise<Measurements['other-scheme']['large']> {
  const { incident, environment, signal, canSetOwnHeaders } = context;
  const isAtOnce = small.outcome === 'response' && small.durationMs <= AT_ONCE_MS && !isBrowserUpgrade(small);
  // Firefox's event page goes to sleep while a page takes half a minute, and forgets when it began.
  const isForgotten = environment.engine === 'gecko' && incident.durationMs === undefined;
  if (
    !url.startsWith('http:') ||
    !isAtOnce ||
    !(isForgotten || isSlowToFail(context)) ||
    incident.phase === 'response-started' ||
    !canSetOwnHeaders ||
    signal.aborted
  )
    return undefined;
  const ask = (timeoutMs: number, headers?: Record<string, string>) =>
    context.request({ url, isFreshConnection: true, party: 'failing-site', timeoutMs, maxBytes: 1024, ...(headers && { headers }) });
  const exchange = await ask(SILENT_MS, { [FILLER_NAME]: 'x'.repeat(LARGE_BYTES) });
  if (exchange.outcome === 'refused-by-us') return undefined;
  return exchange.outcome === 'response' || signal.aborted ? { exchange } : { exchange, again: await ask(AT_ONCE_MS) };
}

/** The other scheme without cookies, at the root path, or by https at the failing one: on the same explicit port, else on the default ports, and where it may tell more on the very port. */
export const otherScheme: Probe<'other-scheme'> = {
  id: 'other-scheme',
  after: [],
  consents: siteConsents,
  deadlineMs: 8000,
  async run(context) {
    const failing = httpUrl(context.incident.url);
    const scheme = failing.protocol === 'https:' ? 'http' : 'https';
    const isSamePort = failing.port !== '';
    // Who reads plain requests minds their words, and reads none over https; a server that fails at a page fails there by both.
    const target = targetOf(context);
    const path = scheme === 'https' && !target.isStandIn ? failing.pathname + failing.search : '/';
    const url = `${scheme}://${failing.hostname}${isSamePort ? `:${failing.port}` : ''}${path}`;
    const { exchange, blockPage } = await askAndRead(context, url, failing.hostname);
    const isUpgradedByBrowser = isBrowserUpgrade(exchange);
    const result = {
      scheme,
      isSamePort,
      exchange,
      isUpgradedByBrowser,
      ...(path !== '/' && { isSamePath: true as const }),
      ...(blockPage && { blockPage }),
    } as const;
    if (isSamePort || context.signal.aborted) return result;
    const port = scheme === 'http' ? 443 : 80;
    const [large, onVeryPort] = await Promise.all([
      askLarge(context, url, exchange),
      MISUNDERSTANDINGS.has(context.incident.error.failure)
        ? context.request({ url: `${scheme}://${failing.hostname}:${port}/`, party: 'failing-site', timeoutMs: 2500 })
        : undefined,
    ]);
    return { ...result, ...(large && { large }), ...(onVeryPort && !isBrowserUpgrade(onVeryPort) && { onVeryPort }) };
  },
};
