import type { CauseId, ObservationId } from '../../model/vocabulary';

/**
 * Every number that judgement rests on stands in this folder. Where they come from is told in docs/reasoning.md: the
 * mechanism of each cause (where it sits decides what a change of browser, device or network does),
 * the guide, the lab, published base rates, and the real cases as a check of the whole, never of one number.
 */

/** Chances of the values, in the vocabulary's order; the rest up to one is "nothing to report". */
export type Chances = readonly number[];

/** One table: what is usual, then the causes that differ. A single number is the chance of the first of two values. */
export interface Table {
  usual: number | Chances;
  /** Causes whose owner is the site, where they differ as a whole. */
  site?: number | Chances;
  but?: Readonly<Partial<Record<CauseId, number | Chances>>>;
}

/** Tables of some observations. Every table has a row for every cause after `chanceOf`. */
export type Tables = Readonly<Partial<Record<ObservationId, Table>>>;
