import { describe, expect, it } from 'vitest';
import type { Badge } from '../../src/background/badge';
import {
  createErrorWatcher,
  type NavigationErrorDetails,
  type PageDetails,
  type RequestErrorDetails,
  type TabFacts,
} from '../../src/background/error-watcher';
import { createIncidentStore } from '../../src/background/incident-store';
import type { Incident } from '../../src/model/incident';
import { createArea } from './area';

const PAGE = 'https://shop.test/cart';

/** A browser with tab 7 on a page, tab 8 private, tab 9 of ours, tab 10 in a container. */
function createWorld({
  isChromium = true,
  pendingUrl,
  answered = Promise.resolve(),
}: {
  isChromium?: boolean;
  pendingUrl?: string;
  answered?: Promise<void>;
} = {}) {
  const shown: [number, string][] = [];
  const cleared: number[] = [];
  const badge: Pick<Badge, 'show' | 'clear'> = {
    async show(incident: Incident) {
      shown.push([incident.tabId, incident.kind]);
    },
    async clear(tabId) {
      cleared.push(tabId);
    },
  };
  const tabs: Record<number, TabFacts> = {
    7: { url: PAGE, ...(pendingUrl !== undefined && { pendingUrl }) },
    8: { url: PAGE, incognito: true },
    9: { url: PAGE },
    10: { url: PAGE, cookieStoreId: 'firefox-container-1' },
  };
  const store = createIncidentStore(createArea());
  let nextId = 0;
  const watcher = createErrorWatcher({
    store,
    badge,
    tab: async (tabId) => {
      await answered;
      return tabs[tabId];
    },
    isProbeTab: async (tabId) => tabId === 9,
    ownBaseUrl: 'chrome-extension://us/',
    hasAutoReload: true,
    hasPendingUrl: isChromium,
    isAddressProof: isChromium,
    newId: () => `i${nextId++}`,
  });
  return { watcher, store, shown, cleared };
}
const request = (changes: Partial<RequestErrorDetails> = {}): RequestErrorDetails => ({
  requestId: '1',
  tabId: 7,
  url: PAGE,
  type: 'main_frame',
  method: 'GET',
  error: 'net::ERR_CONNECTION_RESET',
  timeStamp: 5_000,
  ...changes,
});
const navigation = (changes: Partial<NavigationErrorDetails> = {}): NavigationErrorDetails => ({
  tabId: 7,
  frameId: 0,
  url: PAGE,
  error: 'net::ERR_CONNECTION_RESET',
  timeStamp: 5_002,
  ...changes,
});

