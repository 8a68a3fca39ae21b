import { describe, expect, it } from 'vitest';
import { createIncidentStore } from '../../src/background/incident-store';
import { glance, INCIDENTS_KEY } from '../../src/messaging/glance';
import { createArea } from '../background/area';

const HOUR_MS = 3_600_000;
const T = 1_800_000_000_000;

/** What the worker really writes after these failures. */
async function written(failures: readonly { tabId: number; url: string; atMs: number; kind?: 'main-frame' | 'sub-resource' }[]) {
  const area = createArea();
  const store = createIncidentStore(area);
  for (const [at, { tabId, url, atMs, kind = 'main-frame' }] of failures.entries()) {
    await store.sight(
      { source: 'webRequest', tabId, url, pageUrl: url, kind, raw: 'net::ERR_CONNECTION_RESET', atMs, redirects: [] },
      { newId: `i${at}`, hasAutoReload: true },
    );
  }
  return { store, stored: () => area.items[INCIDENTS_KEY] };
}

describe('a glance at what the worker wrote down', () => {
  it("finds the tab's own failure, the newest first, and no other tab's", async () => {
    const { stored } = await written([
      { tabId: 7, url: 'https://old.test/', atMs: T },
      { tabId: 8, url: 'https://other.test/', atMs: T + 2 * HOUR_MS },
      { tabId: 7, url: 'https://shop.test/', atMs: T + HOUR_MS },
    ]);
    expect(glance(stored(), { id: 7 })?.host).toBe('shop.test');
    expect(glance(stored(), { id: 9 })).toBeUndefined();
  });

  it('leaves out what mended, what the tab has left, and parts of a page', async () => {
    const { store, stored } = await written([
      { tabId: 7, url: 'https://shop.test/', atMs: T },
      { tabId: 8, url: 'https://shop.test/', atMs: T },
      { tabId: 9, url: 'https://cdn.test/a.js', atMs: T, kind: 'sub-resource' },
    ]);
    await store.load({ tabId: 7, url: 'https://shop.test/', redirects: [], atMs: T + 5000 });
    expect(glance(stored(), { id: 7 })).toBeUndefined();
    expect(glance(stored(), { id: 8, url: 'https://news.test/' })).toBeUndefined();
    expect(glance(stored(), { id: 8, url: 'https://shop.test/cart' })?.host).toBe('shop.test');
    expect(glance(stored(), { id: 8, url: 'about:blank' })?.host).toBe('shop.test');
    expect(glance(stored(), { id: 9 })).toBeUndefined();
  });

  it.each([undefined, null, 'x', {}, [null], [{}], [{ incident: null }], [{ incident: { tabId: 7, kind: 'main-frame', host: 3 } }]])(
    'says nothing of a wrong shape: %j',
    (stored) => {
      expect(glance(stored, { id: 7 })).toBeUndefined();
    },
  );
});
