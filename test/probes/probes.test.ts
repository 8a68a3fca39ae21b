import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Exchange, ExchangeRequest } from '../../src/model/exchange';
import { type ExtensionFacts, type Measurements, PROBE_IDS, type TabAttempt } from '../../src/model/measurement';
import type { Failure } from '../../src/model/vocabulary';
import { PROBES } from '../../src/probes';
import { answerSize } from '../../src/probes/answer-size';
import { addressesToTry, bareAddress } from '../../src/probes/bare-address';
import { authorOf } from '../../src/probes/block-page';
import { browserDns } from '../../src/probes/browser-dns';
import type { ProbeContext } from '../../src/probes/context';
import { CONTROLS, controls } from '../../src/probes/controls';
import { cookies } from '../../src/probes/cookies';
import { deviceState } from '../../src/probes/device-state';
import { directConnection } from '../../src/probes/direct-connection';
import { extensionsOff } from '../../src/probes/extensions-off';
import { independentDns } from '../../src/probes/independent-dns';
import { installedExtensions } from '../../src/probes/installed-extensions';
import { lastLook } from '../../src/probes/last-look';
import { namedGreeting } from '../../src/probes/named-greeting';
import { otherAgent } from '../../src/probes/other-agent';
import { otherScheme } from '../../src/probes/other-scheme';
import { ownRequest } from '../../src/probes/own-request';
import { proxySettings } from '../../src/probes/proxy-settings';
import { repetition } from '../../src/probes/repetition';
import { siblingHost } from '../../src/probes/sibling-host';
import { siteRoot } from '../../src/probes/site-root';
import { socketHandshake } from '../../src/probes/socket-handshake';
import { startAddress } from '../../src/probes/start-address';
import { tabReplay } from '../../src/probes/tab-replay';
import { answer, contextOf, ended, failure, incidentOf } from './fake-context';

const SITE = 'https://shop.example/cart?page=2';
const reset = (request: ExchangeRequest) => failure(request);
const fine = (request: ExchangeRequest) => answer(request);
const key = (exchange: Exchange) => exchange.outcome;
const tab = (more: Partial<TabAttempt> = {}): TabAttempt => ({
  outcome: 'failed',
  error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
  durationMs: 10,
  requestHeaders: [],
  redirects: [],
  finalUrl: SITE,
  ...more,
});

describe('the list of probes', () => {
  it('has each probe once, in a file of its own name', () => {
    expect(PROBES.map((probe) => probe.id).sort()).toEqual([...PROBE_IDS].sort());
    const files = new Set(readdirSync('src/probes').map((file) => file.replace(/\.ts$/, '')));
    expect(PROBE_IDS.filter((id) => !files.has(id))).toEqual([]);
  });
  it('waits only for probes that exist, without a circle, and never longer than 8 s', () => {
    const settled = new Set<string>();
    let waiting = [...PROBES];
    while (waiting.length > 0) {
      const ready = waiting.filter((probe) => probe.after.every((id) => settled.has(id)));
      expect(ready.length).toBeGreaterThan(0);
      for (const probe of ready) settled.add(probe.id);
      waiting = waiting.filter((probe) => !settled.has(probe.id));
    }
    expect(PROBES.every((probe) => probe.deadlineMs <= 8000)).toBe(true);
  });
  it('starts by itself only what tells no third party the name and changes nothing', () => {
    const context = { ...contextOf(SITE, fine), hasHostAccess: true };
    const waiting = PROBES.filter((probe) => probe.consents(context).length > 0).map((probe) => probe.id);
    expect(waiting.sort()).toEqual([
      'browser-dns',
      'direct-connection',
      'extensions-off',
      'independent-dns',
      'installed-extensions',
      'named-greeting',
      'other-agent',
    ]);
  });
  it('asks for host access where it is withheld', () => {
    expect(ownRequest.consents({ ...contextOf(SITE, fine), hasHostAccess: false })).toEqual(['host-access']);
  });
  it('sends at most 20 requests to the failing site in an automatic run, whatever comes back', async () => {
    const replies: ((request: ExchangeRequest, index: number) => Exchange)[] = [
      fine,
      reset,
      (request, index) => (index % 3 === 0 ? reset(request) : fine(request)),
      (request, index) => (index % 2 === 0 ? answer(request, { cookieBytes: 9000 }) : failure(request, 'reset', { cookieBytes: 9000 })),
    ];
    for (const reply of replies) {
      const context = contextOf(SITE, reply, { measurements: {} });
      for (const probe of [ownRequest, siteRoot, otherScheme, siblingHost, cookies, answerSize, bareAddress, repetition, lastLook]) {
        const measured = await probe.run(context);
        context.measurements = { ...context.measurements, [probe.id]: measured };
      }
      expect(context.sent.filter((request) => request.party === 'failing-site').length).toBeLessThanOrEqual(20);
      expect(context.sent.every((request) => request.method === undefined || request.method === 'GET' || request.method === 'HEAD')).toBe(
        true,
      );
    }
  });
});

describe('own-request', () => {
  it('asks twice with cookies', async () => {
    const context = contextOf(SITE, reset);
    const { exchanges } = await ownRequest.run(context);
    expect(exchanges.map(key)).toEqual(['failure', 'failure']);
    expect(context.sent[0]).toMatchObject({ url: SITE, cookies: 'include', party: 'failing-site' });
  });
  it('does not wait for a second silence', async () => {
    expect((await ownRequest.run(contextOf(SITE, (request) => ended(request, 'timed-out')))).exchanges).toHaveLength(1);
  });
  it('lets the root stand in for one-time links, other methods and WebSockets', async () => {
    for (const incident of [
      incidentOf('https://shop.example/reset?token=abc'),
      incidentOf('https://shop.example/form', { method: 'POST' }),
      incidentOf('wss://shop.example/socket', { kind: 'websocket' }),
    ]) {
      const context = { ...contextOf(SITE, fine), incident };
      const asked: string[] = [];
      context.request = async (request) => {
        asked.push(request.url);
        return fine(request);
      };
      await ownRequest.run(context);
      expect(new Set(asked)).toEqual(new Set(['https://shop.example/']));
    }
  });
  it('asks for a one-time link again where the person said so', async () => {
    const url = 'https://shop.example/reset?token=abc';
    const context = contextOf(url, fine, { given: ['replay-one-time-link'] });
    await ownRequest.run(context);
    expect(context.sent[0]?.url).toBe(url);
  });
});

describe('named-greeting', () => {
  const whileRelayed = async <T>(_target: unknown, use: () => Promise<T>) => ({ isInEffect: true as const, value: await use() });
  const failed = { 'own-request': { exchanges: [failure({ url: SITE, party: 'failing-site' }, 'reset')] } };
  const system = { 'proxy-settings': { mode: 'system' as const, heldBy: 'person' as const, servers: [] } };
  const contextWith = (measurements: Partial<Measurements>, proxy = { whileRelayed }) => {
    const context = contextOf(SITE, (request) => failure(request, 'proxy-unreachable'));
    return { ...context, measurements, proxy: { ...context.proxy, ...proxy } };
  };
  it('asks the site twice for its own root, and once where it answers', async () => {
    const context = contextWith({ ...failed, ...system });
    expect((await namedGreeting.run(context)).exchanges.map(key)).toEqual(['failure', 'failure']);
    expect(context.sent.map(({ url }) => url)).toEqual([`http://${new URL(SITE).host}/`, `http://${new URL(SITE).host}/`]);
  });
  it('has nothing to do behind a proxy, for plain http, where our own request works or where the door is missing', () => {
    const manual = { 'proxy-settings': { mode: 'manual' as const, heldBy: 'person' as const, servers: ['p.example:1'] } };
    expect(namedGreeting.skip?.(contextWith({ ...failed, ...system }))).toBeUndefined();
    expect(namedGreeting.skip?.(contextWith({ ...failed, ...manual }))).toBe('not-applicable');
    // The way past the proxy breaks as well: then it is the page's.
    const [request] = failed['own-request'].exchanges;
    const direct = { 'direct-connection': { isInEffect: true, direct: request ? [request] : [], proxied: [] } };
    expect(namedGreeting.skip?.(contextWith({ ...failed, ...manual, ...direct }))).toBeUndefined();
    expect(
      namedGreeting.skip?.(contextWith({ ...system, 'own-request': { exchanges: [fine({ url: SITE, party: 'failing-site' })] } })),
    ).toBe('not-applicable');
    const plain = { ...contextWith({ ...failed, ...system }), incident: incidentOf('http://shop.example/') };
    expect(namedGreeting.skip?.(plain)).toBe('not-applicable');
    expect(namedGreeting.skip?.(contextOf(SITE, fine, { measurements: { ...failed, ...system } }))).toBe('cannot-in-this-browser');
  });
});

