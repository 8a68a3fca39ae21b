import type { Cookie } from '../../src/experiments/cookie-jar';

/** A cookie that lasts, of the host alone. */
export const cookie = (name: string, more: Partial<Cookie> = {}): Cookie => ({
  name,
  value: `value of ${name}`,
  domain: 'shop.example',
  hostOnly: true,
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'strict',
  session: false,
  expirationDate: 4_000_000_000,
  storeId: '0',
  ...more,
});

/** Numbers between 0 and 1, the same for the same seed. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
