import { describe, expect, it } from 'vitest';
import { retest, tryUrl } from '../../src/background/trial';
import type { Exchange, ExchangeRequest } from '../../src/model/exchange';
import type { Incident } from '../../src/model/incident';
import type { Measurements, TabAttempt } from '../../src/model/measurement';
import { answer, contextOf, failure, incidentOf } from '../probes/fake-context';

const SITE = 'https://shop.example/cart';
const tab = (outcome: TabAttempt['outcome']): TabAttempt => ({
  outcome,
  ...(outcome === 'failed' ? { error: { raw: 'net::ERR_CONNECTION_CLOSED', failure: 'closed' as const } } : {}),
  durationMs: 7_500,
  requestHeaders: [],
  redirects: [],
  finalUrl: SITE,
});
const tried = async (inTab: TabAttempt['outcome'], isOwnWorking: boolean) => {
  const reply = (request: ExchangeRequest) => (isOwnWorking ? answer(request) : failure(request));
  const { error, isHealthy } = await tryUrl(contextOf(SITE, reply, { tab: { replay: async () => tab(inTab) } }));
  return isHealthy ? 'healthy' : error.failure;
};

describe('trying an address', () => {
  it('goes by the tab, and by our own request where the tab only kept us waiting and that failed', async () => {
    expect(await tried('loaded', true)).toBe('healthy');
    expect(await tried('failed', false)).toBe('closed');
    expect(await tried('timed-out', false)).toBe('reset');
    expect(await tried('timed-out', true)).toBe('timed-out');
  });
});

describe('testing again', () => {
  it('tries a page that comes and goes more often before it says that it works', async () => {
    const page = incidentOf(SITE);
    const loads = async (incident: Incident, exchanges: readonly Exchange[] = [], failsAt = Number.POSITIVE_INFINITY) => {
      let loaded = 0;
      const replay = async () => {
        loaded += 1;
        return tab(loaded === failsAt ? 'failed' : 'loaded');
      };
      const context = contextOf(SITE, (request) => answer(request), { tab: { replay }, measurements: { 'own-request': { exchanges } } });
      const { outcome, worked } = await retest({ ...context, incident });
      return [outcome, worked];
    };
    const request = { url: SITE, party: 'failing-site' } as const;
    expect(await loads(page)).toEqual(['works', 3]);
    expect(await loads({ ...page, comeBacks: 1 })).toEqual(['works', 8]);
    expect(await loads(page, [answer(request), failure(request)])).toEqual(['works', 8]);
    expect(await loads({ ...page, comeBacks: 1 }, [], 5)).toEqual(['same-error', 4]);
  });
  it('loads a page from where its navigation began, if only the way from there is at fault', async () => {
    const START = 'https://shop.example/start';
    const loadedFrom = async (own: Exchange, inTab: TabAttempt['outcome'] = 'failed') => {
      const loaded: string[] = [];
      const replay = async ({ url }: { url: string }) => {
        loaded.push(url);
        return tab('loaded');
      };
      const measurements = { 'start-address': { url: START, tab: tab(inTab), own } };
      await retest(contextOf(SITE, (request) => answer(request), { tab: { replay }, measurements }));
      return [...new Set(loaded)];
    };
    const request = { url: START, party: 'failing-site' } as const;
    expect(await loadedFrom(answer(request))).toEqual([START]);
    expect(await loadedFrom(answer(request, { status: 302 }))).toEqual([SITE]);
    expect(await loadedFrom(failure(request))).toEqual([SITE]);
    expect(await loadedFrom(answer(request), 'loaded')).toEqual([SITE]);
  });
  const part = incidentOf('https://cdn.example/app.js', { kind: 'sub-resource', pageUrl: SITE });
  const again = async (inTab: TabAttempt['outcome'], incident = part, measurements: Partial<Measurements> = {}) => {
    const loaded: unknown[] = [];
    const context = contextOf(SITE, (request) => answer(request), {
      tab: {
        replay: async ({ url, part: of }) => {
          loaded.push([url, of]);
          return tab(inTab);
        },
      },
    });
    const { outcome, worked } = await retest({ ...context, incident, measurements });
    return { outcome, worked, loaded: loaded.length, sent: context.sent.length, first: loaded[0] };
  };
  it('asks for a part by its page once, for what breaks it may touch the page only', async () => {
    const first = [SITE, [part.url]];
    expect(await again('failed')).toEqual({ outcome: 'same-error', worked: 0, loaded: 1, sent: 0, first });
    expect(await again('loaded')).toEqual({ outcome: 'works', worked: 3, loaded: 1, sent: 2, first });
    expect(await again('not-asked')).toMatchObject({ outcome: 'works', worked: 3, sent: 3 });
    // What only the person's copy of the page asks for fails for everybody, and a page that is well without it now is well.
    expect(await again('not-asked', { ...part, isPageFromCache: true })).toMatchObject({ outcome: 'not-possible', sent: 0 });
    const before = { 'tab-replay': { plain: tab('failed'), pastCache: tab('not-asked') } };
    expect(await again('not-asked', part, before)).toMatchObject({ outcome: 'works', sent: 0 });
    expect(await again('no-page', part, before)).toMatchObject({ outcome: 'works', sent: 3 });
  });
});