describe('socket-handshake', () => {
  const sent = { url: SITE, party: 'failing-site' } as const;
  const gecko = (measurements: Partial<Measurements>, ...replies: Exchange[]) => {
    const asked: string[] = [];
    const handshake = async ({ url }: { url: string }) => {
      asked.push(url);
      return replies[asked.length - 1] ?? failure(sent);
    };
    return { asked, context: contextOf(SITE, fine, { measurements, canSetOwnHeaders: true, handshake }) };
  };
  const unproxied = { 'proxy-settings': { mode: 'system', heldBy: 'person', servers: [], observed: 'none' } } as const;
  const failed = { ...unproxied, 'own-request': { exchanges: [failure(sent, 'reset-or-close')] } };
  it('asks for the failing page twice, once where it fails, and notes nothing that was not sent', async () => {
    const run = async (...replies: Exchange[]) => {
      const { asked, context } = gecko(failed, ...replies);
      return [asked, (await socketHandshake.run(context)).exchanges.map(key)];
    };
    expect(await run(answer(sent), answer(sent, { status: 404 }))).toEqual([
      [SITE, SITE],
      ['response', 'response'],
    ]);
    expect(await run(failure(sent))).toEqual([[SITE], ['failure']]);
    expect(await run({ url: SITE, durationMs: 0, wasFresh: false, outcome: 'refused-by-us', reason: 'budget' })).toEqual([[SITE], []]);
    // By a proxy it went another way than the page.
    const proxy = { type: 'socks', host: '192.0.2.9', port: 1080 };
    expect(await run({ ...answer(sent), proxy })).toEqual([[SITE], []]);
  });
  it('asks only for a page over https that was reset each time by no proxy, where its headers may be set', () => {
    const skip = (measurements: Partial<Measurements>, more: Partial<ProbeContext> = {}) =>
      socketHandshake.skip?.({ ...gecko(measurements).context, ...more });
    expect(skip(failed)).toBeUndefined();
    expect(skip({ ...unproxied, 'own-request': { exchanges: [failure(sent), answer(sent)] } })).toBe('not-applicable');
    expect(skip({ ...unproxied, 'own-request': { exchanges: [failure(sent, 'certificate')] } })).toBe('not-applicable');
    const observed = { type: 'http', host: '192.0.2.9', port: 3128 };
    expect(skip({ ...failed, 'proxy-settings': { ...unproxied['proxy-settings'], observed } })).toBe('not-applicable');
    expect(skip({ 'own-request': failed['own-request'] })).toBe('not-applicable');
    expect(skip(failed, { canSetOwnHeaders: false })).toBe('not-applicable');
    for (const incident of [
      incidentOf('http://shop.example/'),
      incidentOf(SITE, { method: 'POST' }),
      incidentOf('wss://shop.example/s', { kind: 'websocket' }),
    ])
      expect(skip(failed, { incident })).toBe('not-applicable');
    expect(skip(failed, { handshake: undefined })).toBe('cannot-in-this-browser');
  });
  it('waits in Firefox for the word that lets headers be set, without which it would name the installation', () => {
    const context = { ...contextOf(SITE, fine), hasHostAccess: true };
    expect(socketHandshake.consents(context)).toEqual([]);
    const inFirefox = { ...context, environment: { ...context.environment, engine: 'gecko' as const } };
    expect(socketHandshake.consents(inFirefox)).toEqual(['set-own-headers']);
  });
});

describe('tab-replay', () => {
  it('goes past the cache only where the plain navigation fails', async () => {
    const asked: boolean[] = [];
    const replay = (outcome: TabAttempt['outcome']) => async (options: { isPastCache: boolean }) => {
      asked.push(options.isPastCache);
      return tab({ outcome });
    };
    const loaded = await tabReplay.run(contextOf(SITE, fine, { tab: { replay: replay('loaded') } }));
    expect(loaded.pastCache).toBeUndefined();
    const failed = await tabReplay.run(contextOf(SITE, fine, { tab: { replay: replay('failed') } }));
    expect(failed.pastCache?.outcome).toBe('failed');
    expect(asked).toEqual([false, false, true]);
  });
  it('goes past the cache from where the person began, for a kept redirect may lead to what fails', async () => {
    const asked: string[] = [];
    const replay = async ({ url }: { url: string }) => {
      asked.push(url);
      return tab();
    };
    const begin = 'https://shop.example/start';
    await tabReplay.run({ ...contextOf(SITE, fine, { tab: { replay } }), incident: incidentOf(SITE, { redirects: [begin] }) });
    expect(asked).toEqual([SITE, begin]);
  });
  it('loads the page of a part, and past the cache where the part fails there too', async () => {
    const asked: unknown[] = [];
    const part = incidentOf('https://cdn.example/app.js', { kind: 'sub-resource', pageUrl: SITE });
    const context = (outcome: TabAttempt['outcome'], incident = part) => ({
      ...contextOf(SITE, fine, {
        tab: {
          replay: async ({ url, part: of, isPastCache }) => {
            asked.push([url, of, isPastCache]);
            return tab({ outcome });
          },
        },
      }),
      incident,
    });
    expect((await tabReplay.run(context('not-asked'))).pastCache).toBeUndefined();
    expect((await tabReplay.run(context('failed'))).pastCache?.outcome).toBe('failed');
    const urls = ['https://cdn.example/app.js'];
    expect(asked).toEqual([
      [SITE, urls, false],
      [SITE, urls, false],
      [SITE, urls, true],
    ]);
    const secret = { ...part, pageUrl: 'https://shop.example/confirm?token=1' };
    expect(await tabReplay.run(context('failed', secret))).toEqual({ notTried: 'one-time-link' });
    // Loading the page again would send what was sent.
    expect(await tabReplay.run(context('failed', { ...part, kind: 'fetch', method: 'POST' }))).toEqual({ notTried: 'not-get' });
    expect(asked).toHaveLength(3);
  });
  it('says why it did not try', async () => {
    const off = contextOf(SITE, fine, { settings: { isControlsAllowed: true, isProbeTabAllowed: false } });
    expect(await tabReplay.run(off)).toEqual({ notTried: 'switched-off' });
    expect(await tabReplay.run({ ...contextOf(SITE, fine), incident: incidentOf(SITE, { method: 'POST' }) })).toEqual({
      notTried: 'not-get',
    });
    expect(await tabReplay.run(contextOf('https://a.example/?code=1', fine))).toEqual({ notTried: 'one-time-link' });
    expect(await tabReplay.run(contextOf('https://a.example/setup.exe', fine))).toEqual({ notTried: 'one-time-link' });
    expect((await tabReplay.run(contextOf('https://a.example/setup.exe', fine, { given: ['replay-one-time-link'] }))).plain).toBeDefined();
  });
});

