import { describe, expect, it } from 'vitest';
import type { ExperimentContext } from '../../src/experiments/experiment';
import { privateWindow } from '../../src/experiments/private-window';
import { siteData } from '../../src/experiments/site-data';
import type { ExperimentDetails, ExperimentId, Judgement } from '../../src/model/experiment';
import type { TabAttempt } from '../../src/model/measurement';
import { breaks, loads } from '../scenarios/walk';

const incident = {
  url: 'https://shop.example:8443/a',
  host: 'shop.example',
  error: { raw: '', failure: 'reset' },
  redirects: [] as string[],
};

/** A context that keeps what it is told, with judgements by script; the last one stays. */
function createContext<Id extends ExperimentId>(judgements: readonly Judgement[], doors: object, more: object = {}) {
  const told: ExperimentDetails[Id][] = [];
  const left = [...judgements];
  const judged: unknown[] = [];
  const context = {
    incident,
    doors,
    isOtherJar: false,
    signal: new AbortController().signal,
    now: () => 7,
    async judge(options: unknown) {
      judged.push(options);
      return left.length > 1 ? (left.shift() as Judgement) : (left[0] as Judgement);
    },
    async tell(_progress: unknown, detail: ExperimentDetails[Id]) {
      told.push(structuredClone(detail));
    },
    word: async () => ({ word: 'leave' }),
    ...more,
  } as unknown as ExperimentContext<Id>;
  return { context, told, judged, last: () => told.at(-1) };
}

describe('clearing site data', () => {
  const clearing = (cleared: string[]) => ({
    clearSiteData: async (what: string, urls: readonly string[]) => void cleared.push([what, ...urls].join(' ')),
  });

  it('stops at the first step that mends it, and only after three loads that worked', async () => {
    const cleared: string[] = [];
    const { context, last, judged } = createContext<'site-data'>(['fails', 'fails', 'works', 'works', 'works'], clearing(cleared));
    await siteData.run(context, {}, undefined);
    expect(cleared).toEqual(['cache https://shop.example:8443/a', 'service-worker https://shop.example:8443/a']);
    expect(last()).toMatchObject({ before: 'fails', mendedBy: 'service-worker' });
    expect(judged).toHaveLength(5);
    expect(new Set(judged.map((one) => JSON.stringify(one)))).toEqual(new Set(['{"isFromStart":true}']));
  });

  it('calls one lucky load no mend', async () => {
    const { context, last } = createContext<'site-data'>(['fails', 'works', 'fails'], clearing([]));
    await siteData.run(context, {}, undefined);
    expect(last()?.mendedBy).toBeUndefined();
    expect(last()?.cleared.map(({ judgement }) => judgement)).toEqual(['fails', 'fails']);
  });

  it('asks before what cannot be got back, and takes no for an answer', async () => {
    const cleared: string[] = [];
    const { context, last, told } = createContext<'site-data'>(['fails'], clearing(cleared));
    await siteData.run(context, {}, undefined);
    expect(told.some(({ next }) => next === 'storage')).toBe(true);
    expect(cleared.map((one) => one.split(' ')[0])).toEqual(['cache', 'service-worker']);
    expect(last()?.next).toBeUndefined();

    const all: string[] = [];
    const yes = createContext<'site-data'>(['fails'], clearing(all), { word: async () => ({ word: 'clear' }) });
    await siteData.run(yes.context, {}, undefined);
    expect(all.map((one) => one.split(' ')[0])).toEqual(['cache', 'service-worker', 'storage']);
    expect(yes.last()?.mendedBy).toBeUndefined();
  });

  it('notes what it is about to clear, because it cannot be given back', async () => {
    const { context, told } = createContext<'site-data'>(['fails'], {
      clearSiteData: async () => {
        throw new Error('killed');
      },
    });
    await expect(siteData.run(context, {}, undefined)).rejects.toThrow('killed');
    expect(told.at(-1)?.cleared).toEqual([{ what: 'cache', atMs: 7 }]);
  });

  it('goes on where it was, and clears nothing twice', async () => {
    const cleared: string[] = [];
    const before = {
      before: 'fails',
      next: 'storage',
      cleared: [
        { what: 'cache', atMs: 1, judgement: 'fails' },
        { what: 'service-worker', atMs: 2, judgement: 'fails' },
      ],
    } as const;
    const { context, last } = createContext<'site-data'>(['works'], clearing(cleared), { word: async () => ({ word: 'clear' }) });
    await siteData.run(context, {}, before);
    expect(cleared.map((one) => one.split(' ')[0])).toEqual(['storage']);
    expect(last()?.mendedBy).toBe('storage');
  });

  it('clears nothing of a page that loads, but the cache where a kept redirect led to the failure', async () => {
    const cleared: string[] = [];
    const fine = createContext<'site-data'>(['works'], clearing(cleared));
    await siteData.run(fine.context, {}, undefined);
    expect(cleared).toEqual([]);
    const redirected = { incident: { ...incident, redirects: ['https://shop.example/a', 'chrome://x'] } };
    const kept = createContext<'site-data'>(['works'], clearing(cleared), redirected);
    await siteData.run(kept.context, {}, undefined);
    // The redirect is kept with the address that led.
    expect(cleared).toEqual(['cache https://shop.example/a https://shop.example:8443/a']);
    expect(kept.last()?.mendedBy).toBe('cache');
  });

  it('does nothing without the permission, or for a jar that is not ours', async () => {
    const none = createContext<'site-data'>(['fails'], {});
    await siteData.run(none.context, {}, undefined);
    expect(none.last()).toEqual({ cleared: [], isNotAllowed: true });
    const cleared: string[] = [];
    const other = createContext<'site-data'>(['fails'], clearing(cleared), { isOtherJar: true });
    await siteData.run(other.context, {}, undefined);
    expect(cleared).toEqual([]);
  });
});

describe('the private window', () => {
  const door = (attempts: TabAttempt[], isAllowed = true) => {
    const shown: string[] = [];
    return {
      shown,
      doors: {
        privateWindow: {
          isAllowed: async () => isAllowed,
          load: async () => attempts.shift() as TabAttempt,
          show: async (url: string) => void shown.push(url),
        },
      },
    };
  };
  const run = async (doors: object) => {
    const { context, last } = createContext<'private-window'>(['unclear'], doors);
    await privateWindow.run(context, {}, undefined);
    return last();
  };

  it('keeps nothing but works, fails or neither, of two windows', async () => {
    expect(await run(door([loads(), loads()]).doors)).toEqual({ outcome: 'works' });
    expect(await run(door([breaks(), breaks('empty-response')]).doors)).toEqual({ outcome: 'fails' });
    expect(await run(door([breaks(), loads()]).doors)).toEqual({ outcome: 'unclear' });
    expect(await run(door([breaks('certificate'), breaks('certificate')]).doors)).toEqual({ outcome: 'unclear' });
  });

  it('shows one where it may not look, and asks for one by hand where it may not even that', async () => {
    const asked = door([], false);
    expect(await run(asked.doors)).toEqual({ isAsked: true });
    expect(asked.shown).toEqual([incident.url]);
    const refused = { privateWindow: { isAllowed: async () => false, show: async () => Promise.reject(new Error('no')) } };
    expect(await run(refused)).toEqual({ isAsked: true, isByHand: true });
  });
});
