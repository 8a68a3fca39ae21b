import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../src/model/vocabulary';
import { loadScenarios } from './scenarios/index';

const scenarios = await loadScenarios();
const names = [...scenarios.keys()];

describe('the scenarios', () => {
  it('each have a twin, and each twin a scenario', () => {
    const plain = names.filter((name) => !name.endsWith('.twin'));
    expect(plain.length).toBeGreaterThanOrEqual(23);
    expect(names.filter((name) => name.endsWith('.twin'))).toEqual(plain.map((name) => `${name}.twin`));
  });

  it.each([...scenarios.values()])('$name expects what a report can say', ({ expect: expectation, shows, about }) => {
    expect(about.length).toBeGreaterThan(10);
    expect(shows.length).toBeGreaterThan(0);
    if (expectation.verdict === 'cause' || expectation.verdict === 'cannot-tell') {
      const [best] = expectation.causes ?? [];
      expect(best === undefined ? undefined : CAUSES[best].owner).toBe(expectation.owner);
    } else expect(expectation.causes).toBeUndefined();
  });

  it('expect another cause, or another verdict, in the twin', () => {
    const same = names
      .filter((name) => !name.endsWith('.twin') && name !== 'healthy')
      .filter((name) => scenarios.get(name)?.expect.causes?.[0] === scenarios.get(`${name}.twin`)?.expect.causes?.[0]);
    expect(same).toEqual([]);
  });
});