describe('cookies', () => {
  const withCookies = (request: ExchangeRequest) => failure(request, 'reset', { cookieBytes: 6000 });
  it('compares alternately, stripping by rule', async () => {
    const context = contextOf(SITE, (request) => (request.cookies === 'include' ? withCookies(request) : fine(request)));
    context.measurements = { 'own-request': { exchanges: [withCookies({ url: SITE, party: 'failing-site' })] } };
    const measured = await cookies.run(context);
    expect(measured.pairs.map((pair) => [key(pair.included), key(pair.without)])).toEqual(Array(3).fill(['failure', 'response']));
    expect(measured).toMatchObject({ isOnlyDifference: true, cookieBytes: 6000 });
    expect(context.sent.slice(0, 6).map((request) => request.cookies)).toEqual([
      'include',
      'strip',
      'include',
      'strip',
      'include',
      'strip',
    ]);
    // Once more without them, and a header as long that says nothing.
    expect(context.sent.slice(6).map(({ url, cookies: kind, headers }) => [url, kind, headers])).toEqual([
      [SITE, 'strip', { 'x-fill': 'x'.repeat(6000) }],
    ]);
    expect(measured.filler?.outcome).toBe('response');
  });
  it('tells size from content only where cookies are known to make the difference, and nothing else does', async () => {
    const filled = async (reply: Parameters<typeof contextOf>[1], more: Parameters<typeof contextOf>[2] = {}) => {
      const context = contextOf(SITE, reply, more);
      context.measurements = { 'own-request': { exchanges: [withCookies({ url: SITE, party: 'failing-site' })] } };
      const { filler } = await cookies.run(context);
      return [filler, context.sent.filter(({ headers }) => headers !== undefined).length];
    };
    expect(await filled(withCookies)).toEqual([undefined, 0]);
    const byCookies = (request: ExchangeRequest) => (request.cookies === 'include' ? withCookies(request) : fine(request));
    expect(await filled(byCookies, { canSetOwnHeaders: false })).toEqual([undefined, 0]);
    // Now and then: no difference that stands.
    expect(await filled((request, index) => (index === 2 ? fine(request) : byCookies(request)))).toEqual([undefined, 0]);
  });
  it('omits, and says that more differs, where it may not set headers', async () => {
    const context = contextOf(SITE, withCookies, { canSetOwnHeaders: false });
    context.measurements = { 'own-request': { exchanges: [withCookies({ url: SITE, party: 'failing-site' })] } };
    const measured = await cookies.run(context);
    expect(measured.isOnlyDifference).toBe(false);
    expect(measured.pairs).toHaveLength(2);
    expect(context.sent[1]?.cookies).toBe('omit');
  });
  it('has nothing to compare without cookies', async () => {
    const context = contextOf(SITE, reset);
    context.measurements = { 'own-request': { exchanges: [failure({ url: SITE, party: 'failing-site' }, 'reset', { cookieBytes: 0 })] } };
    expect(await cookies.run(context)).toEqual({ pairs: [], isOnlyDifference: true, cookieBytes: 0 });
    expect(context.sent).toEqual([]);
  });
});

describe('repetition', () => {
  it('stops after three equal failures where nothing ever worked', async () => {
    const measured = await repetition.run(contextOf(SITE, reset));
    expect(measured.inARow).toHaveLength(3);
    expect([...measured.burst, ...measured.reused]).toEqual([]);
  });
  it('is content with one more in Firefox, which has tried each up to ten times', async () => {
    const context = contextOf(SITE, reset);
    context.environment = { ...context.environment, engine: 'gecko' };
    expect((await repetition.run(context)).inARow).toHaveLength(1);
    const lost = contextOf(SITE, (request) => failure(request, 'reset', { error: { raw: 'NS_ERROR_ABORT', failure: 'reset' } }));
    lost.environment = context.environment;
    expect((await repetition.run(lost)).inARow).toHaveLength(3);
  });
  it('spends what is left on a longer row where it fails now and then', async () => {
    const context = contextOf(SITE, (request, index) => (index % 3 === 2 ? reset(request) : fine(request)), { budget: 16 });
    const measured = await repetition.run(context);
    expect(measured.inARow).toHaveLength(16);
    expect([...measured.burst, ...measured.reused]).toEqual([]);
  });
  it('tells where the row was broken, when the first failure came in the burst', async () => {
    const context = contextOf(SITE, (request, index) => (index === 5 || index === 11 ? reset(request) : fine(request)), { budget: 16 });
    const measured = await repetition.run(context);
    expect([measured.inARow.length, measured.burst.length, measured.reused.length, measured.rowBeforeBurst]).toEqual([10, 4, 2, 4]);
  });
  it('keeps to four, four and two where all works', async () => {
    const measured = await repetition.run(contextOf(SITE, fine));
    expect([measured.inARow.length, measured.burst.length, measured.reused.length]).toEqual([4, 4, 2]);
  });
  it('sends thirty more where the person allowed it', async () => {
    const measured = await repetition.run(contextOf(SITE, fine, { given: ['larger-burst'], budget: 50 }));
    expect(measured.inARow).toHaveLength(34);
  });
  it('asks nothing of a site that keeps silent', async () => {
    const context = contextOf(SITE, fine);
    context.measurements = { 'own-request': { exchanges: [ended({ url: SITE, party: 'failing-site' }, 'timed-out')] } };
    expect(await repetition.run(context)).toEqual({ inARow: [], burst: [], reused: [] });
  });
});

describe('repetition over one shared connection', () => {
  const kept = (request: ExchangeRequest) => answer(request, { wasFresh: false, wasShared: true, protocol: 'h2' });
  it('asks once without cookies, which takes the only other connection, and no further row', async () => {
    const context = contextOf(SITE, kept);
    context.measurements = {
      'own-request': { exchanges: [fine({ url: SITE, party: 'failing-site' }), kept({ url: SITE, party: 'failing-site' })] },
    };
    const measured = await repetition.run(context);
    expect(context.sent[0]).toMatchObject({ cookies: 'omit' });
    expect([measured.inARow.length, measured.burst.length, measured.reused.length]).toEqual([1, 4, 2]);
  });
});

describe('site-root', () => {
  const failed = { 'own-request': { exchanges: [reset({ url: SITE, party: 'failing-site' })] } };
  it('asks the root of a page that fails and is not it', async () => {
    const context = contextOf(SITE, fine, { measurements: failed });
    expect(siteRoot.skip?.(context)).toBeUndefined();
    await siteRoot.run(context);
    expect(context.sent).toMatchObject([{ url: 'https://shop.example/', cookies: 'include', isFreshConnection: true }]);
  });
  it('has nothing to compare at the root itself, for what stands in, or where our own request works', () => {
    expect(siteRoot.skip?.(contextOf('https://shop.example/', fine, { measurements: failed }))).toBe('not-applicable');
    const token = contextOf('https://shop.example/reset?token=abc', fine, { measurements: failed });
    expect(siteRoot.skip?.(token)).toBe('not-applicable');
    const working = { 'own-request': { exchanges: [fine({ url: SITE, party: 'failing-site' })] } };
    expect(siteRoot.skip?.(contextOf(SITE, fine, { measurements: working }))).toBe('not-applicable');
  });
});

