import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import messages from '../../public/_locales/en/messages.json';
import { CHECKS } from '../../src/checks';
import { findStep } from '../../src/diagnosis/steps';
import { textId } from '../../src/diagnosis/text';
import { AREAS } from '../../src/model/check';
import { PROBE_IDS } from '../../src/model/measurement';
import { CAUSE_IDS } from '../../src/model/vocabulary';

const NO_CHECKS = ['index.ts', 'judge.ts', 'run.ts'];

describe('catalogue of checks', () => {
  it('has exactly the checks that have a file, each named by it', () => {
    const files = readdirSync(new URL('../../src/checks', import.meta.url)).filter((file) => !NO_CHECKS.includes(file));
    expect(CHECKS.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
  });

  it('covers every area', () => {
    expect(new Set(CHECKS.map(({ area }) => area))).toEqual(new Set(AREAS));
  });

  it('stands in the order of the areas', () => {
    const order = CHECKS.map(({ area }) => AREAS.indexOf(area));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it.each(CHECKS.map((check) => [check.id, check] as const))('%s has a title, known causes, known probes and a known step', (id, check) => {
    expect(messages).toHaveProperty(textId('check', id, 'title'));
    expect(check.causes.length).toBeGreaterThan(0);
    expect(check.causes.filter((cause) => !CAUSE_IDS.includes(cause))).toEqual([]);
    expect([...check.needs, ...(check.uses ?? [])].filter((probe) => !PROBE_IDS.includes(probe))).toEqual([]);
    if (check.step) expect(findStep(check.step), check.step).toBeDefined();
    // What no probe can test must lead somewhere.
    if (check.needs.length === 0) expect(check.step).toBeDefined();
  });
});
