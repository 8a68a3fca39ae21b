import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BrowserApi, RequestDetails, RequestListener } from '../../src/background/doors/browser-api';
import { createListenerLedger } from '../../src/background/doors/listener-ledger';
import { createRuleLanes } from '../../src/background/doors/rule-lanes';
import { createSiteBudget } from '../../src/background/doors/site-budget';
import { protocolOf } from '../../src/background/event-tap';
import { createRequester } from '../../src/background/requester';
import type { ExchangeRequest } from '../../src/model/exchange';
import { classifyOwn } from '../../src/net-errors';

const ORIGIN = 'chrome-extension://own';
const SITE = 'https://shop.example/cart';

/** An event that remembers who listens, and with which filter. */
function createEvent() {
  const listeners = new Map<unknown, readonly unknown[]>();
  return {
    listeners,
    addListener: (listener: unknown, ...extra: readonly unknown[]) => listeners.set(listener, extra),
    removeListener: (listener: unknown) => listeners.delete(listener),
    fire: (details: Partial<RequestDetails>) => {
      for (const listener of [...listeners.keys()]) (listener as RequestListener)(details as RequestDetails);
    },
  };
}

type Answer = (call: {
  url: string;
  init: RequestInit;
  fire: (event: string, more?: Partial<RequestDetails>) => void;
}) => Promise<Response>;

/** A browser whose fetches are answered by `reply`; events are fired by the reply itself. */
function createWorld(
  reply: Answer,
  options: {
    hasAccess?: boolean;
    hasRules?: boolean;
    host?: string;
    rulesLeft?: { id: number }[];
    isOtherJar?: boolean;
    engine?: 'chromium' | 'gecko';
  } = {},
) {
  const names = [
    'onBeforeRequest',
    'onBeforeSendHeaders',
    'onSendHeaders',
    'onHeadersReceived',
    'onBeforeRedirect',
    'onResponseStarted',
    'onCompleted',
    'onErrorOccurred',
  ];
  const events = Object.fromEntries(names.map((name) => [name, createEvent()]));
  const stored: Record<string, unknown> = {};
  const rules: unknown[] = [];
  const contains = vi.fn(async (wanted: { permissions?: string[] }) =>
    wanted.permissions ? options.hasRules === true : options.hasAccess !== false,
  );
  const other = createEvent();
  const api = {
    runtime: { id: 'own', getURL: () => `${ORIGIN}/`, getPlatformInfo: async () => ({}) },
    webRequest: events,
    webNavigation: { onBeforeNavigate: other, onErrorOccurred: other, onCompleted: other },
    tabs: { onRemoved: other },
    proxy: {},
    permissions: { contains },
    storage: {
      session: {
        get: async (key: string) => ({ [key]: stored[key] }),
        set: async (items: Record<string, unknown>) => {
          Object.assign(stored, items);
        },
      },
    },
    declarativeNetRequest: {
      getSessionRules: async () => options.rulesLeft ?? [],
      updateSessionRules: async (change: unknown) => {
        rules.push(change);
      },
    },
  } as unknown as BrowserApi;
  const budget = createSiteBudget({ host: options.host ?? 'shop.example', hasLargerBurst: () => false });
  let ids = 0;
  const fakeFetch = (async (url: string, init: RequestInit) => {
    const requestId = `r${++ids}`;
    const fire = (event: string, more: Partial<RequestDetails> = {}) =>
      events[event]?.fire({
        requestId,
        url,
        method: init.method ?? 'GET',
        tabId: -1,
        initiator: ORIGIN,
        originUrl: `${ORIGIN}/worker.js`,
        type: 'xmlhttprequest',
        timeStamp: 0,
        ...more,
      });
    fire('onBeforeRequest');
    fire('onSendHeaders', { requestHeaders: [{ name: 'Cookie', value: 'a=1; b=2' }] });
    return reply({ url, init, fire });
  }) as typeof fetch;
  const ruleLanes = createRuleLanes({ api, now: () => 0 });
  const ledger = createListenerLedger(api);
  const another = () =>
    createRequester({
      api,
      engine: options.engine ?? 'chromium',
      ledger,
      lanes: ruleLanes.open(),
      isOtherJar: () => options.isOtherJar === true,
      classify: classifyOwn,
      budget,
      fetch: fakeFetch,
    });
  const requester = another();
  return { requester, another, api, budget, events, rules, stored, contains };
}
const get = (more: Partial<ExchangeRequest> = {}): ExchangeRequest => ({ url: SITE, party: 'failing-site', ...more });
const rejecting =
  (error: string, afterMs: number): Answer =>
  async ({ fire }) => {
    setTimeout(() => fire('onErrorOccurred', { error }), afterMs);
    throw new TypeError('Failed to fetch');
  };