describe('site-root of a long address', () => {
  const LONG = `https://shop.example/search?ids=${'7'.repeat(9_000)}`;
  const failed = { 'own-request': { exchanges: [reset({ url: LONG, party: 'failing-site' })] } };
  it('asks the same path without the query, and where that works with one as long that says nothing', async () => {
    const context = contextOf(LONG, (request) => (request.url.length > 8_000 ? reset(request) : fine(request)), { measurements: failed });
    const { exchange, padded } = await siteRoot.run(context);
    expect([exchange.outcome, padded?.outcome]).toEqual(['response', 'failure']);
    expect(context.sent.map(({ url }) => url.length)).toEqual(['https://shop.example/search'.length, LONG.length]);
    expect(context.sent[1]?.url).toMatch(/\?q=a+$/);
  });
  it('asks no second where the first fails too', async () => {
    const context = contextOf(LONG, reset, { measurements: failed });
    expect(await siteRoot.run(context)).not.toHaveProperty('padded');
    expect(context.sent).toHaveLength(1);
  });
});

describe('start-address', () => {
  const SILENT = 'https://silent.example/';
  const START = 'http://shop.example/cart?page=2';
  const failed = { 'tab-replay': { plain: tab() } };
  const led = (more: Partial<ProbeContext> = {}, redirects = [START]) => {
    const context = contextOf(SITE, fine, { measurements: failed, ...more });
    return { ...context, incident: { ...context.incident, redirects } };
  };
  it('asks where the navigation began, by our own request and by the tab', async () => {
    const replayed: string[] = [];
    const context = led({
      tab: {
        replay: async ({ url }) => {
          replayed.push(url);
          return tab({ redirects: [url] });
        },
      },
    });
    expect(startAddress.skip?.(context)).toBeUndefined();
    const { url, own } = await startAddress.run(context);
    expect([url, own.outcome, replayed]).toEqual([START, 'response', [START]]);
  });
  it('goes on where the site leads our own request, but not to the failing host, nor without end', async () => {
    const asked = async (locations: Readonly<Record<string, string>>) => {
      const urls: string[] = [];
      const parties: string[] = [];
      const reply = (request: ExchangeRequest): Exchange => {
        urls.push(request.url);
        parties.push(request.party);
        if (request.url === SILENT) return { ...answer(request), outcome: 'timed-out' as const };
        const location = locations[request.url];
        return answer(request, location === undefined ? {} : { status: 301, location });
      };
      const { incident } = led();
      const context = { ...contextOf(SITE, reply, { measurements: failed, tab: { replay: async () => tab() } }), incident };
      const { own, led: last } = await startAddress.run(context);
      expect(own.url).toBe(START);
      expect(parties).toEqual(urls.map((url) => (url.includes('//shop.example/') ? 'failing-site' : 'led-to')));
      return [urls, (last ?? own).url];
    };
    const next = 'https://www.shop.example/cart';
    expect(await asked({ [START]: next })).toEqual([[START, next], next]);
    expect(await asked({ [START]: SITE })).toEqual([[START], START]);
    expect(await asked({ [START]: 'https://www.shop.example/?token=abc' })).toEqual([[START], START]);
    expect((await asked({ [START]: next, [next]: '/cart' }))[0]).toHaveLength(4);
    // What is not answered takes no answer away, and nobody is led into this network.
    expect(await asked({ [START]: next, [next]: SILENT })).toEqual([[START, next, SILENT], next]);
    expect(await asked({ [START]: 'http://192.168.1.1/' })).toEqual([[START], START]);
  });
  it('loads the page from there no further time where a service worker was seen to lead it away', async () => {
    const pastCache = tab({ ledByWorkerFrom: START });
    const context = led({ measurements: { 'tab-replay': { plain: tab(), pastCache } }, tab: { replay: async () => expect.unreachable() } });
    expect(await startAddress.run(context)).toMatchObject({ url: START, tab: pastCache, own: { outcome: 'response' } });
  });
  it('asks where the tab’s request of a part began, and loads its page no further time', async () => {
    const from = 'https://shop.example/lib.js';
    const plain = tab({ redirects: [from], redirectReasons: ['WebRequest API'] });
    const context = {
      ...contextOf(SITE, fine, { measurements: { 'tab-replay': { plain } } }),
      incident: incidentOf('https://mirror.example/lib.js', { kind: 'sub-resource', pageUrl: SITE }),
    };
    context.tab = { replay: async () => expect.unreachable() };
    expect(startAddress.skip?.(context)).toBeUndefined();
    expect(await startAddress.run(context)).toMatchObject({ url: from, tab: plain, own: { outcome: 'response' } });
    const unled = { ...context, measurements: { 'tab-replay': { plain: tab() } } };
    expect(startAddress.skip?.(unled)).toBe('not-applicable');
  });
  it('has nothing to ask where nobody redirected, the link is for one use, or the tab comes through', () => {
    expect(startAddress.skip?.(led({}, []))).toBe('not-applicable');
    expect(startAddress.skip?.(led({}, ['http://shop.example/?token=abc']))).toBe('not-applicable');
    const loaded = { 'tab-replay': { plain: tab({ outcome: 'loaded' }) } };
    expect(startAddress.skip?.(led({ measurements: loaded }))).toBe('not-applicable');
  });
});

describe('other-agent', () => {
  const failed = { 'own-request': { exchanges: [reset({ url: SITE, party: 'failing-site' })] } };
  it('asks again under our own name where another is answered, twice', async () => {
    const context = contextOf(SITE, (request) => (request.headers ? fine(request) : reset(request)), { measurements: failed });
    const { pairs } = await otherAgent.run(context);
    expect(pairs.map(({ other, own }) => [other.outcome, own?.outcome])).toEqual([
      ['response', 'failure'],
      ['response', 'failure'],
    ]);
    expect(context.sent[0]?.headers?.['user-agent']).toMatch(/Safari/);
  });
  it('is content with one failure under another name', async () => {
    const context = contextOf(SITE, reset, { measurements: failed });
    expect((await otherAgent.run(context)).pairs.map(({ other }) => other.outcome)).toEqual(['failure']);
    expect(context.sent).toHaveLength(1);
  });
  it('has nothing to compare where our own request works, is silent, or breaks midway', () => {
    const after = (exchange: Exchange) =>
      otherAgent.skip?.(contextOf(SITE, fine, { measurements: { 'own-request': { exchanges: [exchange] } } }));
    const request = { url: SITE, party: 'failing-site' } as const;
    expect(after(reset(request))).toBeUndefined();
    expect([after(fine(request)), after(ended(request, 'timed-out')), after(failure(request, 'reset', { hadHeaders: true }))]).toEqual([
      'not-applicable',
      'not-applicable',
      'not-applicable',
    ]);
  });
});

