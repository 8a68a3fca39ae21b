import { describe, expect, it } from 'vitest';
import type { BrowserApi, NavigationDetails, RequestDetails, RequestListener } from '../../src/background/doors/browser-api';
import type { ListenerLedger, RequestEvent } from '../../src/background/doors/listener-ledger';
import { isForeignToPages, watchPart } from '../../src/background/doors/part-watch';

const PAGE = 'https://shop.test/cart';
const PART = 'https://shop.test/static/app.7.js?v=1';

/** A watch over tab 9, and how to make the browser's events. */
function watching({ urls = [PART], isReload = false }: { urls?: readonly string[]; isReload?: boolean } = {}) {
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
  const watch = watchPart(
    { api, engine: 'chromium', ledger, hasHostAccess: true, signal: new AbortController().signal },
    9,
    urls,
    isReload,
  );
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
  it('takes Firefox’s reset for a reset once headers have come', () => {
    const failing = (hasHeaders: boolean) => {
      const { watch, tell } = watching();
      tell('onBeforeRequest', '2', PART);
      if (hasHeaders) tell('onResponseStarted', '2', PART, { ip: '192.0.2.1', statusCode: 200 });
      tell('onErrorOccurred', '2', PART, { error: 'NS_ERROR_NET_RESET' });
      const { error, status, ip } = watch.attempt();
      return [error?.failure, status, ip];
    };
    expect(failing(true)).toEqual(['reset', 200, '192.0.2.1']);
    expect(failing(false)).toEqual(['reset-or-close', undefined, undefined]);
  });
  it('hears nothing of what the page sends, asks leave for, or did before it was loaded again', () => {
    const { watch, tell } = watching();
    tell('onBeforeRequest', '2', PART, { method: 'OPTIONS' });
    tell('onCompleted', '2', PART, { method: 'OPTIONS' });
    tell('onBeforeRequest', '3', PART, { method: 'POST' });
    expect(watch.attempt().outcome).toBe('not-asked');
    const again = watching({ isReload: true });
    again.tell('onBeforeRequest', '2', PART);
    again.tell('onErrorOccurred', '2', PART, { error: 'net::ERR_CONNECTION_RESET' });
    again.load();
    expect(again.watch.attempt().outcome).toBe('not-asked');
    again.tell('onResponseStarted', '1', PAGE, { type: 'main_frame' });
    again.tell('onErrorOccurred', '2', PART, { error: 'net::ERR_CONNECTION_RESET' });
    expect(again.watch.attempt().outcome).toBe('not-asked');
    again.tell('onBeforeRequest', '4', PART);
    again.tell('onCompleted', '4', PART);
    expect(again.watch.attempt().outcome).toBe('loaded');
  });
  it('finds the part among many of its path', () => {
    const { watch, tell } = watching();
    for (let n = 0; n < 30; n += 1) tell('onBeforeRequest', `${n}`, `https://shop.test/static/app.7.js?v=${n + 100}`);
    tell('onBeforeRequest', '50', PART);
    tell('onCompleted', '50', PART);
    expect(watch.attempt().outcome).toBe('loaded');
  });
  it('waits for what was asked for, marked anew or not, and for nothing else', async () => {
    const { watch, tell } = watching();
    expect(await isSettled(watch.over())).toBe(true);
    tell('onBeforeRequest', '4', 'https://shop.test/static/app.7.js?v=2');
    const over = watch.over();
    expect(await isSettled(over)).toBe(false);
    tell('onCompleted', '4', 'https://shop.test/static/app.7.js?v=2');
    expect(await isSettled(over)).toBe(true);
  });
  it('says that it was not asked for, also where the page asks for another', async () => {
    const { watch, tell, load } = watching();
    tell('onBeforeRequest', '3', 'https://shop.test/static/app.8.js?v=1');
    tell('onCompleted', '3', 'https://shop.test/static/app.8.js?v=1');
    load(2);
    expect(await isSettled(watch.shown)).toBe(false);
    load();
    expect([await isSettled(watch.shown), watch.attempt().outcome, await isSettled(watch.decided)]).toEqual([true, 'not-asked', false]);
  });
  it('knows a part again that is marked anew each time, if it is the only one of that path', () => {
    const { watch, tell } = watching();
    tell('onBeforeRequest', '4', 'https://shop.test/static/app.7.js?v=2');
    tell('onCompleted', '4', 'https://shop.test/static/app.7.js?v=2');
    expect(watch.attempt().outcome).toBe('loaded');
    tell('onBeforeRequest', '5', 'https://shop.test/static/app.7.js?v=3');
    expect(watch.attempt().outcome).toBe('not-asked');
    tell('onBeforeRequest', '6', PART);
    tell('onCompleted', '6', PART, { fromCache: true });
    expect(watch.attempt()).toMatchObject({ outcome: 'loaded', isFromCache: true });
  });
  it('takes several of one path for the part where all of them fail', () => {
    const { watch, tell } = watching();
    for (const id of ['4', '5']) {
      tell('onBeforeRequest', id, `https://shop.test/static/app.7.js?v=${id}`);
      tell('onErrorOccurred', id, `https://shop.test/static/app.7.js?v=${id}`, { error: 'net::ERR_CONNECTION_RESET' });
    }
    expect(watch.attempt()).toMatchObject({ outcome: 'failed', error: { failure: 'reset' } });
    tell('onBeforeRequest', '6', 'https://shop.test/static/app.7.js?v=6');
    tell('onCompleted', '6', 'https://shop.test/static/app.7.js?v=6');
    expect(watch.attempt().outcome).toBe('not-asked');
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
  it('sees a token that no browser sends by itself, and what no browser asks a page for', () => {
    const token = (type: string) => {
      const { watch, tell } = watching();
      tell('onSendHeaders', '2', PART, { requestHeaders: [{ name: 'Authorization', value: 'Bearer abc' }], type });
      return watch.attempt().requestHeaders[0]?.isForeign;
    };
    expect([token('image'), token('xmlhttprequest')]).toEqual([true, undefined]);
    expect(isForeignToPages('Accept', 'image/webp')).toBe(true);
    expect(isForeignToPages('accept', 'text/html,application/xhtml+xml')).toBe(false);
    expect([isForeignToPages('Authorization', 'Basic YTpi'), isForeignToPages('authorization', 'bearer x')]).toEqual([false, true]);
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