afterEach(() => {
  vi.useRealTimers();
});

describe('the requester', () => {
  it('learns the real error, which comes after the rejection', async () => {
    const { requester } = createWorld(rejecting('net::ERR_CONNECTION_RESET', 2));
    expect(await requester.request(get())).toMatchObject({
      outcome: 'failure',
      error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
      hadHeaders: false,
      cookieBytes: 8,
    });
  });

  it.each([
    ['gecko', 2],
    ['chromium', 1],
  ] as const)('in %s sends %i times what was lost with its connection, and counts each', async (engine, times) => {
    let asked = 0;
    const reply = rejecting('NS_ERROR_ABORT', 0);
    const { requester, budget } = createWorld(
      (call) => {
        asked += 1;
        return reply(call);
      },
      { engine },
    );
    expect(await requester.request(get())).toMatchObject({ outcome: 'failure', error: { failure: 'reset-or-close' } });
    expect([asked, budget.spent()]).toEqual([times, times]);
  });
  it('does not wait for ever for an error that never comes', async () => {
    const { requester } = createWorld(async () => {
      throw new TypeError('Failed to fetch');
    });
    expect(await requester.request(get())).toMatchObject({ outcome: 'failure', error: { failure: 'failed' } });
  });

  it('keeps the errors of two requests to one URL apart', async () => {
    let calls = 0;
    const { requester } = createWorld(async (call) => {
      calls += 1;
      return rejecting(calls === 1 ? 'net::ERR_CONNECTION_RESET' : 'net::ERR_EMPTY_RESPONSE', calls === 1 ? 8 : 1)(call);
    });
    const both = await Promise.all([requester.request(get()), requester.request(get())]);
    expect(both.map((exchange) => exchange.outcome === 'failure' && exchange.error.failure)).toEqual(['reset', 'empty-response']);
  });

  it('hears nobody else’s events', async () => {
    const { requester } = createWorld(async ({ fire }) => {
      fire('onErrorOccurred', { requestId: 'theirs', tabId: 4, initiator: 'https://shop.example', error: 'net::ERR_ABORTED' });
      fire('onErrorOccurred', { requestId: 'theirs2', initiator: 'https://shop.example', error: 'net::ERR_ABORTED' });
      setTimeout(() => fire('onErrorOccurred', { error: 'net::ERR_CONNECTION_CLOSED' }), 1);
      throw new TypeError('Failed to fetch');
    });
    expect(await requester.request(get())).toMatchObject({ error: { raw: 'net::ERR_CONNECTION_CLOSED' } });
  });

  it('takes a redirect for an answer', async () => {
    const { requester } = createWorld(async ({ fire }) => {
      fire('onBeforeRedirect', { statusCode: 302, redirectUrl: 'https://shop.example/login', ip: '192.0.2.7' });
      fire('onErrorOccurred', { error: 'net::ERR_ABORTED' });
      return { type: 'opaqueredirect', status: 0 } as Response;
    });
    expect(await requester.request(get())).toMatchObject({
      outcome: 'response',
      status: 302,
      location: 'https://shop.example/login',
      ip: '192.0.2.7',
    });
  });

  it('tells a reset in the middle of the body, with the bytes that came', async () => {
    const { requester } = createWorld(async ({ fire }) => {
      fire('onResponseStarted', { statusCode: 200, ip: '192.0.2.7' });
      const body = new ReadableStream(
        {
          start: (controller) => controller.enqueue(new Uint8Array(1000)),
          pull(controller) {
            controller.error(new TypeError('network error'));
            setTimeout(() => fire('onErrorOccurred', { error: 'net::ERR_CONNECTION_RESET', ip: '192.0.2.7' }), 1);
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body);
    });
    expect(await requester.request(get())).toMatchObject({
      outcome: 'failure',
      hadHeaders: true,
      bytes: 1000,
      wasFresh: false,
      ip: '192.0.2.7',
    });
  });

  it('cuts a body that never ends', async () => {
    let isCancelled = false;
    const { requester } = createWorld(async () => {
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(500)),
        cancel() {
          isCancelled = true;
        },
      });
      return new Response(body);
    });
    expect(await requester.request(get({ maxBytes: 2000 }))).toMatchObject({ outcome: 'response', bytes: 2000, isComplete: false });
    expect(isCancelled).toBe(true);
  });

  it('gives up in time, and when the caller does', async () => {
    const silent: Answer = ({ init }) =>
      new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
    const { requester } = createWorld(silent);
    expect((await requester.request(get({ timeoutMs: 20 }))).outcome).toBe('timed-out');
    const controller = new AbortController();
    const waiting = requester.request(get(), controller.signal);
    setTimeout(() => controller.abort(), 10);
    expect((await waiting).outcome).toBe('cancelled');
  });

  it('stops asking a site that answers 503 or says Retry-After, but not the others', async () => {
    const { requester, budget } = createWorld(async () => new Response('busy', { status: 503 }));
    expect(await requester.request(get({ party: 'control', url: 'https://control.example/' }))).toMatchObject({ status: 503 });
    expect(budget.left()).toBe(20);
    expect(await requester.request(get())).toMatchObject({ status: 503 });
    expect(await requester.request(get())).toMatchObject({ outcome: 'refused-by-us', reason: 'asked-to-stop' });
  });

  it('sends nothing without host access, to other schemes or with credentials in the URL', async () => {
    let calls = 0;
    const counting: Answer = async () => {
      calls += 1;
      return new Response('');
    };
    expect(await createWorld(counting, { hasAccess: false }).requester.request(get())).toMatchObject({ reason: 'needs-host-access' });
    const { requester } = createWorld(counting);
    for (const url of ['ftp://shop.example/', 'file:///etc/hosts', 'https://me:secret@shop.example/', 'nonsense'])
      expect(await requester.request(get({ url }))).toMatchObject({ outcome: 'refused-by-us', reason: 'not-replayable' });
    expect(calls).toBe(0);
  });

  it('says so when host access is taken back meanwhile', async () => {
    let hasAccess = true;
    const world = createWorld(async () => {
      hasAccess = false;
      throw new TypeError('Failed to fetch');
    });
    world.contains.mockImplementation(async () => hasAccess);
    expect(await world.requester.request(get())).toMatchObject({ outcome: 'refused-by-us', reason: 'needs-host-access' });
  });

  it('sets headers by rules on our own requests only, and takes them away', async () => {
    const { requester, rules } = createWorld(async () => new Response('ok'), { hasRules: true });
    await requester.request(get({ cookies: 'strip', isFreshConnection: true }));
    await requester.close();
    expect(rules).toMatchObject([
      {
        addRules: [
          {
            action: {
              requestHeaders: [
                { header: 'connection', operation: 'set', value: 'close' },
                { header: 'cookie', operation: 'remove' },
              ],
              // A site that greets a newcomer must not replace the person's session.
              responseHeaders: [{ header: 'set-cookie', operation: 'remove' }],
            },
            condition: { initiatorDomains: ['own'], urlFilter: '|https://shop.example/' },
          },
        ],
      },
      { removeRuleIds: [7001] },
    ]);
  });

  it('keeps the rules of two walks apart, and off the ids that a killed worker left', async () => {
    const open: (() => void)[] = [];
    const { requester, another, rules } = createWorld(
      async () => {
        await new Promise<void>((resolve) => open.push(resolve));
        return new Response('ok');
      },
      { hasRules: true, rulesLeft: [{ id: 7003 }] },
    );
    const second = another();
    const all = [
      requester.request(get({ cookies: 'strip' })),
      second.request(get({ url: 'https://other.example/', party: 'control', cookies: 'strip' })),
      // Same origin, other wish: waits until the first one's headers have left.
      second.request(get({ party: 'control', isFreshConnection: true })),
    ];
    await expect.poll(() => open.length).toBe(3);
    for (const go of open) go();
    await Promise.all(all);
    const added = (rules as { addRules?: { id: number }[] }[]).flatMap((change) => change.addRules?.map(({ id }) => id) ?? []);
    expect(added.length).toBe(3);
    expect(new Set(added).size).toBe(3);
    expect(added.every((id) => id >= 7051)).toBe(true);
  });

  it('says that nothing was sent where its rules are refused', async () => {
    const world = createWorld(async () => new Response('ok'), { hasRules: true });
    const api = world.api.declarativeNetRequest;
    if (!api) throw new Error('no rules');
    api.updateSessionRules = () => Promise.reject(new Error('no permission'));
    expect(await world.requester.request(get({ cookies: 'strip' }))).toMatchObject({ outcome: 'cancelled' });
    expect(await world.requester.request(get())).toMatchObject({ outcome: 'response' });
  });

  it('never sends cookies of our jar for a tab that has another', async () => {
    const sent: (RequestCredentials | undefined)[] = [];
    const answer: Answer = async ({ init }) => {
      sent.push(init.credentials);
      return new Response('');
    };
    await createWorld(answer).requester.request(get({ cookies: 'include' }));
    await createWorld(answer, { isOtherJar: true }).requester.request(get({ cookies: 'include' }));
    await createWorld(answer, { isOtherJar: true }).requester.request(get({ cookies: 'strip' }));
    expect(sent).toEqual(['include', 'omit', 'omit']);
  });

  it('listens to the asked hosts only, and to nobody when it is closed', async () => {
    const { requester, events, stored } = createWorld(async () => new Response('ok'));
    await requester.request(get());
    const filters = [...(events.onCompleted?.listeners.values() ?? [])].map(([filter]) => filter);
    expect(filters).toEqual([{ urls: ['*://shop.example/*'], types: ['xmlhttprequest'] }]);
    expect(stored.listeners).not.toEqual([]);
    await requester.close();
    expect(Object.values(events).every((event) => event.listeners.size === 0)).toBe(true);
    await expect.poll(() => stored.listeners).toEqual([]);
  });
});

