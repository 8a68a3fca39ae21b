import { describe, expect, it } from 'vitest';
import type { BrowserApi, RequestDetails, RequestListener } from '../../src/background/doors/browser-api';
import type { RequestEvent } from '../../src/background/doors/listener-ledger';
import { createSiteBudget } from '../../src/background/doors/site-budget';
import { createSocketDoor } from '../../src/background/doors/socket-door';

const PAGE = 'https://shop.test/cart?a=1';
const OWN = 'moz-extension://us/';

/** A door over a browser that does `happens` once a handshake begins. */
function doorTo(
  happens: (tell: (event: RequestEvent, more?: Partial<RequestDetails>) => unknown) => void,
  limit = 20,
  refused?: RequestEvent,
) {
  const heard = new Set<readonly [RequestEvent, RequestListener, readonly string[]]>();
  const opened: string[] = [];
  const closed: string[] = [];
  const budget = createSiteBudget({ host: 'shop.test', limit, hasLargerBurst: () => false });
  const tell = (event: RequestEvent, more: Partial<RequestDetails> = {}) => {
    const [[, listener, extra] = []] = [...heard].filter(([of]) => of === event);
    const left = listener?.({
      requestId: '1',
      url: 'wss://shop.test/cart?a=1',
      method: 'GET',
      tabId: -1,
      type: 'websocket',
      timeStamp: 0,
      originUrl: `${OWN}page.html`,
      ...more,
    });
    // What a listener wishes counts only where it may block.
    return extra?.includes('blocking') ? left : undefined;
  };
  const stop = new AbortController();
  const handshake = createSocketDoor({
    api: { runtime: { getURL: () => OWN } } as unknown as BrowserApi,
    ledger: {
      hear(event, listener, _filter, extra = []) {
        if (event === refused)
          throw new Error("Using webRequest.addListener with the blocking option requires the 'webRequestBlocking' permission.");
        const one = [event, listener, extra] as const;
        heard.add(one);
        return () => heard.delete(one);
      },
      settled: async () => undefined,
    },
    budget,
    classify: (raw) => ({ raw, failure: 'reset-or-close' }),
    signal: stop.signal,
    open(address) {
      opened.push(address);
      happens(tell);
      return { close: () => void closed.push(address), addEventListener: () => undefined };
    },
  });
  return {
    ask: () => handshake({ url: `${PAGE}#top`, timeoutMs: 20 }),
    opened,
    budget,
    stop,
    left: () => heard.size,
    closed: () => closed.length,
  };
}

