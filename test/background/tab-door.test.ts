import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BrowserApi, NavigationDetails, RequestDetails, RequestListener } from '../../src/background/doors/browser-api';
import type { RequestEvent, RequestFilter } from '../../src/background/doors/listener-ledger';
import { createTabDoor, type TabDoorOptions } from '../../src/background/doors/tab-door';
import type { TabAttempt } from '../../src/model/measurement';

const PAGE = 'https://shop.test/cart';
const PART = 'https://shop.test/static/app.7.js';
const TAB = 9;

type Tell = (event: RequestEvent, requestId: string, url: string, more?: Partial<RequestDetails>) => void;
interface Loading {
  tell: Tell;
  /** The document is there: its answer, its end, and with `load` all that it asked for. */
  page(more?: Partial<RequestDetails>): void;
  load(url?: string): void;
  /** A navigation of the tab begins. */
  begin(url: string): void;
}

let ownAgent: string | undefined;

/** A tab door over a browser that does as told at each load: `loads[0]` at the first, and so on. */
const opened = (...loads: ((loading: Loading) => void)[]) => openedIn('chromium', ...loads);
function openedIn(engine: 'chromium' | 'gecko', ...loads: ((loading: Loading) => void)[]) {
  const heard = new Set<readonly [RequestEvent, RequestListener, readonly string[] | undefined]>();
  const listeners = {
    begun: new Set<(details: NavigationDetails) => void>(),
    completed: new Set<(details: NavigationDetails) => void>(),
    removed: new Set<(tabId: number) => void>(),
  };
  const source = (set: Set<never>) => ({ addListener: (one: never) => set.add(one), removeListener: (one: never) => set.delete(one) });
  const tell: Tell = (event, requestId, url, more = {}) => {
    for (const [of, listener, types] of [...heard])
      if (of === event && (types?.includes(more.type ?? 'script') ?? true))
        listener({ requestId, url, method: 'GET', tabId: TAB, type: 'script', timeStamp: 0, ...more });
  };
  let done = 0;
  const closed: number[] = [];
  const updates: string[] = [];
  const go = async (_tabId?: number, { url }: { url?: string } = {}) => {
    if (url !== undefined) updates.push(url.split('#')[0] ?? '');
    const requestId = `page-${done}`;
    const loading: Loading = {
      tell,
      page(more = {}) {
        tell('onSendHeaders', requestId, PAGE, { type: 'main_frame', requestHeaders: [] });
        tell('onResponseStarted', requestId, PAGE, { type: 'main_frame', ip: '192.0.2.1', statusCode: 200, ...more });
        tell('onCompleted', requestId, PAGE, { type: 'main_frame', ip: '192.0.2.1', statusCode: 200, ...more });
      },
      begin: (url) => {
        for (const one of [...listeners.begun]) one({ tabId: TAB, frameId: 0, url, timeStamp: 0 });
      },
      load: (url = PAGE) => {
        for (const one of [...listeners.completed]) one({ tabId: TAB, frameId: 0, url, timeStamp: 0 });
      },
    };
    loads[done]?.(loading);
    done += 1;
  };
  const api = {
    tabs: {
      create: async () => ({ id: TAB, index: 1 }),
      get: async () => ({ id: 7, index: 0, windowId: 1 }),
      update: go,
      reload: go,
      onRemoved: source(listeners.removed as Set<never>),
    },
    webNavigation: {
      onBeforeNavigate: source(listeners.begun as Set<never>),
      onErrorOccurred: source(new Set<never>()),
      onCompleted: source(listeners.completed as Set<never>),
    },
  } as unknown as BrowserApi;
  const stop = new AbortController();
  const door = createTabDoor({
    api,
    engine,
    ledger: {
      hear(event: RequestEvent, listener: RequestListener, { types }: RequestFilter) {
        const one = [event, listener, types] as const;
        heard.add(one);
        return () => heard.delete(one);
      },
      settled: async () => undefined,
    },
    journal: {
      begin: async () => ({
        change: (open: () => Promise<unknown>) => open(),
        amend: async () => undefined,
        release: async () => closed.push(TAB),
      }),
    },
    probeTabs: { add: async () => undefined },
    budget: { enter: async () => ({ leave: () => undefined }), spent: () => 1 },
    besideTabId: 7,
    hasHostAccess: true,
    ownAgent: () => ownAgent,
    now: () => performance.now(),
    newMark: () => 'mark',
    signal: stop.signal,
  } as unknown as TabDoorOptions);
  const replay = (isPastCache = false) => door.replay({ url: PAGE, part: [PART], isPastCache, timeoutMs: 4000 });
  const replayPage = (isPastCache = false) => door.replay({ url: PAGE, isPastCache, timeoutMs: 4000 });
  return {
    replay,
    replayPage,
    stop,
    closed,
    updates,
    loaded: () => done,
    left: () => heard.size + listeners.begun.size + listeners.completed.size + listeners.removed.size,
  };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** What it comes to, and after how long, ms. */
async function outcomeOf(replaying: Promise<{ outcome: string; status?: number }>) {
  const startedAt = performance.now();
  let told: { outcome: string; status?: number } | undefined;
  let endedAt = 0;
  replaying.then((attempt) => {
    told = attempt;
    endedAt = performance.now();
  });
  await vi.advanceTimersByTimeAsync(9000);
  return { outcome: told?.outcome, status: told?.status, ms: Math.round(endedAt - startedAt) };
}
const fails = (tell: Tell, requestId = '2', url = PART) => {
  tell('onBeforeRequest', requestId, url);
  tell('onErrorOccurred', requestId, url, { error: 'net::ERR_CONNECTION_RESET' });
};

describe('a page in a tab of ours', () => {
  const OLD = 'https://old.shop.test/cart';
  const main = { type: 'main_frame' };
  const breaksAt = (tell: Tell, url: string) => {
    tell('onSendHeaders', 'page-0', url, { ...main, requestHeaders: [] });
    tell('onErrorOccurred', 'page-0', url, { ...main, error: 'net::ERR_CONNECTION_RESET' });
  };
  const attemptOf = async (replaying: Promise<TabAttempt>) => {
    await vi.advanceTimersByTimeAsync(9000);
    return replaying;
  };
  const led = { outcome: 'failed', finalUrl: OLD, redirects: [PAGE], ledByWorkerFrom: PAGE };
  it('was led away by a service worker where its request is for another address and nobody redirected', async () => {
    expect(await attemptOf(opened(({ tell }) => breaksAt(tell, OLD)).replayPage())).toMatchObject(led);
    // Firefox tells of a redirect to the address itself.
    const firefox = opened(({ tell }) => {
      tell('onBeforeRedirect', 'page-0', PAGE, { ...main, redirectUrl: PAGE });
      breaksAt(tell, OLD);
    });
    expect(await attemptOf(firefox.replayPage())).toMatchObject(led);
  });
  it('was led there by somebody else where a redirect was told, or where only https was put for http', async () => {
    const told = opened(({ tell }) => {
      tell('onSendHeaders', 'page-0', PAGE, { ...main, requestHeaders: [] });
      tell('onBeforeRedirect', 'page-0', PAGE, { ...main, redirectUrl: OLD });
      breaksAt(tell, OLD);
    });
    const attempt = await attemptOf(told.replayPage());
    expect([attempt.redirects, attempt.ledByWorkerFrom]).toEqual([[PAGE], undefined]);
    const same = await attemptOf(opened(({ tell }) => breaksAt(tell, PAGE)).replayPage());
    expect([same.redirects, same.ledByWorkerFrom]).toEqual([[], undefined]);
    const upgraded = opened(({ tell }) => {
      tell('onBeforeRedirect', 'page-0', PAGE, { ...main, redirectUrl: 'http://old.shop.test/cart' });
      breaksAt(tell, OLD);
    });
    expect((await attemptOf(upgraded.replayPage())).ledByWorkerFrom).toBeUndefined();
  });
  it('is asked for anew in Firefox by an address that no cache knows, which nobody led to', async () => {
    const { replayPage, updates } = openedIn(
      'gecko',
      ({ tell }) => {
        tell('onBeforeRedirect', 'page-0', PAGE, { ...main, redirectUrl: OLD });
        breaksAt(tell, OLD);
      },
      ({ tell }) => {
        const asked = updates.at(-1) ?? '';
        tell('onSendHeaders', 'page-1', asked, { ...main, requestHeaders: [] });
        tell('onCompleted', 'page-1', asked, { ...main, ip: '192.0.2.1', statusCode: 200 });
      },
    );
    const attempt = await attemptOf(replayPage(true));
    expect(updates[1]).toMatch(/\?nocache=/);
    expect([attempt.outcome, attempt.redirects, attempt.ledByWorkerFrom]).toEqual(['loaded', [], undefined]);
  });
  it('has loaded past a service worker that asked for its address and failed, not past one that failed at something else', async () => {
    const past = (asked: string) =>
      attemptOf(
        openedIn('gecko', ({ tell, page }) => {
          const worker = { type: 'xmlhttprequest', tabId: -1, originUrl: 'https://shop.test/sw.js', error: 'NS_ERROR_NET_RESET' };
          tell('onErrorOccurred', 'worker', asked, worker);
          page();
        }).replayPage(),
      );
    expect(await past(`${PAGE}#mark`)).toMatchObject({ outcome: 'loaded', isPastWorker: true });
    expect(await past('https://shop.test/stats')).not.toHaveProperty('isPastWorker');
  });
  it('is not loaded past a service worker that leads it away: a reload would be of where it led', async () => {
    const { replayPage, loaded } = opened(({ tell }) => breaksAt(tell, OLD));
    expect(await attemptOf(replayPage(true))).toMatchObject(led);
    expect(loaded()).toBe(1);
  });
  it('is reloaded in Chromium where ordinary redirects had led, which is nobody’s doing', async () => {
    const { replayPage } = opened(
      ({ tell }) => {
        tell('onSendHeaders', 'page-0', PAGE, { ...main, requestHeaders: [] });
        tell('onBeforeRedirect', 'page-0', PAGE, { ...main, redirectUrl: OLD });
        breaksAt(tell, OLD);
      },
      ({ tell }) => {
        tell('onSendHeaders', 'page-1', OLD, { ...main, requestHeaders: [] });
        tell('onErrorOccurred', 'page-1', OLD, { ...main, error: 'net::ERR_CONNECTION_RESET' });
      },
    );
    const attempt = await attemptOf(replayPage(true));
    expect([attempt.outcome, attempt.ledByWorkerFrom]).toEqual(['failed', undefined]);
  });
  it('carries a foreign name of the browser where that is not the one of our own requests, which Firefox’s scripts may not know', async () => {
    const foreign = async (own: string | undefined) => {
      const { replayPage } = openedIn('gecko', ({ tell }) => {
        tell('onSendHeaders', 'page-0', PAGE, { ...main, requestHeaders: [{ name: 'User-Agent', value: 'Feigned/6.0' }] });
        tell('onErrorOccurred', 'page-0', PAGE, { ...main, error: 'NS_ERROR_NET_RESET' });
      });
      ownAgent = own;
      return (await attemptOf(replayPage())).requestHeaders[0]?.isForeign;
    };
    expect([await foreign('Firefox/140.0'), await foreign('Feigned/6.0'), await foreign(undefined)]).toEqual([true, undefined, undefined]);
  });
  it('went on by itself where it began a further navigation, before or after it had loaded', async () => {
    const before = opened(({ tell, begin }) => {
      begin(PAGE);
      tell('onSendHeaders', 'page-0', PAGE, { ...main, requestHeaders: [] });
      begin(OLD);
      breaksAt(tell, OLD);
    });
    const one = await attemptOf(before.replayPage());
    expect([one.outcome, one.finalUrl, one.ledByWorkerFrom]).toEqual(['failed', OLD, undefined]);
    const after = opened(
      ({ tell, page }) => {
        page();
        tell('onSendHeaders', 'page-1', OLD, { ...main, requestHeaders: [] });
      },
      ({ page }) => page(),
    );
    const other = await attemptOf(after.replayPage(true));
    expect([other.outcome, other.ledByWorkerFrom]).toEqual(['loaded', undefined]);
  });
});

describe('a part of a page in a tab of ours', () => {
  it('is told of as soon as it has failed, and nothing is left behind', async () => {
    const { replay, closed, left } = opened(({ tell, page }) => {
      page();
      fails(tell);
    });
    expect(await outcomeOf(replay())).toMatchObject({ outcome: 'failed' });
    expect([closed, left()]).toEqual([[TAB], 0]);
  });
  it('was not asked for where the page has loaded and said nothing for a second', async () => {
    const { replay } = opened(({ page, load }) => {
      page();
      load();
    });
    expect(await outcomeOf(replay())).toMatchObject({ outcome: 'not-asked', ms: 1000 });
  });
  it('has no page where that is an error, another, or not whole in the time', async () => {
    const busy = opened(({ page, load }) => {
      page({ statusCode: 429 });
      load();
    });
    expect(await outcomeOf(busy.replay())).toMatchObject({ outcome: 'no-page', status: 429 });
    const login = opened(({ page, load }) => {
      page({ url: 'https://shop.test/login' });
      load('https://shop.test/login');
    });
    expect(await outcomeOf(login.replay())).toMatchObject({ outcome: 'no-page' });
    const slow = opened(({ page }) => page());
    expect(await outcomeOf(slow.replay())).toMatchObject({ outcome: 'no-page', ms: 4000 });
  });
  it('that is marked anew each time is over when it is, not when the time is', async () => {
    const { replay } = opened(({ tell, page, load }) => {
      page();
      load();
      fails(tell, '2', `${PART}?_=2`);
    });
    expect(await outcomeOf(replay())).toMatchObject({ outcome: 'failed', ms: 1000 });
  });
  it('is that of the page past its cache, not of the copy before it', async () => {
    const { replay } = opened(
      ({ tell, page, load }) => {
        page();
        tell('onBeforeRequest', '2', PART);
        load();
      },
      ({ tell, page, load }) => {
        tell('onErrorOccurred', '2', PART, { error: 'net::ERR_CONNECTION_RESET' });
        page();
        load();
      },
    );
    expect(await outcomeOf(replay(true))).toMatchObject({ outcome: 'not-asked' });
  });
  it('is given up at once when the person stops', async () => {
    const { replay, stop, left } = opened(({ page }) => page());
    let outcome: string | undefined;
    replay().then((attempt) => {
      outcome = attempt.outcome;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(outcome).toBeUndefined();
    stop.abort();
    await vi.advanceTimersByTimeAsync(50);
    expect([outcome, left()]).toEqual(['no-page', 0]);
  });
});