describe('last-look', () => {
  const failed = { exchanges: [reset({ url: SITE, party: 'failing-site' })] };
  const after = (exchanges: readonly Exchange[], more: Partial<ProbeContext> = {}) =>
    lastLook.skip?.({ ...contextOf(SITE, fine), measurements: { 'own-request': { exchanges } }, ...more });

  it('is taken only where nothing worked and something was said', () => {
    const request = { url: SITE, party: 'failing-site' } as const;
    expect(after(failed.exchanges)).toBeUndefined();
    expect(after([...failed.exchanges, fine(request)])).toBe('not-applicable');
    expect(after([ended(request, 'timed-out')])).toBe('not-applicable');
    expect(after([])).toBe('not-applicable');
    expect(after(failed.exchanges, { budgetLeft: () => 0 })).toBe('not-applicable');
  });
  it('is content with one failure, and asks three times for a success', async () => {
    expect((await lastLook.run(contextOf(SITE, reset))).exchanges.map(key)).toEqual(['failure']);
    const context = contextOf(SITE, fine);
    expect((await lastLook.run(context)).exchanges.map(key)).toEqual(['response', 'response', 'response']);
    expect(context.sent.every(({ isFreshConnection, cookies }) => isFreshConnection && cookies === 'include')).toBe(true);
    const mixed = contextOf(SITE, (request, index) => (index === 1 ? reset(request) : fine(request)));
    expect((await lastLook.run(mixed)).exchanges.map(key)).toEqual(['response', 'failure']);
  });
  it('asks the tab once more where our own request has come to work since it failed', async () => {
    const request = { url: SITE, party: 'failing-site' } as const;
    const tab: TabAttempt = { outcome: 'failed', durationMs: 9, requestHeaders: [], redirects: [], finalUrl: SITE };
    const exchanges = [reset(request), fine(request)];
    const context = { ...contextOf(SITE, fine), measurements: { 'own-request': { exchanges }, 'tab-replay': { plain: tab } } };
    context.tab = { replay: async () => ({ ...tab, outcome: 'loaded' }) };
    expect(lastLook.skip?.(context)).toBeUndefined();
    expect(await lastLook.run(context)).toEqual({ exchanges: [], tab: { ...tab, outcome: 'loaded' } });
    expect(context.sent).toEqual([]);
    const works = { ...context.measurements, 'own-request': { exchanges: [fine(request), fine(request)] } };
    expect(lastLook.skip?.({ ...context, measurements: works })).toBe('not-applicable');
  });
  it('loads a tab that was lucky up to three times more where the page is known to come and go', async () => {
    const request = { url: SITE, party: 'failing-site' } as const;
    const tab: TabAttempt = { outcome: 'loaded', durationMs: 9, requestHeaders: [], redirects: [], finalUrl: SITE };
    const context = {
      ...contextOf(SITE, fine),
      measurements: { 'own-request': { exchanges: [fine(request)] }, 'tab-replay': { plain: tab } },
    };
    expect(lastLook.skip?.(context)).toBe('not-applicable');
    const comingBack = { ...context, incident: { ...context.incident, comeBacks: 1 } };
    expect(lastLook.skip?.(comingBack)).toBeUndefined();
    const withLoads = (outcomes: readonly TabAttempt['outcome'][]) => {
      let loads = 0;
      const replay = async () => {
        loads += 1;
        return { ...tab, outcome: outcomes[loads - 1] ?? 'loaded' };
      };
      return lastLook.run({ ...comingBack, tab: { replay } }).then((result) => [loads, result.tab?.outcome]);
    };
    expect(await withLoads([])).toEqual([3, 'loaded']);
    expect(await withLoads(['loaded', 'failed'])).toEqual([2, 'failed']);
    const failing = { ...comingBack.measurements, 'own-request': { exchanges: [fine(request), reset(request)] } };
    expect(lastLook.skip?.({ ...comingBack, measurements: failing })).toBe('not-applicable');
  });
  it('comes after every other probe', () => {
    expect(PROBES.filter(({ id }) => id !== 'last-look' && !lastLook.after.includes(id)).map(({ id }) => id)).toEqual([
      'device-state',
      'installed-extensions',
      'proxy-settings',
    ]);
  });
  it('reads as far as the page broke', async () => {
    const context = contextOf(SITE, reset);
    context.measurements = {
      'own-request': { exchanges: [failure({ url: SITE, party: 'failing-site' }, 'reset', { hadHeaders: true, bytes: 90_000 })] },
    };
    await lastLook.run(context);
    expect(context.sent[0]?.maxBytes).toBe(2 * 1024 * 1024);
  });
});

describe('direct-connection', () => {
  it('reads as far as the page broke', async () => {
    const midway = (request: ExchangeRequest) => failure(request, 'reset', { hadHeaders: true, bytes: 90_000 });
    const context = contextOf(SITE, midway);
    context.measurements = { 'own-request': { exchanges: [midway({ url: SITE, party: 'failing-site' })] } };
    await directConnection.run(context);
    expect(context.sent.length).toBeGreaterThanOrEqual(2);
    expect(new Set(context.sent.map(({ maxBytes }) => maxBytes))).toEqual(new Set([2 * 1024 * 1024]));
  });
  it('asks past the proxy first and long where the page takes long to fail, and by it in the time that is left', async () => {
    const asked = async (durationMs: number, url = SITE) => {
      let nowMs = 0;
      const midway = (request: ExchangeRequest) => {
        nowMs = 4_500;
        return failure(request, 'reset', { hadHeaders: true, durationMs });
      };
      const context = contextOf(url, midway, { now: () => nowMs });
      context.measurements = { 'own-request': { exchanges: [failure({ url, party: 'failing-site' }, 'reset', { durationMs })] } };
      const { direct, proxied } = await directConnection.run(context);
      return [direct.length, proxied.length, ...context.sent.map(({ isDirect, timeoutMs }) => (isDirect ? timeoutMs : -(timeoutMs ?? 0)))];
    };
    expect(await asked(2_400)).toEqual([2, 1, 7_300, 7_300, -2_800]);
    // Of a private host one thing at a time is asked.
    expect(await asked(2_400, 'http://192.168.7.7/slow')).toEqual([1, 1, 7_300, -2_800]);
    expect(await asked(300)).toEqual([2, 2, -2_500, -2_500, 2_500, 2_500]);
  });
  it('asks no more by the proxy where no time is left for it', async () => {
    let nowMs = 0;
    const long = (request: ExchangeRequest) => {
      nowMs = 6_900;
      return answer(request);
    };
    const context = contextOf(SITE, long, { now: () => nowMs });
    context.incident = { ...context.incident, durationMs: 2_400 };
    expect((await directConnection.run(context)).proxied).toEqual([]);
  });
  it('asks for nothing where the queue of the setting has taken the time', async () => {
    let nowMs = 0;
    const context = contextOf(SITE, reset, { now: () => nowMs });
    context.incident = { ...context.incident, durationMs: 2_400 };
    const { proxy } = context;
    const whileDirect: typeof proxy.whileDirect = (host, use) => {
      nowMs = 6_900;
      return proxy.whileDirect(host, use);
    };
    expect(await directConnection.run({ ...context, proxy: { ...proxy, whileDirect } })).toEqual({
      isInEffect: true,
      direct: [],
      proxied: [],
    });
    expect(context.sent).toEqual([]);
  });
});

describe('a page that breaks late in its answer', () => {
  const late = (answer: Parameters<typeof contextOf>[1], url = SITE) => {
    const context = contextOf(url, answer);
    return { ...context, incident: { ...context.incident, phase: 'response-started' as const, durationMs: 6_000 } };
  };
  it('is asked for twice at once, for as long as there is time', async () => {
    const context = late((request) => failure(request, 'reset', { hadHeaders: true, bytes: 90_000 }));
    expect((await ownRequest.run(context)).exchanges).toHaveLength(2);
    expect(context.sent.map(({ timeoutMs }) => timeoutMs)).toEqual([7500, 7500]);
    // Of a private host one thing at a time is asked.
    expect((await ownRequest.run(late(reset, 'http://192.168.7.7/slow'))).exchanges).toHaveLength(1);
  });
  it('is not asked for where a try would not last as long', async () => {
    const context = late(fine);
    context.measurements = { 'own-request': { exchanges: [reset({ url: SITE, party: 'failing-site' })] } };
    expect(await repetition.run(context)).toEqual({ inARow: [], burst: [], reused: [] });
    expect(lastLook.skip?.(context)).toBe('not-applicable');
    expect(context.sent).toEqual([]);
  });
  it('is looked at once more at last where it came past the proxy, for as long as there is time', async () => {
    const request = { url: SITE, party: 'failing-site' } as const;
    const midway = failure(request, 'reset', { hadHeaders: true, durationMs: 3_400 });
    const context = late(reset);
    context.measurements = {
      'own-request': { exchanges: [midway, midway] },
      'direct-connection': { isInEffect: true, direct: [fine(request)], proxied: [] },
    };
    expect(lastLook.skip?.(context)).toBeUndefined();
    await lastLook.run(context);
    // One after the other there is no time for, and one success is no end of a fault.
    expect(context.sent.map(({ timeoutMs }) => timeoutMs)).toEqual([7500, 7500, 7500]);
    // What was cut by our own time says nothing.
    context.measurements = { ...context.measurements, 'own-request': { exchanges: [midway, ended(request, 'cancelled')] } };
    expect(lastLook.skip?.(context)).toBeUndefined();
    // Silence of our own requests, which is not asked for again elsewhere, is here.
    context.measurements = { ...context.measurements, 'own-request': { exchanges: [ended(request, 'timed-out')] } };
    expect(lastLook.skip?.(context)).toBeUndefined();
  });
});

