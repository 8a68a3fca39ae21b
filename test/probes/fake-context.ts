import type { ConsentId } from '../../src/model/consent';
import type { Exchange, ExchangeRequest } from '../../src/model/exchange';
import type { Incident } from '../../src/model/incident';
import type { Failure } from '../../src/model/vocabulary';
import type { ProbeContext } from '../../src/probes/context';

export function answer(request: ExchangeRequest, more: Partial<Extract<Exchange, { outcome: 'response' }>> = {}): Exchange {
  return {
    url: request.url,
    durationMs: 5,
    wasFresh: true,
    outcome: 'response',
    status: 200,
    protocol: 'http/1.1',
    bytes: 10,
    isComplete: true,
    ...more,
  };
}
export function failure(
  request: ExchangeRequest,
  failure: Failure = 'reset',
  more: Partial<Extract<Exchange, { outcome: 'failure' }>> = {},
): Exchange {
  return {
    url: request.url,
    durationMs: 5,
    wasFresh: true,
    outcome: 'failure',
    error: { raw: 'net::ERR_CONNECTION_RESET', failure },
    hadHeaders: false,
    bytes: 0,
    ...more,
  };
}
export function ended(request: ExchangeRequest, outcome: 'timed-out' | 'cancelled'): Exchange {
  return { url: request.url, durationMs: 5, wasFresh: false, outcome };
}

export function incidentOf(url: string, more: Partial<Incident> = {}): Incident {
  return {
    id: 'i',
    tabId: 1,
    url,
    host: new URL(url).hostname,
    pageUrl: url,
    kind: 'main-frame',
    method: 'GET',
    error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
    phase: 'unknown-before-headers',
    firstAtMs: 0,
    lastAtMs: 0,
    count: 1,
    autoReloads: 0,
    redirects: [],
    ...more,
  };
}

export interface FakeContext extends ProbeContext {
  sent: ExchangeRequest[];
}

/** A context whose requests are answered by `reply`, with a budget of 20 for the failing site. */
export function contextOf(
  url: string,
  reply: (request: ExchangeRequest, index: number) => Exchange,
  more: Partial<ProbeContext> & { given?: readonly ConsentId[]; budget?: number } = {},
): FakeContext {
  const sent: ExchangeRequest[] = [];
  let left = more.budget ?? 20;
  const { given, budget, ...rest } = more;
  return {
    incident: incidentOf(url),
    environment: { os: 'linux', browser: 'chromium', engine: 'chromium', browserVersion: 156, language: 'en' },
    settings: { isControlsAllowed: true, isProbeTabAllowed: true },
    measurements: {},
    consents: new Set(given),
    hasHostAccess: true,
    signal: new AbortController().signal,
    now: () => 0,
    canSetOwnHeaders: true,
    budgetLeft: () => left,
    device: () => ({ isOnline: true }),
    async request(request) {
      if (request.party === 'failing-site') {
        if (left <= 0) return { url: request.url, durationMs: 0, wasFresh: false, outcome: 'refused-by-us', reason: 'budget' };
        left -= 1;
      }
      sent.push(request);
      return reply(request, sent.length - 1);
    },
    tab: { replay: async () => ({ outcome: 'loaded', durationMs: 1, requestHeaders: [], redirects: [], finalUrl: url }) },
    proxy: {
      read: async () => ({ mode: 'system', heldBy: 'person', servers: [] }),
      whileDirect: async (_host, use) => ({ isInEffect: true, value: await use() }),
    },
    dns: {},
    extensions: { list: async () => undefined },
    ...rest,
    sent,
  };
}
