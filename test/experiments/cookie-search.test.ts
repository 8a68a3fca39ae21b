import { describe, expect, it } from 'vitest';
import type { Cookie } from '../../src/experiments/cookie-jar';
import { cookieSearch, MOST_REQUESTS } from '../../src/experiments/cookie-search';
import type { ExperimentContext } from '../../src/experiments/experiment';
import type { Exchange, ExchangeRequest } from '../../src/model/exchange';
import type { ExperimentDetails } from '../../src/model/experiment';
import { chances, cookie as lasting } from './samples';

type Detail = ExperimentDetails['cookie-search'];

const cookie = (name: string, bytes: number, more: Partial<Cookie> = {}): Cookie => {
  const { expirationDate: _none, ...ofSession } = lasting(name, { value: 'v'.repeat(Math.max(0, bytes - name.length - 1)), session: true });
  return { ...ofSession, httpOnly: false, sameSite: 'lax', ...more };
};

const base = { url: 'https://shop.example/', durationMs: 1, wasFresh: true };
const answer: Exchange = { ...base, outcome: 'response', status: 200, protocol: 'h2', bytes: 1, isComplete: true };
const reset: Exchange = {
  ...base,
  outcome: 'failure',
  error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
  hadHeaders: false,
  bytes: 0,
};

/** Searches against a site that answers as `site` says to the names of the cookies it got. */
async function search(cookies: readonly Cookie[], site: (names: readonly string[], request: ExchangeRequest) => Exchange) {
  const requests: ExchangeRequest[] = [];
  const touched: string[] = [];
  let told: Detail | undefined;
  const context = {
    incident: { url: 'https://shop.example/', host: 'shop.example', method: 'GET', error: { raw: '', failure: 'reset' }, redirects: [] },
    signal: new AbortController().signal,
    canSetOwnHeaders: true,
    doors: {
      cookies: {
        all: async () => cookies,
        remove: async () => void touched.push('remove'),
        put: async () => void touched.push('put'),
      },
    },
    async request(request: ExchangeRequest) {
      requests.push(request);
      const header = request.headers?.cookie ?? '';
      return site(header === '' ? [] : header.split('; ').map((one) => one.split('=')[0] ?? ''), request);
    },
    async tell(_progress: unknown, detail: Detail) {
      told = detail;
    },
  } as unknown as ExperimentContext<'cookie-search'>;
  await cookieSearch.run(context, {}, undefined);
  if (!told) throw new Error('nothing was told');
  return { detail: told as Detail, requests, touched };
}

const jar = (count: number) => Array.from({ length: count }, (_, index) => cookie(`c${index}`, 60 + index));

