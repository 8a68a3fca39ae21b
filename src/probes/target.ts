import type { ConsentId } from '../model/consent';
import type { Exchange } from '../model/exchange';
import { type Incident, isPartOfPage, isRepeatable } from '../model/incident';
import type { Measurements } from '../model/measurement';
import type { ProbeContext } from './context';
import { literalAddress } from './hosts';

/** Query parameters that make a link good for one use only, or carry a secret. */
const ONE_TIME_NAMES =
  /^(?:.*[-_.])?(?:token|code|key|sig|signature|otp|ticket|nonce|hash|auth|invite|secret|hmac|magic|confirm|confirmation|verify|verification)$/i;

/** Whether a URL looks like a one-time link: asking for it again may use it up. */
export function looksOneTime(url: string): boolean {
  return [...new URL(url).searchParams.keys()].some((name) => ONE_TIME_NAMES.test(name.replace(/([a-z])([A-Z])/g, '$1-$2')));
}

/** The http form of a URL: a WebSocket address as the address its handshake goes to. */
export function httpUrl(url: string): URL {
  return new URL(url.replace(/^ws(s?):/i, 'http$1:'));
}

/** Endings of what a browser saves instead of showing. */
const DOWNLOAD_ENDINGS =
  /\.(?:zip|7z|rar|tar|t?gz|bz2|xz|zst|exe|msi|dmg|pkg|iso|img|bin|apk|deb|rpm|jar|torrent|csv|xlsx?|docx?|pptx?|odt|ods)$/i;

/** Whether navigating to a URL would probably save a file. */
export function looksLikeDownload(url: string): boolean {
  const { pathname, searchParams } = new URL(url);
  return DOWNLOAD_ENDINGS.test(pathname) || searchParams.has('download') || searchParams.has('response-content-disposition');
}

export type Target = Pick<ProbeContext, 'incident' | 'consents'>;

/** What own requests ask for: the failing URL, or its origin's root where asking again is not for us to decide. */
export function targetOf({ incident, consents }: Target): { url: string; isStandIn: boolean } {
  const url = httpUrl(incident.url);
  const isOneTime = looksOneTime(url.href) && !consents.has('replay-one-time-link');
  if (isRepeatable(incident) && !isOneTime) return { url: url.href, isStandIn: false };
  return { url: `${url.origin}/`, isStandIn: true };
}

/** Where the navigation began, by http or https and not by a link for one use, before it was redirected. */
export function startOf({ redirects, url }: Pick<Incident, 'redirects' | 'url'>): string | undefined {
  const [first] = redirects;
  return first !== undefined && first !== url && /^https?:/i.test(first) && !looksOneTime(first) ? first : undefined;
}

/**
 * What a tab of ours loads to meet the failing request: its own address from where the navigation began, or for a part its page, and
 * by which addresses the part is known there: with nobody to lead it away it is asked for where its request begins.
 */
export function replayOf(
  { incident, measurements = {} }: { incident: Incident; measurements?: Partial<Measurements> },
  begin = startOf(incident) ?? incident.url,
): { url: string; part?: readonly string[] } {
  if (!isPartOfPage(incident)) return { url: begin };
  const led = measurements['start-address']?.url;
  return { url: incident.pageUrl, part: led === undefined ? [incident.url] : [incident.url, led] };
}

/** Consents of every probe that asks the failing site by requests of its own. */
export function siteConsents({ hasHostAccess }: { hasHostAccess: boolean }): readonly ConsentId[] {
  return hasHostAccess ? [] : ['host-access'];
}

/** Whether names are looked up for this host at all: not for address literals. */
export function hasName(incident: Incident): boolean {
  return literalAddress(incident.host) === undefined;
}

/** Whether a request of ours got an answer through to its end, or as far as we wanted to read. */
export function works(exchange: Exchange | undefined): boolean {
  return exchange?.outcome === 'response';
}

/** Whether a request really went out and failed. */
export function fails(exchange: Exchange | undefined): boolean {
  return exchange?.outcome === 'failure' || exchange?.outcome === 'timed-out';
}

/** Whether the page's answer had begun when it broke: then only the whole answer compares. */
export function breaksMidway({ incident, measurements }: Pick<ProbeContext, 'incident' | 'measurements'>): boolean {
  const own = measurements['own-request']?.exchanges ?? [];
  return incident.phase === 'response-started' || own.some((exchange) => exchange.outcome === 'failure' && exchange.hadHeaders);
}

/** A text that is equal for equal outcomes. */
export function outcomeKey(exchange: Exchange): string {
  return exchange.outcome === 'failure' ? `failure ${exchange.error.failure}` : exchange.outcome;
}

/** From this time to the failure on, ms, the page may take longer to come than a comparison otherwise waits. */
const SLOW_FAILURE_MS = 1500;

/** Whether it took long to fail: for the person, or for all our own requests that failed. */
export function isSlowToFail({ incident, measurements }: Pick<ProbeContext, 'incident' | 'measurements'>): boolean {
  const own = measurements['own-request']?.exchanges ?? [];
  const times = own.flatMap((exchange) => (exchange.outcome === 'failure' ? [exchange.durationMs] : []));
  const shortest = times.length > 0 ? Math.min(...times) : (incident.durationMs ?? 0);
  return shortest >= SLOW_FAILURE_MS;
}

/** From this time to the failure on, ms, a page that breaks in the middle takes longer than a try of ours otherwise lasts. */
const SLOW_BREAK_MS = 3000;

/** Whether the page's answer broke late: a try compares only if it lasts as long. */
export function breaksLate({ incident }: Pick<ProbeContext, 'incident'>): boolean {
  return incident.phase === 'response-started' && (incident.durationMs ?? 0) >= SLOW_BREAK_MS;
}