describe('the error watcher', () => {
  it("sets a page's badge again at webNavigation's event, for the error page wipes any earlier one", async () => {
    const { watcher, store, shown } = createWorld();
    await watcher.onRequestError(request());
    await watcher.onNavigationError(navigation());
    expect(shown).toEqual([
      [7, 'main-frame'],
      [7, 'main-frame'],
    ]);
    expect((await store.list()).map(({ count }) => count)).toEqual([1]);
  });

  it('writes a failure down before the load that follows it, however late the browser tells of the tab', async () => {
    let answer: () => void = () => undefined;
    const { watcher, store } = createWorld({
      answered: new Promise((resolve) => {
        answer = resolve;
      }),
    });
    const failed = watcher.onRequestError(request());
    const loaded = watcher.onPageLoad({ requestId: '2', tabId: 7, url: PAGE, timeStamp: 6_000 });
    // A turn in which the load could overtake it.
    await new Promise((resolve) => setImmediate(resolve));
    answer();
    await Promise.all([failed, loaded]);
    expect((await store.list())[0]?.mendedAtMs).toBe(6_000);
  });

  it('knows how long it took and what led there', async () => {
    const { watcher, store } = createWorld();
    watcher.onPageStart({ requestId: '1', tabId: 7, url: 'http://shop.test/cart', timeStamp: 4_900 });
    watcher.onPageRedirect({ requestId: '1', tabId: 7, url: 'http://shop.test/cart', timeStamp: 4_950 });
    watcher.onPageStart({ requestId: '1', tabId: 7, url: PAGE, timeStamp: 4_951 });
    await watcher.onRequestError(request());
    expect((await store.list())[0]).toMatchObject({ durationMs: 100, redirects: ['http://shop.test/cart'] });
  });

  it('knows where a tab was going whose first request is already for another address', async () => {
    const began = async (pendingUrl: string | undefined, isChromium = true) => {
      const { watcher, store } = createWorld({ isChromium, ...(pendingUrl !== undefined && { pendingUrl }) });
      watcher.onPageStart({ requestId: '1', tabId: 7, url: 'https://old.shop.test/cart', timeStamp: 4_900 });
      watcher.onPageRedirect({ requestId: '1', tabId: 7, url: 'https://old.shop.test/cart', timeStamp: 4_950 });
      await watcher.onRequestError(request());
      return (await store.list())[0]?.redirects;
    };
    const told = ['https://old.shop.test/cart'];
    expect(await began('https://shop.test/start#top')).toEqual(['https://shop.test/start', ...told]);
    // The same, or nothing but the browser's own turn into https.
    expect(await began('https://old.shop.test/cart#top')).toEqual(told);
    expect(await began('http://old.shop.test/cart')).toEqual(told);
    for (const other of [undefined, '', 'chrome://newtab/', 'view-source:https://shop.test/']) expect(await began(other)).toEqual(told);
    expect(await began('https://shop.test/start', false)).toEqual(told);
  });

  it('notes of a part how its page came', async () => {
    const page = { requestId: '1', tabId: 7, url: PAGE, timeStamp: 4_900 };
    const part = (changes: Partial<RequestErrorDetails> = {}) =>
      request({ requestId: '2', url: 'https://shop.test/app.js', type: 'script', frameId: 0, ...changes });
    const noted = async (isChromium: boolean, more: Partial<PageDetails>, changes: Partial<RequestErrorDetails> = {}) => {
      const { watcher } = createWorld({ isChromium });
      watcher.onPageStart(page);
      if (isChromium) await watcher.onPageLoad({ ...page, ...more });
      else watcher.onPageAnswer({ ...page, ...more });
      const { isPageFromCache, isPageSent, isInFrame } = (await watcher.onRequestError(part(changes))) ?? {};
      return { isPageFromCache, isPageSent, isInFrame };
    };
    const nothing = { isPageFromCache: undefined, isPageSent: undefined, isInFrame: undefined };
    for (const isChromium of [true, false]) {
      expect(await noted(isChromium, { fromCache: true })).toEqual({ ...nothing, isPageFromCache: true });
      expect(await noted(isChromium, {})).toEqual(nothing);
      // Another page is shown by now, or the part was asked for later, or is a picture, which may have been scrolled to.
      expect(await noted(isChromium, { fromCache: true, url: 'https://shop.test/other' })).toEqual(nothing);
      expect(await noted(isChromium, { fromCache: true }, { timeStamp: 60_000 })).toEqual(nothing);
      expect(await noted(isChromium, { fromCache: true }, { type: 'image' })).toEqual(nothing);
      expect(await noted(isChromium, { fromCache: true }, { frameId: 4 })).toEqual({ ...nothing, isInFrame: true });
      expect(await noted(isChromium, { method: 'POST' })).toEqual({ ...nothing, isPageSent: true });
    }
  });

  describe('takes an end without a reason', () => {
    const end = (changes: Partial<RequestErrorDetails> = {}) => request({ error: 'NS_ERROR_ABORT', ...changes });
    const page = (requestId: string, timeStamp: number, tabId = 7) => ({ requestId, tabId, url: PAGE, timeStamp });
    it('for a reset once the request of a page has left and nothing came back', async () => {
      const { watcher, store, shown } = createWorld({ isChromium: false });
      watcher.onPageStart(page('1', 4_900));
      watcher.onPageStart(page('2', 4_950, 3));
      watcher.onPageSent(page('1', 4_910));
      const incident = await watcher.onRequestError(end());
      await watcher.onNavigationError(navigation({ error: 'Error code 2147500036' }));
      expect(incident).toMatchObject({ error: { raw: 'NS_ERROR_ABORT', failure: 'reset-or-close' }, durationMs: 100, count: 1 });
      expect(shown).toEqual([[7, 'main-frame']]);
      // Once more, a minute later: the same incident.
      watcher.onPageStart(page('3', 66_000));
      watcher.onPageSent(page('3', 66_010));
      await watcher.onRequestError(end({ requestId: '3', timeStamp: 66_100 }));
      expect((await store.list()).map(({ count }) => count)).toEqual([2]);
    });
    it.each<[string, (watcher: ReturnType<typeof createWorld>['watcher']) => void, Partial<RequestErrorDetails>?]>([
      ['another extension stopped it before it left', () => undefined],
      [
        'another extension stopped it at its answer',
        (watcher) => {
          watcher.onPageSent(page('1', 4_910));
          watcher.onPageHeadersReceived(page('1', 4_920));
        },
      ],
      [
        'another navigation took its place',
        (watcher) => {
          watcher.onPageSent(page('1', 4_910));
          watcher.onPageStart(page('2', 4_990));
        },
      ],
      ['it is a part of a page', (watcher) => watcher.onPageSent(page('1', 4_910)), { type: 'xmlhttprequest' }],
      ['the person stopped it', (watcher) => watcher.onPageSent(page('1', 4_910)), { error: 'NS_BINDING_ABORTED' }],
    ])('for nothing where %s', async (_, before, changes) => {
      const { watcher, store, shown } = createWorld({ isChromium: false });
      watcher.onPageStart(page('1', 4_900));
      before(watcher);
      expect(await watcher.onRequestError(end(changes))).toBeUndefined();
      expect([await store.list(), shown]).toEqual([[], []]);
    });
    it('for nothing where its beginning was not heard', async () => {
      const { watcher, store } = createWorld({ isChromium: false });
      await watcher.onRequestError(end());
      expect(await store.list()).toEqual([]);
    });
  });

  it.each([
    ['Chromium, an address', true, { ip: '192.0.2.7' }, 'response-started'],
    ['Firefox, an address', false, { ip: '192.0.2.7', responseSize: 0 }, 'unknown-before-headers'],
    ['Firefox, bytes of an answer', false, { ip: '192.0.2.7', responseSize: 20_152 }, 'response-started'],
  ] as const)('knows the phase by what is certain: %s', async (_name, isChromium, details, phase) => {
    const { watcher, store } = createWorld({ isChromium });
    await watcher.onRequestError(request(details));
    expect((await store.list())[0]?.phase).toBe(phase);
  });

  it('knows that an answer had begun where it heard so', async () => {
    const { watcher, store } = createWorld({ isChromium: false });
    watcher.onPageStart({ requestId: '1', tabId: 7, url: PAGE, timeStamp: 4_900 });
    watcher.onPageAnswer({ requestId: '1', tabId: 7, url: PAGE, timeStamp: 4_950 });
    await watcher.onRequestError(request({ error: 'NS_ERROR_NET_RESET' }));
    expect((await store.list())[0]).toMatchObject({ phase: 'response-started', error: { failure: 'reset' } });
  });

  it.each([
    ['an abort', request({ error: 'net::ERR_ABORTED' })],
    ["Firefox's abort", request({ error: 'NS_BINDING_ABORTED' })],
    ['a private tab', request({ tabId: 8 })],
    ['a private request in Firefox', request({ incognito: true })],
    ['a container tab', request({ tabId: 10 })],
    ['a request of a container', request({ cookieStoreId: 'firefox-container-2' })],
    ['a probe tab of ours', request({ tabId: 9 })],
    ['a tab that is gone', request({ tabId: 404 })],
    ['no tab, as our own requests', request({ tabId: -1 })],
    ['a request of our own page in a tab', request({ type: 'xmlhttprequest', initiator: 'chrome-extension://us' })],
    ['a page of the browser', request({ url: 'chrome://settings/' })],
    [
      'an image that another extension blocks',
      request({ type: 'image', url: 'https://ads.test/a.png', error: 'net::ERR_BLOCKED_BY_CLIENT' }),
    ],
    ['an image that is refused', request({ type: 'image', url: 'https://cdn.test/a.png', error: 'net::ERR_CONNECTION_REFUSED' })],
    ['a fetch without CORS', request({ type: 'xmlhttprequest', url: 'https://api.test/', error: 'net::ERR_FAILED' })],
  ])('leaves out %s', async (_name, details) => {
    const { watcher, store, shown } = createWorld();
    await watcher.onRequestError(details);
    expect(await store.list()).toEqual([]);
    expect(shown).toEqual([]);
  });

  it.each(['Error code 2152398850', 'Error code 2147500036', 'net::ERR_ABORTED'])("leaves out webNavigation's %s", async (error) => {
    const { watcher, store } = createWorld();
    await watcher.onNavigationError(navigation({ error }));
    expect(await store.list()).toEqual([]);
  });

  it.each([
    ['refused', 'net::ERR_CONNECTION_REFUSED'],
    ['certificate', 'net::ERR_CERT_AUTHORITY_INVALID'],
    ['blocked-by-client', 'net::ERR_BLOCKED_BY_CLIENT'],
  ])('keeps a page that is %s, by its own name', async (failure, error) => {
    const { watcher, store } = createWorld();
    await watcher.onRequestError(request({ error }));
    await watcher.onNavigationError(navigation({ error }));
    expect((await store.list()).map((incident) => incident.error.failure)).toEqual([failure]);
  });

  it("counts a page's reset resources, fetches and WebSockets towards its tab, and badges at once", async () => {
    const { watcher, store, shown } = createWorld();
    await watcher.onRequestError(request({ type: 'image', url: 'https://cdn.test/a.png' }));
    await watcher.onRequestError(request({ type: 'xmlhttprequest', url: 'https://api.test/save', method: 'POST' }));
    await watcher.onRequestError(request({ type: 'websocket', url: 'wss://live.test/', error: 'net::ERR_FAILED' }));
    expect((await store.ofTab(7)).map(({ kind, pageUrl, method }) => [kind, pageUrl, method])).toEqual([
      ['fetch', PAGE, 'POST'],
      ['sub-resource', PAGE, 'GET'],
      ['websocket', PAGE, 'GET'],
    ]);
    expect(shown).toHaveLength(2);
  });

  it('mends and clears when the page loads', async () => {
    const { watcher, store, cleared } = createWorld();
    await watcher.onNavigationError(navigation());
    await watcher.onPageLoad({ requestId: '2', tabId: 7, url: PAGE, timeStamp: 9_000 });
    expect((await store.list()).map(({ mendedAtMs }) => mendedAtMs)).toEqual([9_000]);
    expect(cleared).toEqual([7]);
  });

  it('touches nothing when a page loads in a tab that never failed', async () => {
    const { watcher, cleared } = createWorld();
    await watcher.onPageLoad({ requestId: '2', tabId: 7, url: PAGE, timeStamp: 9_000 });
    expect(cleared).toEqual([]);
  });

  it('keeps nothing in mind without end', async () => {
    const { watcher, store } = createWorld();
    for (let at = 0; at < 1_000; at += 1) watcher.onPageStart({ requestId: String(at), tabId: 7, url: PAGE, timeStamp: at });
    await watcher.onRequestError(request({ requestId: '999', timeStamp: 1_999 }));
    await watcher.onRequestError(request({ requestId: '0', url: 'https://first.test/', timeStamp: 2_000 }));
    expect((await store.list()).map(({ durationMs }) => durationMs)).toEqual([undefined, 1_000]);
  });
});