describe('other-scheme', () => {
  it('asks the very port as well where the error may mean the wrong language', async () => {
    const asked = async (kind: Failure, url = SITE) => {
      const context = contextOf(url, fine);
      context.incident = { ...context.incident, error: { raw: '', failure: kind } };
      await otherScheme.run(context);
      return context.sent.map((request) => request.url);
    };
    expect(await asked('tls-alert-or-protocol')).toEqual(['http://shop.example/', 'http://shop.example:443/']);
    expect(await asked('empty-response', 'http://shop.example/')).toEqual(['https://shop.example/', 'https://shop.example:80/']);
    expect(await asked('reset')).toEqual(['http://shop.example/']);
    expect(await asked('tls-alert-or-protocol', 'https://shop.example:8443/')).toEqual(['http://shop.example:8443/']);
  });
  it('sends a large request where the page takes long to fail and a small one is answered, and then the small one again', async () => {
    const asked = async (incident: Parameters<typeof incidentOf>[1], large: 'response' | 'timed-out', more: Partial<ProbeContext> = {}) => {
      const reply = (request: ExchangeRequest) => (request.headers && large === 'timed-out' ? ended(request, 'timed-out') : fine(request));
      const context = contextOf(SITE, reply, { incident: incidentOf(SITE, incident), ...more });
      const result = await otherScheme.run(context);
      const sizes = context.sent.map(({ headers }) => Object.values(headers ?? {}).join('').length);
      return [...sizes, result.large?.exchange.outcome, result.large?.again?.outcome];
    };
    const slow = { durationMs: 4_200 };
    expect(await asked(slow, 'timed-out')).toEqual([0, 3_000, 0, 'timed-out', 'response']);
    expect(await asked(slow, 'response')).toEqual([0, 3_000, 'response', undefined]);
    const unasked = [0, undefined, undefined];
    expect(await asked({ durationMs: 90 }, 'timed-out')).toEqual(unasked);
    expect(await asked({ ...slow, phase: 'response-started' }, 'timed-out')).toEqual(unasked);
    expect(await asked(slow, 'timed-out', { canSetOwnHeaders: false })).toEqual(unasked);
    // Firefox forgets when a page began that takes half a minute to fail.
    expect(await asked({}, 'timed-out')).toEqual(unasked);
    const environment = { ...contextOf(SITE, fine).environment, engine: 'gecko' } as const;
    expect(await asked({}, 'timed-out', { environment })).toEqual([0, 3_000, 0, 'timed-out', 'response']);
  });
  it('asks by https for the very page, unless that may not be asked for again', async () => {
    const asked = async (url: string, more: Parameters<typeof incidentOf>[1] = {}) => {
      const context = contextOf(url, fine);
      context.incident = { ...incidentOf(url, more) };
      const { isSamePath } = await otherScheme.run(context);
      return [context.sent[0]?.url, isSamePath];
    };
    expect(await asked('http://shop.example/news?id=7')).toEqual(['https://shop.example/news?id=7', true]);
    expect(await asked('http://shop.example/')).toEqual(['https://shop.example/', undefined]);
    expect(await asked('http://shop.example/reset?token=abc')).toEqual(['https://shop.example/', undefined]);
    expect(await asked('http://shop.example/form', { method: 'POST' })).toEqual(['https://shop.example/', undefined]);
    expect(await asked('https://shop.example/news')).toEqual(['http://shop.example/', undefined]);
  });
  it('asks the root on the default port, or the same explicit one', async () => {
    expect(await otherScheme.run(contextOf(SITE, fine))).toMatchObject({
      scheme: 'http',
      isSamePort: false,
      exchange: { url: 'http://shop.example/' },
    });
    expect(await otherScheme.run(contextOf('http://shop.example:8080/', fine))).toMatchObject({
      scheme: 'https',
      isSamePort: true,
      exchange: { url: 'https://shop.example:8080/' },
    });
  });
  it('sees that the browser went to https by itself', async () => {
    const upgraded = await otherScheme.run(
      contextOf(SITE, (request) => answer(request, { status: 307, location: 'https://shop.example/' })),
    );
    expect(upgraded.isUpgradedByBrowser).toBe(true);
    const redirected = await otherScheme.run(
      contextOf(SITE, (request) => answer(request, { status: 307, location: 'https://shop.example/', ip: '192.0.2.7' })),
    );
    expect(redirected.isUpgradedByBrowser).toBe(false);
  });
  it('reads a notice of blocking where plain HTTP is answered or led, and keeps nothing of it', async () => {
    const read = async (first: Parameters<typeof answer>[1], there = '', url = SITE) => {
      const context = contextOf(url, (request) =>
        new URL(request.url).hostname === new URL(url).hostname ? answer(request, first) : answer(request, { text: there }),
      );
      const measured = await otherScheme.run(context);
      expect(JSON.stringify(measured)).not.toContain('notice');
      return { author: measured.blockPage, asked: context.sent.map((request) => [request.url, request.party]) };
    };
    const to = (location: string) => ({ status: 302, location });
    const denied = '<title>notice</title>Access <b>denied</b> by company policy';
    expect(await read(to('http://deny.corp.example/x'), denied)).toEqual({
      author: 'organisation',
      asked: [
        ['http://shop.example/', 'failing-site'],
        ['http://deny.corp.example/x', 'control'],
      ],
    });
    expect((await read({ status: 403, text: denied })).author).toBe('organisation');
    // To the site itself, encrypted, or with a failing page of http: nobody else is asked.
    for (const location of ['https://elsewhere.example/', 'http://www.shop.example/', '/home'])
      expect(await read(to(location), denied)).toEqual({ author: undefined, asked: [['http://shop.example/', 'failing-site']] });
    expect((await read({ text: denied }, '', 'http://shop.example/')).author).toBeUndefined();
    expect((await read(to('http://[broken'), denied)).author).toBeUndefined();
    // Too long for a notice.
    expect((await read({ text: denied, bytes: 60_000 })).author).toBeUndefined();
  });
});