describe('the handshake of a WebSocket', () => {
  it('tells whatever the site answers, and is over with it', async () => {
    const door = doorTo(
      (tell) => void tell('onHeadersReceived', { statusCode: 404, statusLine: 'HTTP/1.1 404 Not Found', ip: '192.0.2.1', proxyInfo: null }),
    );
    expect(await door.ask()).toMatchObject({ outcome: 'response', status: 404, protocol: 'http/1.1', ip: '192.0.2.1' });
    expect([door.opened, door.left(), door.closed(), door.budget.spent()]).toEqual([['wss://shop.test/cart?a=1'], 0, 1, 1]);
  });
  it('tells by which version and by which proxy the answer came', async () => {
    const told = (more: Partial<RequestDetails>) => doorTo((tell) => void tell('onHeadersReceived', { statusCode: 200, ...more })).ask();
    // As Firefox writes it where the server takes WebSockets by HTTP/2.
    expect(await told({ statusLine: 'HTTP/2.0 200 ' })).toMatchObject({ status: 200, protocol: 'h2' });
    expect(await told({ statusLine: 'HTTP/1.1 200 OK', proxyInfo: { type: 'direct' } })).not.toHaveProperty('proxy');
    const proxyInfo = { type: 'socks', host: '192.0.2.9', port: '1080' };
    expect(await told({ proxyInfo })).toMatchObject({ proxy: { type: 'socks', host: '192.0.2.9', port: 1080 } });
  });
  it('tells the error, by name', async () => {
    const door = doorTo((tell) => void tell('onErrorOccurred', { error: 'NS_ERROR_NET_RESET' }));
    expect(await door.ask()).toMatchObject({ outcome: 'failure', error: { raw: 'NS_ERROR_NET_RESET' }, hadHeaders: false });
  });
  it('carries no cookie, and the site as its origin', async () => {
    let left: unknown;
    const door = doorTo((tell) => {
      const requestHeaders = [
        { name: 'Host', value: 'shop.test' },
        { name: 'Cookie', value: 'a=1' },
        { name: 'origin', value: 'moz-extension://us' },
      ];
      left = tell('onBeforeSendHeaders', { requestHeaders });
      tell('onHeadersReceived', { statusCode: 200 });
    });
    await door.ask();
    expect(left).toEqual({
      requestHeaders: [
        { name: 'Host', value: 'shop.test' },
        { name: 'Origin', value: 'https://shop.test' },
      ],
    });
  });
  it('keeps no cookie of the answer, and the rest of it as it is', async () => {
    let left: unknown;
    const responseHeaders = [
      { name: 'Set-Cookie', value: 'session=new' },
      { name: 'set-cookie', value: 'other=1' },
      { name: 'Content-Length', value: '0' },
    ];
    const door = doorTo((tell) => {
      expect(tell('onHeadersReceived', { statusCode: 200, responseHeaders, tabId: 4 })).toBeUndefined();
      left = tell('onHeadersReceived', { statusCode: 404, responseHeaders });
    });
    expect(await door.ask()).toMatchObject({ outcome: 'response', status: 404 });
    expect(left).toEqual({ responseHeaders: [{ name: 'Content-Length', value: '0' }] });
  });
  it('hears nothing of anybody else’s', async () => {
    const door = doorTo((tell) => {
      tell('onHeadersReceived', { statusCode: 200, tabId: 4 });
      tell('onHeadersReceived', { statusCode: 200, originUrl: 'https://shop.test/' });
      tell('onHeadersReceived', { statusCode: 200, url: 'wss://shop.test/other' });
    });
    expect(await door.ask()).toMatchObject({ outcome: 'timed-out' });
  });
  it('hears nothing of the one before, whose end is told late', async () => {
    let asked = 0;
    const door = doorTo((tell) => {
      asked += 1;
      if (asked === 2) tell('onErrorOccurred', { requestId: '1', error: 'NS_ERROR_ABORT' });
      tell('onHeadersReceived', { requestId: String(asked), statusCode: 200 });
    });
    expect(await door.ask()).toMatchObject({ outcome: 'response' });
    expect(await door.ask()).toMatchObject({ outcome: 'response' });
  });
  it('keeps to the number of requests, stops where the site asks for it, and ends with the probe', async () => {
    const none = doorTo(() => undefined, 0);
    expect([await none.ask(), none.opened]).toMatchObject([{ outcome: 'refused-by-us', reason: 'budget' }, []]);
    const busy = doorTo((tell) => void tell('onHeadersReceived', { statusCode: 429 }));
    await busy.ask();
    expect(busy.budget.left()).toBe(0);
    const patient = doorTo((tell) => void tell('onHeadersReceived', { responseHeaders: [{ name: 'Retry-After', value: '9' }] }));
    await patient.ask();
    expect(patient.budget.left()).toBe(0);
    const stopped = doorTo(() => stopped.stop.abort());
    expect(await stopped.ask()).toMatchObject({ outcome: 'cancelled' });
  });
  it('sends nothing and leaves nothing behind where the permission was taken back meanwhile', async () => {
    for (const refused of ['onBeforeSendHeaders', 'onHeadersReceived'] as const) {
      // As many as may go at once, and more: a place that is kept would hold up the next.
      const door = doorTo(() => undefined, 20, refused);
      for (let n = 0; n < 8; n += 1) expect(await door.ask()).toMatchObject({ outcome: 'cancelled' });
      expect([door.opened, door.left()]).toEqual([[], 0]);
    }
  });
});
