import { defineConfig } from 'vitest/config';

/** Unit tests: pure, no browser, no network. The tests in real browsers have a configuration of their own in `test/e2e`. */
export default defineConfig({
  test: {
    // Simulations of thousands of searches take their time on a busy machine.
    testTimeout: 40_000,
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    passWithNoTests: true,
  },
});
