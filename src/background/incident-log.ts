import type { Incident, RequestKind } from '../model/incident';
import { classifyOwn, isResetLike, isSentence, phaseOf } from '../net-errors';

/** Which of the browser's two event families told. */
export type SightingSource = 'webRequest' | 'webNavigation';

/** One error event, as the watcher hands it on. */
export interface Sighting {
  source: SightingSource;
  tabId: number;
  url: string;
  pageUrl: string;
  kind: RequestKind;
  /** HTTP method where the event tells it. */
  method?: string;
  /** The browser's own words. */
  raw: string;
  /** Peer address. Chromium tells it only after response headers, Firefox as soon as it is connected. */
  ip?: string;
  /** Response headers had certainly arrived. */
  hasHeaders?: boolean;
  atMs: number;
  /** When the request was sent, where known. */
  startedAtMs?: number;
  /** The page that the part belongs to had come from the browser's cache. */
  isPageFromCache?: true;
  /** The page that the part belongs to was the answer to something sent. */
  isPageSent?: true;
  /** The part belongs to a frame of the page. */
  isInFrame?: true;
  redirects: readonly string[];
}

/** A kept incident with what is needed to put further events in their place. */
export interface IncidentRecord {
  incident: Incident;
  /** Who has told of the newest attempt. */
  seenBy: readonly SightingSource[];
  /** When the newest attempt failed, ms since the epoch. */
  attemptAtMs: number;
  /** Automatic reloads since the last attempt of the person. */
  autoStep: number;
  /** The tab shows another page now. */
  isLeft?: boolean;
  /** What mended it was a copy in the browser's cache: the site itself was not asked. */
  isCopyShown?: boolean;
}

export const INCIDENT_LIMIT = 500;
/** Bytes of JSON. */
export const INCIDENT_BYTES_LIMIT = 1_000_000;
export const URL_LIMIT = 8_192;
const REDIRECT_LIMIT = 10;
const DURATIONS_KEPT = 5;

/** Both families tell of one failure within milliseconds; a starting worker may take longer over the second. */
const PAIRING_MS = 2_000;
/** After this long without a failure the next one is another incident. The longest pause of Chromium's reloads is 30 min. */
const SAME_INCIDENT_MS = 60 * 60_000;
/** An incident that was over comes back as itself within this time. */
const COMES_BACK_MS = 10 * 60_000;
/** Chromium reloads a failed page by itself after these pauses; the last one repeats. net/../net_error_auto_reloader.cc */
const AUTO_RELOAD_PAUSES_MS = [1_000, 5_000, 30_000, 60_000, 300_000, 600_000, 1_800_000] as const;
const AUTO_RELOAD_EARLY_MS = 100;
const AUTO_RELOAD_LATE_MS = 700;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** A URL without fragment and credentials, of bounded length; undefined for other schemes than http(s) and ws(s). */
export function incidentUrl(raw: string): URL | undefined {
  try {
    const url = new URL(raw);
    if (!/^(?:https?|wss?):$/.test(url.protocol)) return undefined;
    url.hash = '';
    url.username = '';
    url.password = '';
    return url;
  } catch {
    return undefined;
  }
}

const hostOf = (url: string): string | undefined => incidentUrl(url)?.hostname;
/** A page whatever its scheme: browsers upgrade http to https and fall back as they like. */
const pageOf = (url: string): string => cut(incidentUrl(url)?.href ?? url).replace(/^[a-z]+:/, '');
const cut = (url: string): string => url.slice(0, URL_LIMIT);

/** Newest first, at most 500 and 1 MB; the oldest go. */
export function bound(records: readonly IncidentRecord[]): readonly IncidentRecord[] {
  const sorted = [...records].sort((a, b) => b.incident.lastAtMs - a.incident.lastAtMs).slice(0, INCIDENT_LIMIT);
  let bytes = 2;
  const fitting = sorted.findIndex((record) => {
    bytes += bytesOf(record) + 1;
    return bytes > INCIDENT_BYTES_LIMIT;
  });
  return fitting < 0 ? sorted : sorted.slice(0, fitting);
}

function isAutoReload(record: IncidentRecord, sighting: Sighting): boolean {
  const startedAtMs = sighting.startedAtMs ?? sighting.atMs - (record.incident.durationMs ?? 0);
  const pauseMs = AUTO_RELOAD_PAUSES_MS[Math.min(record.autoStep, AUTO_RELOAD_PAUSES_MS.length - 1)] ?? 0;
  const lateMs = startedAtMs - record.attemptAtMs - pauseMs;
  return lateMs >= -AUTO_RELOAD_EARLY_MS && lateMs <= AUTO_RELOAD_LATE_MS;
}

