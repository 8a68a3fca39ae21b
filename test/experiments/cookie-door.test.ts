import { describe, expect, it } from 'vitest';
import { needTending } from '../../src/background/copies';
import type { BrowserApi } from '../../src/background/doors/browser-api';
import { createCookieJar } from '../../src/background/doors/cookie-door';
import { clearSiteData } from '../../src/background/doors/site-data-door';
import { COPY_KEPT_MS } from '../../src/experiments/cookie-copies';
import { type Cookie, isSentTo, keyOf } from '../../src/experiments/cookie-jar';
import { cookie as named } from './samples';

const cookie = (more: Partial<Cookie> = {}) => named(more.name ?? 'sid', more);

type Cookies = NonNullable<BrowserApi['cookies']>;
type SetDetails = Parameters<Cookies['set']>[0];

/** A jar that removes as Chromium does: all of the name that match the address. */
function createBrowser(all: readonly Cookie[]) {
  const jar = new Map(all.map((one) => [keyOf(one), one]));
  const sets: SetDetails[] = [];
  const cookies: Cookies = {
    getAll: async () => [...jar.values()],
    async set(details) {
      sets.push(details);
      const { url, domain, expirationDate, ...rest } = details;
      const made = {
        ...rest,
        domain: domain ?? new URL(url).hostname,
        hostOnly: domain === undefined,
        session: expirationDate === undefined,
      } as Cookie;
      if (expirationDate !== undefined) made.expirationDate = expirationDate;
      if (expirationDate !== undefined && expirationDate < 1000) jar.delete(keyOf(made));
      else jar.set(keyOf(made), made);
      return made;
    },
    async remove({ name }) {
      for (const [key, one] of jar) if (one.name === name) jar.delete(key);
    },
  };
  return { jar, sets, api: { cookies } as unknown as BrowserApi };
}

describe('the cookie jar', () => {
  it('takes away exactly one of several with the same name', async () => {
    const mine = cookie();
    const wide = cookie({ domain: '.shop.example', hostOnly: false });
    const deep = cookie({ path: '/deep' });
    const { api, jar } = createBrowser([mine, wide, deep]);
    await createCookieJar(api, 'chromium').remove(mine);
    expect([...jar.values()]).toEqual([wide, deep]);
    await createCookieJar(api, 'chromium').remove(mine);
    expect(jar.size).toBe(2);
  });

  it('puts one in as it was, whatever it is', async () => {
    for (const one of [
      cookie(),
      cookie({ domain: '.shop.example', hostOnly: false, httpOnly: false, sameSite: 'lax' }),
      cookie({ session: true, expirationDate: undefined } as Partial<Cookie>),
      cookie({ secure: false, path: '/deep', sameSite: 'unspecified' }),
      cookie({ partitionKey: { topLevelSite: 'https://shop.example' }, sameSite: 'no_restriction' }),
    ]) {
      const { api, jar, sets } = createBrowser([]);
      await createCookieJar(api, 'chromium').put(one);
      expect([...jar.values()].map((made) => JSON.stringify(Object.entries(made).sort()))).toEqual([
        JSON.stringify(Object.entries(JSON.parse(JSON.stringify(one)) as Cookie).sort()),
      ]);
      expect(sets[0]?.url).toBe(`${one.secure ? 'https' : 'http'}://shop.example${one.path}`);
    }
  });

  it('says so where the browser does not do as told, or the permission is gone', async () => {
    const { api } = createBrowser([cookie()]);
    const stubborn = { cookies: { ...api.cookies, remove: async () => undefined, set: async () => null } } as unknown as BrowserApi;
    await expect(createCookieJar(stubborn, 'chromium').remove(cookie())).rejects.toThrow('could not be deleted');
    await expect(createCookieJar(stubborn, 'chromium').put(cookie({ name: 'new' }))).rejects.toThrow('could not be put back');
    await expect(async () => createCookieJar({} as BrowserApi, 'chromium').all('https://a.example/')).rejects.toThrow('taken back');
  });

  it('asks Firefox as it wants to be asked', async () => {
    const asked: unknown[] = [];
    const getAll = async (filter: unknown) => {
      asked.push(filter);
      return [];
    };
    await createCookieJar({ cookies: { getAll } } as unknown as BrowserApi, 'gecko').all('https://a.example/');
    expect(asked[0]).toEqual({ url: 'https://a.example/', partitionKey: {}, firstPartyDomain: null });
  });

  it('knows what a page of its own top-level site sends', () => {
    expect(isSentTo('a.shop.example', cookie())).toBe(true);
    expect(isSentTo('a.shop.example', cookie({ partitionKey: { topLevelSite: 'https://shop.example' } }))).toBe(true);
    expect(isSentTo('shop.example', cookie({ partitionKey: { topLevelSite: 'https://other.example' } }))).toBe(false);
    expect(isSentTo('notshop.example', cookie({ partitionKey: { topLevelSite: 'https://shop.example' } }))).toBe(false);
    expect(isSentTo('shop.example', cookie({ partitionKey: { topLevelSite: 'nonsense' } }))).toBe(false);
  });
});

describe('clearing as narrowly as the browser can', () => {
  const calls: unknown[] = [];
  const api = { browsingData: { remove: async (...call: unknown[]) => void calls.push(call) } } as unknown as BrowserApi;
  const urls = ['https://shop.example/a', 'https://shop.example:8443/b'];

  it.each([
    ['chromium', 'cache', { since: 0, origins: ['https://shop.example', 'https://shop.example:8443'] }, { cache: true }],
    [
      'chromium',
      'storage',
      { since: 0, origins: ['https://shop.example', 'https://shop.example:8443'] },
      { localStorage: true, indexedDB: true, fileSystems: true },
    ],
    ['gecko', 'cache', { since: 0 }, { cache: true }],
    ['gecko', 'service-worker', { since: 0, hostnames: ['shop.example', 'shop.example:8443'] }, { serviceWorkers: true }],
  ] as const)('%s, %s', async (engine, what, options, types) => {
    await clearSiteData(api, engine, what, urls);
    expect(calls.at(-1)).toEqual([options, types]);
  });

  it('never takes a cookie', async () => {
    for (const engine of ['chromium', 'gecko'] as const) {
      for (const what of ['cache', 'service-worker', 'storage'] as const) await clearSiteData(api, engine, what, urls);
    }
    expect(JSON.stringify(calls)).not.toMatch(/cookie|history|password/i);
    await expect(clearSiteData({} as BrowserApi, 'chromium', 'cache', urls)).rejects.toThrow('taken back');
  });
});

describe('copies that need tending', () => {
  const copy = { cookies: [cookie()], atMs: 1000, state: 'removed', isSure: true };
  it.each([
    [undefined, false],
    ['x', false],
    [[null, 1, {}], true],
    [[{ secrets: ['x'], atMs: 1000 }], true],
    [[], false],
    [[copy], false],
    [[{ ...copy, isSure: undefined }], true],
    [[{ ...copy, state: 'removing' }], true],
    [[{ ...copy, atMs: 1000 - COPY_KEPT_MS }], true],
    [[{ ...copy, atMs: 'x' }], true],
    [[{ ...copy, state: 'restored', cookies: [] }], false],
  ])('%j: %s', (stored, expected) => expect(needTending(stored, 1000)).toBe(expected));
});
