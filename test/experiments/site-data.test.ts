import { describe, expect, it, vi } from 'vitest';
import type { ExperimentContext } from '../../src/experiments/experiment';
import { FEWEST_LOADS } from '../../src/experiments/odds';
import { privateWindow } from '../../src/experiments/private-window';
import { siteData } from '../../src/experiments/site-data';
import type { ExperimentDetails, ExperimentId, Judgement } from '../../src/model/experiment';
import type { TabAttempt } from '../../src/model/measurement';
import { breaks, loads } from '../scenarios/walk';
import { chances } from './samples';

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
    state: () => ({ measurements: {} }),
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

/** Loads that tell it from one that comes and goes. */
const ALWAYS: Judgement[] = Array.from({ length: FEWEST_LOADS }, () => 'fails');
const RUNS = 2000;
// Thousands of simulated pages take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

describe('clearing site data', () => {
  const clearing = (cleared: string[]) => ({
    clearSiteData: async (what: string, urls: readonly string[]) => void cleared.push([what, ...urls].join(' ')),
  });

  it('stops at the first step that mends it, and only after as many loads as luck does not bring', async () => {
    const cleared: string[] = [];
    const { context, last, judged } = createContext<'site-data'>([...ALWAYS, 'fails', 'works'], clearing(cleared));
    await siteData.run(context, {}, undefined);
    expect(cleared).toEqual(['cache https://shop.example:8443/a', 'service-worker https://shop.example:8443/a']);
    expect(last()).toMatchObject({ before: 'fails', mendedBy: 'service-worker' });
    expect(judged).toHaveLength(11);
    expect(new Set(judged.map((one) => JSON.stringify(one)))).toEqual(new Set(['{"isFromStart":true}']));
  });

  it('calls one lucky load no mend', async () => {
    const { context, last } = createContext<'site-data'>([...ALWAYS, 'works', 'fails'], clearing([]));
    await siteData.run(context, {}, undefined);
    expect(last()?.mendedBy).toBeUndefined();
    expect(last()?.cleared.map(({ judgement }) => judgement)).toEqual(['fails', 'fails']);
    // A success among them makes it a page that comes and goes, and counts as such in what follows.
    expect(last()?.loads?.works).toBe(1);
  });

  it('clears nothing more where nothing becomes clear', async () => {
    const turns: Judgement[] = Array.from({ length: 40 }, (_, index) => (index % 12 === 11 ? 'fails' : 'works'));
    const { context, last } = createContext<'site-data'>(
      ['fails', 'fails', 'fails', 'fails', ...Array(11).fill('works'), 'fails', ...turns],
      clearing([]),
    );
    await siteData.run(context, {}, undefined);
    expect(last()).toMatchObject({ isUnsteady: true, loads: { fails: 5, works: 11 }, cleared: [{ what: 'cache', judgement: 'unclear' }] });
  });

  it('bears loads that say nothing, but not many in a row', async () => {
    const bearable: Judgement[] = [
      'fails',
      'unclear',
      'fails',
      'fails',
      'unclear',
      'fails',
      'fails',
      'unclear',
      'works',
      'unclear',
      'works',
    ];
    const borne = createContext<'site-data'>(bearable, clearing([]));
    await siteData.run(borne.context, {}, undefined);
    expect(borne.last()).toMatchObject({ before: 'fails', loads: { fails: 5, works: 0 }, mendedBy: 'cache' });

    const cleared: string[] = [];
    const lost = createContext<'site-data'>([...ALWAYS, 'works', 'unclear'], clearing(cleared));
    await siteData.run(lost.context, {}, undefined);
    // Whether it is mended cannot be told, so nothing more is cleared.
    expect(cleared).toHaveLength(1);
    expect(lost.last()?.cleared).toEqual([{ what: 'cache', atMs: 7, judgement: 'unclear' }]);
    expect(lost.last()?.mendedBy).toBeUndefined();
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

  it('notes what it is about to clear, because it cannot be given back, and that nobody knows where the browser refused', async () => {
    let noted: unknown;
    const { context, told } = createContext<'site-data'>(['fails'], {
      clearSiteData: async () => {
        noted = told.at(-1)?.cleared;
        throw new Error('refused');
      },
    });
    await expect(siteData.run(context, {}, undefined)).rejects.toThrow('refused');
    expect(noted).toEqual([{ what: 'cache', atMs: 7 }]);
    expect(told.at(-1)?.cleared).toEqual([{ what: 'cache', atMs: 7, judgement: 'unclear', isBrokenOff: true }]);
  });

  it('clears nothing more without the permission', async () => {
    const doors: { clearSiteData?: () => Promise<void> } = { clearSiteData: async () => void delete doors.clearSiteData };
    const { context, last } = createContext<'site-data'>(['fails'], doors);
    await siteData.run(context, {}, undefined);
    expect(last()).toMatchObject({ isNotAllowed: true, cleared: [{ what: 'cache', judgement: 'fails' }] });
  });

  it('goes on where it was, and clears nothing twice', async () => {
    const cleared: string[] = [];
    const before = {
      before: 'fails',
      loads: { fails: 7, works: 0 },
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
    // It worked before: only the person's own tab can tell whether that helped.
    expect(kept.last()).toMatchObject({ before: 'works', cleared: [{ what: 'cache', judgement: 'unclear' }] });
    expect(kept.last()?.mendedBy).toBeUndefined();
  });

  it('clears nothing where it cannot judge, or where the page fails too seldom to tell a mend from luck', async () => {
    for (const judgements of [['unclear'], ['fails', 'works'], ['works', 'works', 'fails', 'fails', 'works']] as const) {
      const cleared: string[] = [];
      const { context, last } = createContext<'site-data'>(judgements, clearing(cleared));
      await siteData.run(context, {}, undefined);
      expect(cleared).toEqual([]);
      expect(last()).toMatchObject({ before: 'unclear', cleared: [] });
      expect(last()?.isUnsteady).toBe(judgements.length > 1 ? true : undefined);
    }
  });

  it('keeps telling what was under way when it was killed, and does it anew', async () => {
    const before = {
      before: 'fails',
      loads: { fails: 7, works: 0 },
      cleared: [
        { what: 'cache', atMs: 1, judgement: 'fails' },
        { what: 'service-worker', atMs: 2, judgement: 'fails' },
        { what: 'storage', atMs: 3 },
      ],
    } as const;
    const left = createContext<'site-data'>(['fails'], clearing([]));
    await siteData.run(left.context, {}, before);
    expect(left.last()?.cleared.at(-1)).toEqual({ what: 'storage', atMs: 3, judgement: 'unclear', isBrokenOff: true });
    const cleared: string[] = [];
    const again = createContext<'site-data'>(['works'], clearing(cleared), { word: async () => ({ word: 'clear' }) });
    // Killed once more while it waited.
    await siteData.run(again.context, {}, left.last());
    expect(cleared).toHaveLength(1);
    expect(again.last()).toMatchObject({ mendedBy: 'storage' });
    expect(again.last()?.cleared).toHaveLength(4);
  });

  it('tells in a repeat what former runs cleared', async () => {
    const former = { what: 'cache', atMs: 1, judgement: 'fails' } as const;
    const kept = siteData.keeps?.({ before: 'fails', cleared: [former], formerly: [{ what: 'storage', atMs: 0 }] });
    expect(kept).toEqual({ cleared: [], formerly: [{ what: 'storage', atMs: 0 }, former] });
    const { context, told } = createContext<'site-data'>(['works'], clearing([]));
    await siteData.run(context, {}, kept);
    expect(told.every(({ formerly }) => formerly?.length === 2)).toBe(true);
  });

  it('names what mended it by luck in one of a hundred at most, however often it fails, and what did mend it nearly always', async () => {
    for (const rate of [1 / 3, 1 / 2, 0.7, 1]) {
      let byLuck = 0;
      let right = 0;
      for (let seed = 1; seed <= RUNS; seed += 1) {
        const draw = chances(seed);
        let isMended = false;
        const sick = async (): Promise<Judgement> => (draw() < rate && !isMended ? 'fails' : 'works');
        const word = async () => ({ word: 'clear' });
        const luck = createContext<'site-data'>(['fails'], clearing([]), { judge: sick, word });
        await siteData.run(luck.context, {}, undefined);
        if (luck.last()?.mendedBy !== undefined) byLuck += 1;
        const worker = {
          clearSiteData: async (what: string) => {
            isMended = what === 'service-worker';
          },
        };
        const mended = createContext<'site-data'>(['fails'], worker, { judge: sick, word });
        await siteData.run(mended.context, {}, undefined);
        if (mended.last()?.mendedBy === 'service-worker') right += 1;
      }
      process.stdout.write(
        `site data, failing in ${rate.toFixed(2)} of the loads: ${byLuck} of ${RUNS} mended by luck, ${right} of ${RUNS} mends named\n`,
      );
      expect(byLuck / RUNS).toBeLessThanOrEqual(0.01);
      // Of one that fails seldom the loads are too few to tell how often.
      expect(right / RUNS).toBeGreaterThanOrEqual(rate < 0.4 ? 0.5 : rate < 0.6 ? 0.9 : 0.97);
    }
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
  const run = async (doors: object, outside: Judgement = 'fails') => {
    const { context, last } = createContext<'private-window'>([outside], doors);
    await privateWindow.run(context, {}, undefined);
    return last();
  };

  it('keeps nothing but works, fails or neither', async () => {
    const fine = () => Array.from({ length: 8 }, () => loads());
    expect(await run(door(fine()).doors)).toEqual({ outcome: 'works' });
    expect(await run(door(fine()).doors, 'works')).toEqual({ outcome: 'unclear', isWorkingOutside: true });
    expect(await run(door(fine()).doors, 'unclear')).toEqual({ outcome: 'unclear' });
    expect(await run(door([loads(), breaks()]).doors)).toEqual({ outcome: 'unclear' });
    expect(await run(door([breaks(), breaks('empty-response')]).doors)).toEqual({ outcome: 'fails' });
    expect(await run(door([breaks(), loads()]).doors)).toEqual({ outcome: 'unclear' });
    expect(await run(door([breaks('certificate'), breaks('certificate')]).doors)).toEqual({ outcome: 'unclear' });
  });

  it('says that it works there by luck in one of a hundred at most', async () => {
    for (const rate of [1 / 3, 1 / 2, 0.7]) {
      let wrong = 0;
      for (let seed = 1; seed <= RUNS; seed += 1) {
        const draw = chances(seed);
        const doors = { privateWindow: { isAllowed: async () => true, load: async () => (draw() < rate ? breaks() : loads()) } };
        const { context, last } = createContext<'private-window'>(['fails'], doors, {
          judge: async () => (draw() < rate ? 'fails' : 'works'),
        });
        await privateWindow.run(context, {}, undefined);
        if (last()?.outcome === 'works') wrong += 1;
      }
      process.stdout.write(`private window, failing in ${rate.toFixed(2)} of the loads: ${wrong} of ${RUNS} wrong\n`);
      expect(wrong / RUNS).toBeLessThanOrEqual(0.01);
    }
  });

  it('shows one where it may not look, and asks for one by hand where it may not even that', async () => {
    const asked = door([], false);
    expect(await run(asked.doors)).toEqual({ isAsked: true });
    expect(asked.shown).toEqual([incident.url]);
    const refused = { privateWindow: { isAllowed: async () => false, show: async () => Promise.reject(new Error('no')) } };
    expect(await run(refused)).toEqual({ isAsked: true, isByHand: true });
  });
});