describe('the author of a notice of blocking', () => {
  const host = 'shop.example';
  const led = (address: string, text = '') => authorOf(host, { text, lead: new URL(address) });
  it.each([
    ['organisation', 'Website blocked. Your organisation does not allow this page; ask the network administrator.'],
    ['organisation', 'FortiGuard Intrusion Prevention - Access Blocked'],
    ['router', 'Diese Seite ist durch die Kindersicherung der FRITZ!Box gesperrt.'],
    ['router', 'This website has been blocked by your router’s Parental Controls.'],
    ['provider', 'Access to this site has been blocked by order of the High Court. Your internet service provider'],
    ['provider', 'Доступ к ресурсу ограничен по решению Роскомнадзора, провайдер обязан'],
    ['software', 'Kaspersky Anti-Virus: this page is blocked'],
    ['provider', 'Accès bloqué par décision de justice'],
    ['provider', 'Sito oscurato per ordine dell’Autorità: AGCOM'],
    ['router', 'Сайт заблокирован: родительский контроль'],
    ['organisation', 'このサイトはブロックされました FortiGuard'],
  ])('%s, by its words', (author, text) => {
    expect(authorOf(host, { text })).toBe(author);
    expect(led('http://notice.example/', text)).toBe(author);
  });
  it('is unsaid where nobody or two sign', () => {
    expect(led('http://notice.example/blocked?site=shop')).toBe('unsaid');
    expect(led('http://notice.example/', 'Blocked. Ask your router or your court.')).toBe('unsaid');
    expect(authorOf(host, { text: 'Access denied' })).toBeUndefined();
  });
  it('is inside the network where the way leads there', () => {
    expect(led('http://192.168.1.1/')).toBe('private-address');
    expect(authorOf(host, { text: '<iframe src="http://10.10.34.34?type=x"></iframe>' })).toBe('private-address');
    expect(led('http://192.168.1.1/parental-control/blocked')).toBe('router');
  });
  it('is a program where this very device answers', () => {
    for (const address of ['http://127.0.0.1:8080/notice', 'http://[::1]/', 'http://localhost:1234/'])
      expect([led(address, '<p>Not now</p>'), led(address)]).toEqual(['software', 'private-address']);
  });
  it('is nobody where nothing is refused', () => {
    for (const text of ['', 'Our company policies, our employees, your router', '<script>blocked by company policy</script>Welcome'])
      expect([authorOf(host, { text }), led('http://brand.example/', text)]).toEqual([undefined, undefined]);
    expect(authorOf(host, { text: '<iframe src="https://video.example/1"></iframe>' })).toBeUndefined();
  });
});

describe('sibling-host', () => {
  it('tries www against bare, and the parents of deeper names', async () => {
    const hosts = async (url: string) => (await siblingHost.run(contextOf(url, fine))).siblings.map((sibling) => sibling.host);
    expect(await hosts(SITE)).toEqual(['www.shop.example']);
    expect(await hosts('https://www.shop.co.uk/')).toEqual(['shop.co.uk']);
    expect(await hosts('https://api.eu.shop.example/')).toEqual(['shop.example', 'www.shop.example']);
  });
  it('has none for addresses and private names', () => {
    for (const url of ['http://192.0.2.1/', 'http://[2001:db8::1]/', 'http://printer/', 'http://nas.local/'])
      expect(siblingHost.skip?.(contextOf(url, fine))).toBe('not-applicable');
  });
});

describe('bare-address', () => {
  const request: ExchangeRequest = { url: SITE, party: 'failing-site' };
  const dns = (addresses: string[]) => ({ 'browser-dns': { resolver: 'browser', addresses, status: 'ok' as const } });
  it('reaches by a certificate error, with the port of the failing URL', async () => {
    const context = contextOf('https://shop.example:8443/', (asked) => failure(asked, 'certificate'));
    context.measurements = dns(['192.0.2.1', '2001:db8::1']);
    const { results } = await bareAddress.run(context);
    expect(results.map((result) => result.tls)).toEqual(['reaches', 'reaches']);
    expect(context.sent.map((asked) => asked.url)).toEqual(['https://192.0.2.1:8443/', 'https://[2001:db8::1]:8443/']);
  });
  it('fails by a reset and by silence differently', async () => {
    const context = contextOf(SITE, (asked, index) => (index === 0 ? reset(asked) : ended(asked, 'timed-out')));
    context.measurements = dns(['192.0.2.1', '192.0.2.2']);
    expect((await bareAddress.run(context)).results.map((result) => result.tls)).toEqual(['fails', 'timed-out']);
  });
  it('gives the name as Host only by rule', async () => {
    const withRules = contextOf('http://shop.example/', (asked) => (asked.headers ? reset(asked) : fine(asked)));
    withRules.measurements = dns(['192.0.2.1']);
    expect((await bareAddress.run(withRules)).results).toEqual([
      {
        address: '192.0.2.1',
        family: 4,
        origin: 'browser',
        http: 'reaches',
        httpWithName: 'fails',
        httpWithNameError: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
      },
    ]);
    expect(withRules.sent[1]?.headers).toEqual({ host: 'shop.example' });
    const without = contextOf('http://shop.example/', fine, { canSetOwnHeaders: false, measurements: dns(['192.0.2.1']) });
    expect((await bareAddress.run(without)).results[0]?.httpWithName).toBeUndefined();
  });
  it('asks twice what gets through while our own requests fail, for once may be luck', async () => {
    const run = async (own: Exchange, luck: number) => {
      const context = contextOf(SITE, (asked, index) => (index < luck ? failure(asked, 'certificate') : reset(asked)));
      context.measurements = { ...dns(['192.0.2.1']), 'own-request': { exchanges: [own] } };
      const { results } = await bareAddress.run(context);
      expect(context.sent.every(({ isFreshConnection }) => isFreshConnection)).toBe(true);
      return results.map(({ tls }) => tls);
    };
    expect(await run(reset(request), 1)).toEqual(['reaches', 'fails']);
    expect(await run(reset(request), 2)).toEqual(['reaches', 'reaches']);
    expect(await run(reset(request), 0)).toEqual(['fails']);
    expect(await run(answer(request), 1)).toEqual(['reaches']);
  });
  it('takes at most two addresses a family and origin, marks the independent ones, and no proxy for the site', () => {
    const independent = { answers: [{ resolver: 'A', addresses: ['192.0.2.1', '198.51.100.1'], status: 'ok' as const }] };
    const own = { exchanges: [answer(request, { ip: '203.0.113.9' })] };
    const measurements = { ...dns(['192.0.2.1', '192.0.2.2', '192.0.2.3']), 'independent-dns': independent, 'own-request': own };
    expect(addressesToTry({}, measurements).map(({ address, origin }) => `${origin} ${address}`)).toEqual([
      'browser 192.0.2.1',
      'browser 192.0.2.2',
      'earlier-answer 203.0.113.9',
      'independent 198.51.100.1',
    ]);
    const proxied = { ...measurements, 'proxy-settings': { mode: 'manual' as const, heldBy: 'person' as const, servers: [] } };
    expect(addressesToTry({}, proxied).some(({ origin }) => origin === 'earlier-answer')).toBe(false);
  });
});

describe('answer-size', () => {
  it('takes the own request for the whole where it was whole', async () => {
    const context = contextOf(SITE, fine);
    const whole = failure({ url: SITE, party: 'failing-site' }, 'reset', { hadHeaders: true, bytes: 70_000 });
    context.measurements = { 'own-request': { exchanges: [whole] } };
    expect((await answerSize.run(context)).large).toBe(whole);
    expect(context.sent.map((request) => request.method)).toEqual(['HEAD']);
  });
  it('reads the whole anew where it was cut', async () => {
    const context = contextOf(SITE, fine);
    context.measurements = { 'own-request': { exchanges: [answer({ url: SITE, party: 'failing-site' }, { isComplete: false })] } };
    await answerSize.run(context);
    expect(context.sent.map((request) => request.method)).toEqual(['HEAD', 'GET']);
  });
});