describe('the cookie search', () => {
  it('names the one that is too large, by few requests, and touches no jar', async () => {
    const cookies = [cookie('session', 200), cookie('basket', 9_000), cookie('seen', 40)];
    const { detail, requests, touched } = await search(cookies, (names) => (names.includes('basket') ? reset : answer));
    expect(detail).toMatchObject({ outcome: 'found', count: 3, culprits: [{ name: 'basket', bytes: 9_000, path: '/', isSession: true }] });
    expect(requests.length).toBeLessThanOrEqual(15);
    expect(detail.requests).toBe(requests.length);
    expect(touched).toEqual([]);
    // No answer may set a cookie, and only a GET is sent.
    expect(new Set(requests.map(({ cookies: jar, method }) => `${jar} ${method ?? 'GET'}`))).toEqual(new Set(['omit GET']));
    expect(JSON.stringify(detail)).not.toContain('vvv');
  });

  it('finds a small one among many', async () => {
    for (const culprit of ['c0', 'c17', 'c49']) {
      const { detail, requests } = await search(jar(50), (names) => (names.includes(culprit) ? reset : answer));
      expect(detail.culprits?.map(({ name }) => name)).toEqual([culprit]);
      expect(requests.length).toBeLessThanOrEqual(22);
    }
  });

  it('names the fewest where the sum is too large, and between which sizes the limit lies', async () => {
    const cookies = Array.from({ length: 6 }, (_, index) => cookie(`p${index}`, 3_000 + index));
    const { detail } = await search(cookies, (_names, { headers }) => ((headers?.cookie ?? '').length > 12_500 ? reset : answer));
    expect(detail.culprits).toHaveLength(2);
    expect(detail.limit?.worksBytes).toBeLessThanOrEqual(12_500);
    expect(detail.limit?.failsBytes).toBeGreaterThan(12_500);
  });

  it('blames nobody where cookies make no difference', async () => {
    expect((await search(jar(9), () => reset)).detail).toMatchObject({ outcome: 'fails-without-cookies', requests: 4 });
    expect((await search(jar(9), () => answer)).detail).toMatchObject({ outcome: 'works-with-cookies', requests: 10 });
    expect((await search([], () => reset)).detail).toMatchObject({ outcome: 'no-cookies', requests: 0 });
    expect((await search(jar(9), () => ({ ...base, outcome: 'timed-out' }))).detail.outcome).toBe('unclear');
    expect((await search(jar(9), () => ({ ...base, outcome: 'refused-by-us', reason: 'asked-to-stop' }))).detail.outcome).toBe(
      'asked-to-stop',
    );
  });

  it('leaves out what another top-level site alone would send', async () => {
    const foreign = cookie('foreign', 100, { partitionKey: { topLevelSite: 'https://other.example' } });
    const ours = cookie('ours', 100, { partitionKey: { topLevelSite: 'https://shop.example' } });
    const { detail } = await search([foreign, ours], (names) => (names.includes('ours') ? reset : answer));
    expect(detail).toMatchObject({ count: 1, culprits: [{ name: 'ours' }] });
  });

  it('is right in 99 of 100 where it fails in half of the tries, or says that it cannot tell', async () => {
    let right = 0;
    let wrong = 0;
    let most = 0;
    const runs = 400;
    for (let seed = 1; seed <= runs; seed += 1) {
      const draw = chances(seed);
      const count = [2, 4, 8, 20][seed % 4] as number;
      const culprit = `c${Math.floor(draw() * count)}`;
      const { detail, requests } = await search(jar(count), (names) => (names.includes(culprit) && draw() < 0.5 ? reset : answer));
      most = Math.max(most, requests.length);
      if (detail.outcome !== 'found') continue;
      if (detail.culprits?.length === 1 && detail.culprits[0]?.name === culprit) right += 1;
      else wrong += 1;
    }
    process.stdout.write(
      `cookie search, failing in half of the tries: ${right} right, ${wrong} wrong, ${runs - right - wrong} open, at most ${most} requests\n`,
    );
    expect(wrong).toBeLessThanOrEqual(runs / 100);
    expect(right).toBeGreaterThan(runs * 0.85);
    expect(most).toBeLessThanOrEqual(MOST_REQUESTS);
  });

  it('blames no cookie of a site that fails at random', async () => {
    let blamed = 0;
    const runs = 300;
    for (let seed = 1; seed <= runs; seed += 1) {
      const draw = chances(seed);
      const { detail } = await search(jar(6), () => (draw() < 0.5 ? reset : answer));
      if (detail.outcome === 'found') blamed += 1;
    }
    process.stdout.write(`cookie search, failing at random: blamed ${blamed} times in ${runs}\n`);
    expect(blamed).toBeLessThanOrEqual(runs / 100);
  });
});

describe('the word after the search', () => {
  const culprit = cookie('basket', 5_000);
  const detail: Detail = {
    count: 2,
    bytes: 5_100,
    requests: 14,
    outcome: 'found',
    culprits: [{ name: 'basket', domain: 'shop.example', path: '/', bytes: 5_000, isHttpOnly: false, isSession: true }],
  };
  const say = async (word: string, before: Detail, options: { jar?: readonly Cookie[]; judgements?: readonly string[] } = {}) => {
    const done: string[] = [];
    let told: Detail = before;
    const judgements = [...(options.judgements ?? ['works', 'works'])];
    const context = {
      incident: { url: 'https://shop.example/', host: 'shop.example' },
      signal: new AbortController().signal,
      doors: {
        cookies: { all: async () => options.jar ?? [culprit, cookie('seen', 40)] },
        cookieCopies: {
          newId: () => 'd1',
          remove: async (id: string, _host: string, all: readonly Cookie[]) => {
            // A kill from here on must leave what can be undone.
            done.push(`${told.deletionId === id ? 'told, ' : ''}remove ${all.map(({ name }) => name)}`);
          },
        },
      },
      async judge() {
        const next = judgements.shift();
        if (next === undefined) throw new Error('the test tab is switched off');
        return next;
      },
      async tell(_progress: unknown, next: Detail) {
        told = next;
      },
    } as unknown as ExperimentContext<'cookie-search'>;
    await cookieSearch.act?.(context, before, { word });
    return { done, told };
  };

  it('deletes just those, and says whether the page works twice over', async () => {
    expect(await say('delete', detail)).toMatchObject({ done: ['told, remove basket'], told: { deletionId: 'd1', afterwards: 'works' } });
    expect((await say('delete', detail, { judgements: ['works', 'fails'] })).told.afterwards).toBe('fails');
    expect((await say('delete', detail, { judgements: [] })).told).toMatchObject({ deletionId: 'd1', afterwards: 'unclear' });
  });

  it('deletes nothing that is gone, or of another name', async () => {
    expect(await say('delete', detail, { jar: [cookie('seen', 40)] })).toMatchObject({ done: [], told: { isGone: true } });
    expect((await say('other', detail)).done).toEqual([]);
  });
});