/** Whether a sighting belongs to an incident that is already there. */
function belongs(record: IncidentRecord, sighting: Sighting, url: string): boolean {
  const { incident } = record;
  if (incident.tabId !== sighting.tabId || incident.kind !== sighting.kind) return false;
  const isPage = sighting.kind === 'main-frame' || sighting.kind === 'sub-frame';
  if (isPage ? incident.url !== url : incident.host !== hostOf(url) || incident.pageUrl !== cut(sighting.pageUrl)) return false;
  const { failure } = classifyOwn(sighting.raw, false);
  if (failure !== incident.error.failure && isResetLike(failure) !== isResetLike(incident.error.failure)) return false;
  if (failure !== incident.error.failure && !isResetLike(failure) && !isPaired(record, sighting)) return false;
  const wasOver = incident.mendedAtMs !== undefined || record.isLeft === true;
  return sighting.atMs - incident.lastAtMs <= (wasOver ? COMES_BACK_MS : SAME_INCIDENT_MS);
}

/** Whether a page fails that had failed and then loaded a moment ago. A part that fails may do so beside a page that loads each time. */
function hasComeBack({ incident, isCopyShown }: IncidentRecord, sighting: Sighting, url: string): boolean {
  const { kind, mendedAtMs, lastAtMs, error } = incident;
  if (isCopyShown || kind !== 'main-frame' || sighting.kind !== 'main-frame' || mendedAtMs === undefined || incident.url !== url)
    return false;
  return isResetLike(error.failure) && isResetLike(classifyOwn(sighting.raw, false).failure) && sighting.atMs - lastAtMs <= COMES_BACK_MS;
}

/** Whether a sighting is the other family's word on the newest attempt. */
function isPaired(record: IncidentRecord, sighting: Sighting): boolean {
  return !record.seenBy.includes(sighting.source) && Math.abs(sighting.atMs - record.attemptAtMs) <= PAIRING_MS;
}

function isSamePlace(record: IncidentRecord, sighting: Sighting, url: string): boolean {
  return record.incident.tabId === sighting.tabId && record.incident.kind === sighting.kind && record.incident.url === url;
}

/** The newest durations with one more; nothing where that makes no second. */
function withDuration(former: Pick<Incident, 'durationMs' | 'durationsMs'>, durationMs: number | undefined): Pick<Incident, 'durationsMs'> {
  const all = [...(former.durationsMs ?? [former.durationMs]), durationMs].filter((ms) => ms !== undefined);
  return durationMs !== undefined && all.length > 1 ? { durationsMs: all.slice(-DURATIONS_KEPT) } : {};
}

/** What both families know of one attempt, put together. */
function complement(record: IncidentRecord, sighting: Sighting, url: URL): IncidentRecord {
  const { incident } = record;
  const ip = incident.ip ?? sighting.ip;
  const hasHeaders = sighting.hasHeaders === true || incident.phase === 'response-started';
  // webRequest's name says more than webNavigation's number, except where it is a sentence in the person's language.
  const raws = sighting.source === 'webRequest' ? [sighting.raw, incident.error.raw] : [incident.error.raw, sighting.raw];
  const raw = raws.find((one) => !isSentence(one)) ?? raws[0] ?? '';
  const error = classifyOwn(raw, hasHeaders);
  const merged: Incident = {
    ...incident,
    error,
    method: sighting.method ?? incident.method,
    phase: phaseOf(error, { hasHeaders, scheme: url.protocol.slice(0, -1) }),
    redirects: incident.redirects.length > 0 ? incident.redirects : sighting.redirects.slice(-REDIRECT_LIMIT).map(cut),
  };
  if (ip !== undefined) merged.ip = ip;
  if (sighting.startedAtMs !== undefined) {
    merged.durationMs = Math.max(0, Math.round(sighting.atMs - sighting.startedAtMs));
    if (incident.count + incident.autoReloads > 1) Object.assign(merged, withDuration(incident, merged.durationMs));
  }
  return { ...record, incident: merged, seenBy: [...record.seenBy, sighting.source] };
}

function describe(sighting: Sighting, url: URL): Omit<Incident, 'id' | 'firstAtMs' | 'count' | 'autoReloads'> {
  const hasHeaders = sighting.hasHeaders === true;
  const error = classifyOwn(sighting.raw, hasHeaders);
  const described: Omit<Incident, 'id' | 'firstAtMs' | 'count' | 'autoReloads'> = {
    tabId: sighting.tabId,
    url: cut(url.href),
    host: url.hostname,
    pageUrl: cut(sighting.kind === 'main-frame' ? url.href : sighting.pageUrl),
    kind: sighting.kind,
    method: (sighting.method ?? 'GET').toUpperCase().slice(0, 20),
    error,
    phase: phaseOf(error, { hasHeaders, scheme: url.protocol.slice(0, -1) }),
    lastAtMs: sighting.atMs,
    redirects: sighting.redirects.slice(-REDIRECT_LIMIT).map(cut),
  };
  if (sighting.ip !== undefined) described.ip = sighting.ip.slice(0, 64);
  for (const mark of ['isPageFromCache', 'isPageSent', 'isInFrame'] as const) if (sighting[mark]) described[mark] = true;
  if (sighting.startedAtMs !== undefined) described.durationMs = Math.max(0, Math.round(sighting.atMs - sighting.startedAtMs));
  return described;
}

