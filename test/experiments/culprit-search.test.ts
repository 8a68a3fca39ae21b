import { describe, expect, test, vi } from 'vitest';
import { type Next, nextOf, type Search, type Try } from '../../src/experiments/culprit-search';

/** A generator with a seed, so that every run is the same (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What is wrong in a made-up browser: any of these sets, all of it on, makes the page fail. */
interface World {
  count: number;
  breaking: readonly (readonly number[])[];
  /** Share of tries in which it fails while a set is on. */
  rate: number;
  /** Share of tries in which it fails whatever is on. */
  stray?: number;
}

const idOf = (index: number) => `extension-${index}`;
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => idOf(index));
const named = (sets: readonly (readonly number[])[]) =>
  sets
    .map((set) => set.map(idOf).sort().join('+'))
    .sort()
    .join(' | ');
const asText = (next: Next) =>
  next.kind === 'found'
    ? next.culprits
        .map((set) => [...set].sort().join('+'))
        .sort()
        .join(' | ')
    : next.kind;

interface Outcome {
  next: Next;
  reloads: number;
  /** With all on before it began. */
  measured: number;
  /** Without the culprits, at its end. */
  proving: number;
  search: Search;
}

/** Runs a search to its end against a made-up browser. */
function play({ count, breaking, rate, stray = 0 }: World, random: () => number, begun?: Search): Outcome {
  const sets = breaking.map((set) => set.map(idOf));
  let search: Search = begun ?? { candidates: idsOf(count), tries: [], before: { fails: 0, works: 0 } };
  let measured = 0;
  let proving = 0;
  for (let reloads = 0; reloads < 2000; reloads += 1) {
    const next = nextOf(search);
    if (next.kind !== 'try') return { next, reloads, measured, proving, search };
    const isOn = sets.some((set) => set.every((id) => next.on.includes(id)));
    const fails = (isOn && random() < rate) || random() < stray;
    const { isMeasure } = next;
    if (next.part === 'measure') measured += 1;
    else if (isMeasure) proving += 1;
    const made: Try = { on: next.on, result: fails ? 'fails' : 'works', ...(isMeasure ? { isMeasure } : {}) };
    search = { ...search, tries: [...search.tries, made] };
  }
  throw new Error('no end');
}

const SIZES = [1, 2, 3, 5, 8, 13, 32, 100] as const;
const inBits = (count: number) => Math.ceil(Math.log2(count));

// Thousands of simulated searches take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

describe('a page that fails each time', () => {
  test.each(SIZES)('one culprit of %i: the right one, in at most ⌈log2 n⌉ + 2 rounds of one reload', (count) => {
    for (let culprit = 0; culprit < count; culprit += 1) {
      const { next, reloads, measured, proving } = play({ count, breaking: [[culprit]], rate: 1 }, seeded(1));
      expect(asText(next)).toBe(idOf(culprit));
      expect(next.rounds).toBeLessThanOrEqual(inBits(count) + 2);
      expect(reloads - measured - proving).toBe(next.rounds);
      expect(proving).toBeLessThanOrEqual(3);
      expect(measured).toBe(9);
      expect(next.cleared).toHaveLength(count - 1);
    }
  });

  test('what the walk saw of it shortens the measuring', () => {
    const candidates = idsOf(8);
    const begun: Search = { candidates, tries: [], before: { fails: 4, works: 0 } };
    const { next, reloads, measured } = play({ count: 8, breaking: [[5]], rate: 1 }, seeded(1), begun);
    expect(asText(next)).toBe(idOf(5));
    expect([measured, reloads]).toEqual([5, 5 + 5 + 2]);
    // However much it saw, that it fails now must be seen.
    const sure = play({ count: 8, breaking: [[5]], rate: 1 }, seeded(1), { ...begun, before: { fails: 40, works: 0 } });
    expect(sure.measured).toBe(1);
  });

  test.each(SIZES)('none of %i: all are cleared in one round', (count) => {
    const { next } = play({ count, breaking: [[]], rate: 1 }, seeded(1));
    expect(next).toMatchObject({ kind: 'cleared', rounds: 1 });
    expect(next.cleared).toHaveLength(count);
  });

  test.each([2, 3, 8, 13, 32, 100])('any two of %i that each break it are both named', (count) => {
    const random = seeded(count);
    const pairs = count <= 13 ? allPairs(count) : Array.from({ length: 300 }, () => drawPair(count, random));
    let most = 0;
    for (const [one, other] of pairs) {
      const { next, reloads } = play({ count, breaking: [[one], [other]], rate: 1 }, random);
      expect(asText(next)).toBe(named([[one], [other]]));
      most = Math.max(most, reloads);
    }
    expect(most).toBeLessThanOrEqual(9 + 4 * inBits(count) + 6 + 3);
  });

  test.each([2, 3, 8, 13, 32, 100])('any two of %i that break it only together are both named', (count) => {
    const random = seeded(count);
    const pairs = count <= 13 ? allPairs(count) : Array.from({ length: 300 }, () => drawPair(count, random));
    for (const [one, other] of pairs) {
      const { next } = play({ count, breaking: [[one, other]], rate: 1 }, random);
      expect(asText(next)).toBe(named([[one, other]]));
    }
  });

  test('three that each break it, three only together, one beside two together', () => {
    const random = seeded(3);
    expect(asText(play({ count: 32, breaking: [[3], [17], [30]], rate: 1 }, random).next)).toBe(named([[3], [17], [30]]));
    expect(asText(play({ count: 32, breaking: [[3, 17, 30]], rate: 1 }, random).next)).toBe(named([[3, 17, 30]]));
    // Without the one it may still fail; that is seen when the one is kept off.
    expect(asText(play({ count: 8, breaking: [[1], [4, 6]], rate: 1 }, random).next)).toContain(idOf(1));
  });

  test('it does not fail any more', () => {
    expect(play({ count: 8, breaking: [], rate: 1 }, seeded(1)).next).toMatchObject({ kind: 'works-now', rounds: 0 });
  });

  test('no candidate at all', () => {
    expect(nextOf({ candidates: [], tries: [], before: { fails: 3, works: 0 } })).toMatchObject({ kind: 'cleared', rounds: 0 });
  });
});

