import { describe, expect, it } from 'vitest';
import { type Marked, markAll } from './scenario-mark';

const runs = (count: number, run: Marked): Marked[] => Array.from({ length: count }, () => run);
const RIGHT: Marked = { hasCause: true, isFirstRight: true };
const WRONG: Marked = { hasCause: true, isFirstRight: false };

describe('marking the scenarios', () => {
  it('passes a set in which nearly all first causes are right', () => {
    expect(markAll([...runs(19, RIGHT), WRONG])).toEqual({ passed: 19, failed: 0, forgiven: 1 });
  });
  it('fails every wrong one where too many are wrong', () => {
    expect(markAll([...runs(18, RIGHT), WRONG, WRONG])).toEqual({ passed: 18, failed: 2, forgiven: 0 });
  });
  it('forgives no cause for a page that has none', () => {
    expect(markAll([...runs(99, RIGHT), { hasCause: false, isFirstRight: false }])).toEqual({ passed: 99, failed: 1, forgiven: 0 });
  });
  it('counts a run without a result as wrong', () => {
    expect(markAll([{ hasCause: true }])).toEqual({ passed: 0, failed: 1, forgiven: 0 });
  });
});
