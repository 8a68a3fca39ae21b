import { describe, expect, it } from 'vitest';
import { tryUrl } from '../../src/background/trial';
import type { ExchangeRequest } from '../../src/model/exchange';
import type { TabAttempt } from '../../src/model/measurement';
import { answer, contextOf, failure } from '../probes/fake-context';

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