function allPairs(count: number): [number, number][] {
  return Array.from({ length: count }, (_, one) => one).flatMap((one) =>
    Array.from({ length: count - one - 1 }, (_, more): [number, number] => [one, one + 1 + more]),
  );
}
function drawPair(count: number, random: () => number): [number, number] {
  const one = Math.floor(random() * count);
  const other = Math.floor(random() * (count - 1));
  return [one, other >= one ? other + 1 : other];
}

describe('a page that fails nearly each time', () => {
  test.each([
    ['one culprit', [[3]]],
    ['none', [[]]],
    ['two that each break it', [[3], [6]]],
    ['two only together', [[3, 6]]],
  ])('%s of 8: nobody else is named', (name, breaking) => {
    for (const rate of [0.75, 0.9, 0.97]) {
      const random = seeded(rate * 100 + name.length);
      let right = 0;
      for (let run = 0; run < 400; run += 1) {
        const { next } = play({ count: 8, breaking, rate }, random);
        if (asText(next) === (name === 'none' ? 'cleared' : named(breaking))) right += 1;
      }
      process.stdout.write(`${name} of 8, failing in ${rate}: ${right} of 400 right\n`);
      expect(right / 400).toBeGreaterThanOrEqual(0.99);
    }
  });
});

describe('a page that fails in half of the tries', () => {
  const kinds: {
    name: string;
    runs: (count: number) => number;
    least: number;
    breaking: (count: number, random: () => number) => World['breaking'];
  }[] = [
    {
      name: 'one culprit',
      least: 1,
      runs: (count) => (count > 50 ? 200 : 400),
      breaking: (count, random) => [[Math.floor(random() * count)]],
    },
    { name: 'none', least: 1, runs: (count) => (count > 50 ? 200 : 400), breaking: () => [[]] },
    {
      name: 'two that each break it',
      least: 2,
      runs: (count) => (count > 50 ? 100 : count > 30 ? 200 : 400),
      breaking: (count, random) => drawPair(count, random).map((index) => [index]),
    },
    {
      name: 'two only together',
      least: 2,
      runs: (count) => (count > 50 ? 100 : count > 30 ? 200 : 400),
      breaking: (count, random) => [drawPair(count, random)],
    },
  ];
  for (const { name, runs, least, breaking } of kinds) {
    test.each([1, 2, 8, 32, 100].filter((count) => count >= least))(
      `${name} of %i: right in at least 99 of 100 runs`,
      { timeout: 60_000 },
      (count) => {
        const random = seeded(count * 31 + name.length);
        const total = runs(count);
        let right = 0;
        let sum = 0;
        const wrong: string[] = [];
        for (let run = 0; run < total; run += 1) {
          const sets = breaking(count, random);
          const { next, reloads } = play({ count, breaking: sets, rate: 0.5 }, random);
          sum += reloads;
          const wanted = name === 'none' ? 'cleared' : named(sets);
          if (asText(next) === wanted) right += 1;
          else wrong.push(`${wanted} → ${asText(next)}`);
        }
        process.stdout.write(
          `${name} of ${count}: ${right} of ${total} right, ${Math.round(sum / total)} reloads in the mean ${wrong.join('; ')}\n`,
        );
        expect(right / total).toBeGreaterThanOrEqual(0.99);
      },
    );
  }
});