/** Puts one error event in its place: the other half of a known attempt, a further attempt, or a new incident. */
export function recordSighting(
  records: readonly IncidentRecord[],
  sighting: Sighting,
  options: { newId: string; hasAutoReload: boolean },
): { records: readonly IncidentRecord[]; incident: Incident | undefined } {
  const url = incidentUrl(sighting.url);
  if (!url) return { records, incident: undefined };
  const href = cut(url.href);
  const put = (record: IncidentRecord, before?: IncidentRecord) => ({
    records: bound([record, ...records.filter((one) => one !== before)]),
    incident: record.incident,
  });

  const other = records.find((one) => isSamePlace(one, sighting, href) && isPaired(one, sighting));
  if (other) return put(complement(other, sighting, url), other);

  const known = records.find((one) => belongs(one, sighting, href));
  if (!known) {
    const incident: Incident = { ...describe(sighting, url), id: options.newId, firstAtMs: sighting.atMs, count: 1, autoReloads: 0 };
    // In another tab it had failed and loaded.
    if (records.some((one) => hasComeBack(one, sighting, href))) incident.comeBacks = 1;
    return put({ incident, seenBy: [sighting.source], attemptAtMs: sighting.atMs, autoStep: 0 });
  }
  const isAuto = options.hasAutoReload && sighting.kind === 'main-frame' && isAutoReload(known, sighting);
  const { mendedAtMs: _mended, ip: _ip, isPageFromCache: _cached, isPageSent: _sent, isInFrame: _frame, ...kept } = known.incident;
  const described = describe(sighting, url);
  const incident: Incident = {
    ...kept,
    ...described,
    ...withDuration(kept, described.durationMs),
    method: sighting.method ? described.method : kept.method,
    redirects: described.redirects.length > 0 ? described.redirects : kept.redirects,
    count: kept.count + (isAuto ? 0 : 1),
    autoReloads: kept.autoReloads + (isAuto ? 1 : 0),
  };
  if (hasComeBack(known, sighting, href)) incident.comeBacks = (kept.comeBacks ?? 0) + 1;
  return put({ incident, seenBy: [sighting.source], attemptAtMs: sighting.atMs, autoStep: isAuto ? known.autoStep + 1 : 0 }, known);
}

/** A page loaded in a tab: incidents of that page are mended, those of another page are left. */
export function recordLoad(
  records: readonly IncidentRecord[],
  load: { tabId: number; url: string; redirects: readonly string[]; startedAtMs?: number; atMs: number; isFromCache?: true },
): readonly IncidentRecord[] {
  const chain = new Set([...load.redirects, load.url].map(pageOf));
  let hasChanged = false;
  const next = records.map((record) => {
    const { incident } = record;
    if (incident.tabId !== load.tabId || incident.mendedAtMs !== undefined) return record;
    // A resource of this very page may have failed while the page itself was still arriving.
    if (incident.lastAtMs >= (load.startedAtMs ?? load.atMs - 10_000) && incident.kind !== 'main-frame') return record;
    const isSamePage = chain.has(pageOf(incident.pageUrl));
    if (!isSamePage && record.isLeft) return record;
    hasChanged = true;
    if (!isSamePage) return { ...record, isLeft: true };
    return { ...record, isLeft: false, isCopyShown: load.isFromCache === true, incident: { ...incident, mendedAtMs: load.atMs } };
  });
  return hasChanged ? next : records;
}

/** A tab is gone; its incidents are kept without it. */
export function recordTabClosed(records: readonly IncidentRecord[], tabId: number): readonly IncidentRecord[] {
  if (!records.some(({ incident }) => incident.tabId === tabId)) return records;
  return records.map((record) => (record.incident.tabId === tabId ? { ...record, incident: { ...record.incident, tabId: -1 } } : record));
}

/** After a restart of the browser tab ids mean other tabs. */
export function forgetTabs(records: readonly IncidentRecord[]): readonly IncidentRecord[] {
  if (records.every(({ incident }) => incident.tabId === -1)) return records;
  return records.map((record) => ({ ...record, incident: { ...record.incident, tabId: -1 } }));
}

/** The page's own failure that went away by itself in this tab since `sinceMs`, ms since the epoch; undefined where none did. */
export function justMendedOfTab(records: readonly IncidentRecord[], tabId: number, sinceMs: number): Incident | undefined {
  const mended = records
    .map(({ incident }) => incident)
    .filter(
      ({ tabId: of, kind, mendedAtMs = 0, error }) =>
        of === tabId && kind === 'main-frame' && mendedAtMs >= sinceMs && isResetLike(error.failure),
    );
  return mended.sort((a, b) => b.lastAtMs - a.lastAtMs)[0];
}

/** The incidents that a tab shows now, the page's own failure first, then newest first. */
export function currentOfTab(records: readonly IncidentRecord[], tabId: number): readonly Incident[] {
  const current = records.filter(({ incident, isLeft }) => incident.tabId === tabId && !isLeft && incident.mendedAtMs === undefined);
  const rank = ({ kind, error }: Incident) => (kind === 'main-frame' ? 0 : isResetLike(error.failure) ? 1 : 2);
  return current.map(({ incident }) => incident).sort((a, b) => rank(a) - rank(b) || b.lastAtMs - a.lastAtMs);
}