describe('the listener ledger', () => {
  it('registers and removes what a killed worker left', async () => {
    const { events, stored } = createWorld(async () => new Response(''));
    const api = { webRequest: events } as unknown as BrowserApi;
    const left = [['onCompleted', { urls: ['*://shop.example/*'] }, []], 'rubbish'];
    const seen: unknown[] = [];
    const event = events.onCompleted;
    if (!event) throw new Error('no event');
    const add = event.addListener;
    event.addListener = (listener, ...extra) => {
      seen.push(extra);
      return add(listener, ...extra);
    };
    stored.listeners = left;
    const ledger = createListenerLedger({
      ...api,
      runtime: { getPlatformInfo: async () => ({}) },
      webNavigation: {},
      tabs: {},
      proxy: {},
      storage: {
        session: {
          get: async () => ({ listeners: left }),
          set: async (items: Record<string, unknown>) => void Object.assign(stored, items),
        },
      },
    } as unknown as BrowserApi);
    await ledger.settled();
    expect(seen).toEqual([[{ urls: ['*://shop.example/*'] }]]);
    expect(event.listeners.size).toBe(0);
    await expect.poll(() => stored.listeners).toEqual([]);
  });
});

describe('the protocol of a status line', () => {
  it('is written as resource timing writes it', () => {
    expect(['HTTP/1.1 200 OK', 'HTTP/2 200', 'HTTP/3.0 200', 'nonsense'].map(protocolOf)).toEqual(['http/1.1', 'h2', 'h3', '']);
  });
});
