import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Draw } from './draw';

describe('Draw', () => {
  it('draws the same internet from the same seed, another from another', () => {
    const sample = (seed: number) => {
      const draw = new Draw(seed);
      return [draw.domain(), draw.publicV4(), draw.publicV6(), draw.port(), draw.path()];
    };
    expect(sample(42)).toEqual(sample(42));
    expect(sample(42)).not.toEqual(sample(43));
  });

  it('draws public addresses, never one twice', () => {
    const draw = new Draw(7);
    const four = Array.from({ length: 500 }, () => draw.publicV4());
    const six = Array.from({ length: 500 }, () => draw.publicV6());
    expect(four.every((address) => isIPv4(address) && !/^(10|127|192|172|100|169|0|22[4-9]|2[3-5]\d)\./.test(address))).toBe(true);
    expect(six.every((address) => isIPv6(address) && /^2[0-9a-f]{3}:/.test(address))).toBe(true);
    expect(new Set([...four, ...six]).size).toBe(1_000);
  });

  it('stays within its ends', () => {
    const draw = new Draw(1);
    const numbers = Array.from({ length: 2_000 }, () => draw.int(3, 5));
    expect([...new Set(numbers)].sort()).toEqual([3, 4, 5]);
  });
});
