import { describe, expect, it } from 'vitest';
import type { BrowserApi, NavigationDetails, RequestDetails, RequestListener } from '../../src/background/doors/browser-api';
import type { ListenerLedger, RequestEvent } from '../../src/background/doors/listener-ledger';
import { watchPart } from '../../src/background/doors/part-watch';

const PAGE = 'https://shop.test/cart';
const PART = 'https://shop.test/static/app.7.js?v=1';

/** A watch over tab 9, and how to make the browser's events. */
function watching(urls: readonly string[] = [PART]) {
  const heard = new Map<RequestEvent, RequestListener>();
  let loaded: ((details: NavigationDetails) => void) | undefined;
  const ledger: ListenerLedger = {
    hear(event, listener) {
      heard.set(event, listener);
      return () => heard.delete(event);
    },
    settled: async () => undefined,
  };
  const api = {
    webNavigation: {
      onCompleted: {
        addListener: (listener: (details: NavigationDetails) => void) => {
          loaded = listener;
        },
        removeListener: () => {
          loaded = undefined;
        },
      },
    },
  } as unknown as BrowserApi;
  const watch = watchPart({ api, engine: 'chromium', ledger, hasHostAccess: true, signal: new AbortController().signal }, 9, urls);
  const tell = (event: RequestEvent, requestId: string, url: string, more: Partial<RequestDetails> = {}) =>
    heard.get(event)?.({ requestId, url, method: 'GET', tabId: 9, type: 'script', timeStamp: 0, ...more });
  return {
    watch,
    tell,
    heard,
    load: (frameId = 0) => loaded?.({ tabId: 9, frameId, url: PAGE, timeStamp: 0 }),
    isHearingLoads: () => loaded,
  };
}
const isSettled = async (promise: Promise<void>) =>
  Promise.race([promise.then(() => true), new Promise((done) => setTimeout(done, 0, false))]);

describe('watching a part of a page', () => {
  it('tells what the part failed with, and what it carried', async () => {
    const { watch, tell } = watching();
    tell('onBeforeRequest', '1', PAGE, { type: 'main_frame' });
    tell('onBeforeRequest', '2', PART);
    tell('onSendHeaders', '2', PART, { requestHeaders: [{ name: 'Cookie', value: 'a=1' }] });
    expect([watch.attempt().outcome, await isSettled(watch.decided)]).toEqual(['timed-out', false]);
    tell('onErrorOccurred', '2', PART, { error: 'net::ERR_CONNECTION_RESET' });
    expect(await isSettled(watch.decided)).toBe(true);
    expect(watch.attempt()).toMatchObject({ outcome: 'failed', error: { failure: 'reset' }, cookieBytes: 3, finalUrl: PART });
  });
  it('calls a break after headers one in the middle of the answer', () => {
    const { watch, tell } = watching();
    tell('onResponseStarted', '2', PART, { ip: '192.0.2.1', statusCode: 200 });
    tell('onBeforeRequest', '2', PART);
    tell('onResponseStarted', '2', PART, { ip: '192.0.2.1', statusCode: 200 });
    tell('onErrorOccurred', '2', PART, { error: 'net::ERR_CONNECTION_RESET' });
    expect(watch.attempt()).toMatchObject({ outcome: 'failed', status: 200, ip: '192.0.2.1' });
  });
  it('says that it was not asked for, also where the page asks for another', async () => {
    const { watch, tell, load } = watching();
    tell('onCompleted', '3', 'https://shop.test/static/app.8.js?v=1');
    load(2);
    expect(await isSettled(watch.shown)).toBe(false);
    load();
    expect([await isSettled(watch.shown), watch.attempt().outcome, await isSettled(watch.decided)]).toEqual([true, 'not-asked', false]);
  });
  it('knows a part again that is marked anew each time, if it is the only one of that path', () => {
    const { watch, tell } = watching();
    tell('onCompleted', '4', 'https://shop.test/static/app.7.js?v=2');
    expect(watch.attempt().outcome).toBe('loaded');
    tell('onErrorOccurred', '5', 'https://shop.test/static/app.7.js?v=3', { error: 'net::ERR_CONNECTION_RESET' });
    expect(watch.attempt().outcome).toBe('not-asked');
    tell('onCompleted', '6', PART, { fromCache: true });
    expect(watch.attempt()).toMatchObject({ outcome: 'loaded', isFromCache: true });
  });
  it('follows who led the part there, and why', () => {
    const from = 'https://shop.test/lib.js';
    const { watch, tell } = watching();
    tell('onBeforeRequest', '7', from);
    tell('onBeforeRedirect', '7', from, { responseHeaders: [{ name: 'Non-Authoritative-Reason', value: 'WebRequest API' }] });
    tell('onBeforeRequest', '7', PART);
    tell('onErrorOccurred', '7', PART, { error: 'net::ERR_CONNECTION_CLOSED' });
    expect(watch.attempt()).toMatchObject({ outcome: 'failed', redirects: [from], redirectReasons: ['WebRequest API'] });
  });
  it('sees an origin that is not the page’s', () => {
    const origin = (value: string, more: Partial<RequestDetails>) => {
      const { watch, tell } = watching();
      tell('onSendHeaders', '2', PART, { requestHeaders: [{ name: 'Origin', value }], ...more });
      return watch.attempt().requestHeaders[0]?.isForeign;
    };
    expect(origin('https://shop.test', { originUrl: PAGE })).toBeUndefined();
    expect(origin('null', { originUrl: PAGE })).toBeUndefined();
    expect(origin('https://other.test', { originUrl: PAGE })).toBe(true);
    expect(origin('https://other.test', { initiator: 'https://shop.test' })).toBe(true);
    expect(origin('https://other.test', {})).toBeUndefined();
  });
  it('takes what the browser cancels itself for no failure, and hears nothing once closed', async () => {
    const { watch, tell, heard, isHearingLoads } = watching();
    tell('onBeforeRequest', '2', PART);
    tell('onErrorOccurred', '2', PART, { error: 'net::ERR_ABORTED' });
    expect([watch.attempt().outcome, await isSettled(watch.decided)]).toEqual(['timed-out', false]);
    watch.close();
    expect([heard.size, isHearingLoads()]).toEqual([0, undefined]);
  });
});