describe('controls', () => {
  const published = (request: ExchangeRequest): Exchange => {
    const control = CONTROLS.find((one) => one.http === request.url || one.https === request.url);
    return answer(request, { status: control?.status ?? 0, text: `<HTML>${control?.text}</HTML>` });
  };
  it('asks at least three vendors and takes their published answers', async () => {
    const { results } = await controls.run(contextOf(SITE, published));
    expect(new Set(results.map((result) => result.vendor)).size).toBeGreaterThanOrEqual(3);
    expect(results.every((result) => result.httpVerdict === 'expected')).toBe(true);
  });
  it('sees a portal by redirect or other content, and no portal in errors', async () => {
    const verdicts = async (reply: (request: ExchangeRequest) => Exchange) =>
      new Set((await controls.run(contextOf(SITE, reply))).results.map((result) => result.httpVerdict));
    expect(await verdicts((request) => answer(request, { status: 302, location: 'http://login.example/', ip: '10.0.0.1' }))).toEqual(
      new Set(['portal']),
    );
    expect(await verdicts((request) => answer(request, { status: 200, text: '<form>Welcome' }))).toEqual(new Set(['portal']));
    expect(await verdicts((request) => answer(request, { status: 502 }))).toEqual(new Set(['failed']));
    expect(await verdicts(reset)).toEqual(new Set(['failed']));
  });
  it('names the failing site nowhere and keeps still where it is switched off', async () => {
    const context = contextOf(SITE, published);
    await controls.run(context);
    expect(context.sent.some((request) => JSON.stringify(request).includes('shop.example'))).toBe(false);
    expect(controls.skip?.(contextOf(SITE, fine, { settings: { isControlsAllowed: false, isProbeTabAllowed: true } }))).toBe(
      'not-applicable',
    );
  });
});

describe('dns', () => {
  it('never tells a private name to anybody', () => {
    for (const host of ['localhost', 'printer', 'nas.local', 'wiki.corp.internal', '192.168.1.1', '[::1]', '93.184.216.34'])
      expect(independentDns.skip?.(contextOf(`http://${host}/`, fine))).toBe('not-applicable');
    expect(independentDns.skip?.(contextOf(SITE, fine))).toBeUndefined();
  });
  it('asks by GET and bears resolvers that do not answer', async () => {
    const context = contextOf(SITE, reset);
    const { answers } = await independentDns.run(context);
    expect(answers.map((one) => one.status)).toEqual(['unreachable', 'unreachable', 'unreachable']);
    expect(
      context.sent.every((request) => request.method === undefined && request.url.includes('?dns=AAABAAABAAAAAAAABHNob3AHZXhhbXBsZQAA')),
    ).toBe(true);
  });
  it('takes the browser where it has a way', async () => {
    expect(browserDns.skip?.(contextOf(SITE, fine))).toBe('cannot-in-this-browser');
    const resolve = async () => ({ resolver: 'browser', addresses: ['192.0.2.1'], status: 'ok' as const });
    const context = contextOf(SITE, fine, { dns: { resolve } });
    expect(browserDns.skip?.(context)).toBeUndefined();
    expect((await browserDns.run(context)).addresses).toEqual(['192.0.2.1']);
  });
});

describe('proxy', () => {
  it('tells the proxy that a request took, in Firefox', async () => {
    const context = contextOf(SITE, fine);
    context.environment = { ...context.environment, engine: 'gecko' };
    const request: ExchangeRequest = { url: SITE, party: 'failing-site' };
    const proxy = { type: 'http', host: 'proxy.example', port: 3128 };
    context.measurements = { 'own-request': { exchanges: [failure(request, 'reset', { proxy })] } };
    expect((await proxySettings.run(context)).observed).toEqual(proxy);
    context.measurements = { 'own-request': { exchanges: [reset(request)] } };
    expect((await proxySettings.run(context)).observed).toBe('none');
    context.measurements = {};
    expect((await proxySettings.run(context)).observed).toBeUndefined();
  });
  it('has nothing to bypass where the browser surely goes direct', () => {
    const context = contextOf(SITE, fine);
    context.measurements = { 'proxy-settings': { mode: 'direct', heldBy: 'person', servers: [] } };
    expect(directConnection.skip?.(context)).toBe('not-applicable');
    context.measurements = { 'proxy-settings': { mode: 'system', heldBy: 'person', servers: [] } };
    expect(directConnection.skip?.(context)).toBeUndefined();
  });
  it('compares by the proxy with past it, and says who holds it otherwise', async () => {
    let isDirect = false;
    const proxy = {
      read: async () => ({ mode: 'manual' as const, heldBy: 'person' as const, servers: [] }),
      whileDirect: async <T>(_host: string, use: () => Promise<T>) => {
        isDirect = true;
        return { isInEffect: true as const, value: await use() };
      },
    };
    const measured = await directConnection.run(contextOf(SITE, (request) => (isDirect ? fine(request) : reset(request)), { proxy }));
    expect([measured.proxied.map(key), measured.direct.map(key)]).toEqual([
      ['failure', 'failure'],
      ['response', 'response'],
    ]);
    const held = { ...proxy, whileDirect: async () => ({ isInEffect: false as const, heldBy: 'policy' }) };
    isDirect = false;
    expect(await directConnection.run(contextOf(SITE, reset, { proxy: held }))).toMatchObject({
      isInEffect: false,
      direct: [],
      heldBy: 'policy',
    });
  });
});

describe('extensions', () => {
  const extension = (id: string, more: Partial<ExtensionFacts> = {}): ExtensionFacts => ({
    id,
    name: id,
    version: '1',
    isEnabled: true,
    abilities: ['headers'],
    hasHostAccess: true,
    mayDisable: true,
    ...more,
  });
  it('lists those that are able', async () => {
    const all = [
      extension('able'),
      extension('elsewhere', { hasHostAccess: false }),
      extension('proxy', { hasHostAccess: false, abilities: ['proxy'] }),
    ];
    const { extensions } = await installedExtensions.run(contextOf(SITE, fine, { extensions: { list: async () => all } }));
    expect(extensions.map((one) => one.id)).toEqual(['able', 'proxy']);
  });
  it('switches off what is able and may be, and tells what really went off', async () => {
    let off = new Set<string>();
    const all = [extension('one'), extension('open-page'), extension('policy', { mayDisable: false })];
    const doors = {
      list: async () => all.map((one) => ({ ...one, isEnabled: !off.has(one.id) })),
      whileOff: async <T>(ids: readonly string[], use: () => Promise<T>) => {
        off = new Set(ids.filter((id) => id !== 'open-page'));
        const value = await use();
        off = new Set();
        return value;
      },
    };
    const replay = async () => (off.has('one') ? tab({ outcome: 'loaded' }) : tab());
    const measured = await extensionsOff.run(contextOf(SITE, fine, { extensions: doors, tab: { replay } }));
    expect(measured.switchedOff).toEqual(['one']);
    expect([measured.off.map((one) => one.outcome), measured.on.map((one) => one.outcome)]).toEqual([
      ['loaded', 'loaded'],
      ['failed', 'failed'],
    ]);
  });
  it('is worth it only where the tab fails and our own request works, or an extension holds the proxy', () => {
    const whileOff = async <T>(_ids: readonly string[], use: () => Promise<T>) => use();
    const context = contextOf(SITE, fine, { extensions: { list: async () => [], whileOff } });
    const request: ExchangeRequest = { url: SITE, party: 'failing-site' };
    context.measurements = { 'tab-replay': { plain: tab() }, 'own-request': { exchanges: [fine(request)] } };
    expect(extensionsOff.skip?.(context)).toBeUndefined();
    context.measurements = { 'tab-replay': { plain: tab() }, 'own-request': { exchanges: [reset(request)] } };
    expect(extensionsOff.skip?.(context)).toBe('not-applicable');
    context.measurements = { ...context.measurements, 'proxy-settings': { mode: 'manual', heldBy: 'other-extension', servers: [] } };
    expect(extensionsOff.skip?.(context)).toBeUndefined();
    expect(extensionsOff.skip?.({ ...context, extensions: { list: async () => [] } })).toBe('cannot-in-this-browser');
  });
});

describe('device-state', () => {
  it('says what the device says', async () => {
    const context = contextOf(SITE, fine, { device: () => ({ isOnline: false, connectionType: 'wifi' }), hasHostAccess: false });
    expect(await deviceState.run({ ...context, now: () => Date.parse('2026-11-21') })).toEqual({
      isOnline: false,
      connectionType: 'wifi',
      hasHostAccess: false,
      browserAgeDays: 32,
    });
  });
});
