import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CauseId } from '../../src/model/vocabulary';
import { type Case, parseCases } from './cases';
import {
  binsOf,
  calibrationErrorOf,
  ceilingOf,
  type Figures,
  figuresOf,
  furtherOf,
  onceEachCluster,
  type Scored,
  scoreCases,
} from './figures';
import { report } from './table';
import type { Named } from './walk';

const ranked = (...pairs: [CauseId, number][]): Named[] => pairs.map(([cause, probability]) => ({ cause, probability }));

/** A scored case by hand: true cause `isp-filter`, which the ranking gives the place that is asked for. */
const scored = (place: 1 | 2 | 4, more: Partial<Case> = {}, minutes = 10): Scored => {
  const others = ranked(['router-filter', 0.6], ['server-crash', 0.2], ['transient', 0.1]);
  const ranking = [...others.slice(0, place - 1), ...ranked(['isp-filter', 0.6]), ...others.slice(place - 1)];
  const one: Case = { id: 'X', cause: 'isp-filter', cluster: null, observations: {}, confirming: {}, ...more };
  const walked = { turns: [], steps: 3, minutes, reachedBy: 'sure' as const, last: { cause: one.cause, probability: 0.9 } };
  return { one, ranking, prior: ranking, oracle: ranking, walked, asked: walked, guide: { steps: 9, minutes: 40 }, weight: 1 };
};

const mini = scoreCases(parseCases(readFileSync(new URL('mini.jsonl', import.meta.url), 'utf8'), 'mini.jsonl'));

describe('figures', () => {
  it('count places, owners and minutes', () => {
    // Second place is held by the router's filter, another owner; in the fourth case too.
    const figures = figuresOf([scored(1), scored(1, {}, 30), scored(2), scored(4)]);
    expect(figures).toEqual({
      cases: 4,
      causeTop1: 0.5,
      causeTop3: 0.75,
      ownerTop1: 0.5,
      mrr: 0.6875,
      calibrationError: 0.1,
      afterDialogueTop1: 1,
      stepsToCause: 3,
      minutesToCause: 15,
      guideStepsToCause: 9,
      guideMinutesToCause: 40,
      priorTop1: 0.5,
      priorTop3: 0.75,
    } satisfies Figures);
  });
  it('count each cluster once where asked to', () => {
    const twins = [scored(1), scored(2, { cluster: 'a' }), scored(2, { cluster: 'a' })];
    expect(figuresOf(twins).causeTop1).toBeCloseTo(1 / 3, 3);
    expect(figuresOf(onceEachCluster(twins)).causeTop1).toBe(0.5);
    expect(furtherOf(twins).clusters).toBe(2);
  });
  it('measure calibration by ten bins', () => {
    const claim = (probability: number, isTrue: boolean) => ({ probability, isTrue, weight: 1 });
    expect(calibrationErrorOf([claim(0.75, true), claim(0.75, true), claim(0.75, true), claim(0.75, false)])).toBeCloseTo(0);
    expect(calibrationErrorOf([claim(1, true), claim(0.95, false)])).toBeCloseTo(0.475);
    expect(calibrationErrorOf([claim(0.9, true), claim(0.2, true)])).toBeCloseTo((0.1 + 0.8) / 2);
    expect(binsOf([claim(1, true), claim(0, false)]).map(({ from }) => from)).toEqual([0, 0.9]);
  });
  it('know the ceiling of identical facts with different causes', () => {
    const same = { observations: { retry: 'fails' as const } };
    const group = [scored(1, same), scored(1, { ...same, cause: 'router-filter' }), scored(1, same), scored(1)];
    expect(ceilingOf(group, ({ observations }) => observations)).toBe(0.75);
    expect(ceilingOf(group, ({ id }) => ({ retry: id }))).toBe(0.75);
  });
  it('of the mini cases are what one reckons by hand', () => {
    const figures = figuresOf(mini);
    // M2 and M3 say the same at first, so at most one of them is right; M1 is plain; M4 says nothing.
    expect(figures.causeTop1).toBe(0.5);
    expect(figures.afterDialogueTop1).toBe(0.75);
    // Rows of the guide: 1 (2 min), 13 and 13 (94 min), 19 (174 min).
    expect(figures.guideStepsToCause).toBe((1 + 13 + 13 + 19) / 4);
    expect(figures.guideMinutesToCause).toBe((2 + 94 + 94 + 174) / 4);
    expect(furtherOf(mini)).toMatchObject({ clusters: 3, ceilingOfObservations: 0.75, ceilingOfEverything: 1 });
  });
  it('are all in the table', () => {
    const of = { figures: figuresOf(mini), further: furtherOf(mini) };
    const text = report(mini, of, of);
    for (const words of ['By owner', 'By cause', 'Worst confusions', 'Baselines', 'Ceilings', 'Never reached: M', 'keep-alive-race']) {
      expect(text).toContain(words);
    }
  });
});
