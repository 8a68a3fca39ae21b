import { defineConfig } from 'vitest/config';

/** The built product in real browsers; started by `all.ts`, inside a network of its own where the system has one. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/e2e/**/*.test.ts'],
    // One lab at a time in a network.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Two real browsers on a busy machine: what only came late comes right, what is wrong stays wrong.
    retry: 2,
  },
});
