import { describe, expect, it } from 'vitest';
import { smallestSet } from '../../src/experiments/smallest-set';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function find(items: readonly number[], isMended: (absent: readonly number[]) => boolean) {
  let questions = 0;
  const found = await smallestSet(items, async (absent) => {
    questions += 1;
    return isMended(absent);
  });
  return { found, questions };
}

describe('smallestSet', () => {
  it('needs no question for one, and one for the heaviest', async () => {
    expect(await find([7], () => true)).toEqual({ found: [7], questions: 0 });
    expect(await find(numbers(40), (absent) => absent.includes(40))).toEqual({ found: [40], questions: 1 });
  });

  it('finds one culprit anywhere within 3 + log2 n questions', async () => {
    for (const count of [2, 3, 8, 32, 100]) {
      for (const culprit of numbers(count)) {
        const { found, questions } = await find(numbers(count), (absent) => absent.includes(culprit));
        expect(found).toEqual([culprit]);
        expect(questions).toBeLessThanOrEqual(3 + Math.ceil(Math.log2(count)));
      }
    }
  });

  it('takes the fewest away where the sum is too large', async () => {
    const sizes = numbers(30);
    const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);
    for (const limit of [5, 100, 300, 420, 464]) {
      const { found, questions } = await find(sizes, (absent) => sum(sizes) - sum(absent) <= limit);
      let fewest = 0;
      while (sum(sizes.slice(0, sizes.length - fewest)) > limit) fewest += 1;
      expect(found).toHaveLength(fewest);
      expect(sum(sizes) - sum(found ?? [])).toBeLessThanOrEqual(limit);
      expect(questions).toBeLessThanOrEqual(7 + 2 * fewest);
    }
  });

  it('finds several culprits that must all go, and nothing besides', async () => {
    for (const culprits of [
      [1, 2],
      [3, 17],
      [1, 16, 32],
      [31, 32],
    ]) {
      const { found } = await find(numbers(32), (absent) => culprits.every((one) => absent.includes(one)));
      expect([...(found ?? [])].sort((a, b) => a - b)).toEqual(culprits);
    }
  });

  it('says nothing where a question has no answer', async () => {
    expect(await smallestSet([1, 2, 3], async () => undefined)).toBeUndefined();
    let questions = 0;
    expect(await smallestSet(numbers(8), async () => (questions++ > 1 ? undefined : false))).toBeUndefined();
  });
});
