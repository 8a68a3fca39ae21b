import { defineConfig } from 'vitest/config';

/** Unit tests: pure, no browser, no network. The tests in real browsers have a configuration of their own in `test/e2e`. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    passWithNoTests: true,
  },
});
