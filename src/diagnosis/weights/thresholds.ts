import type { CauseId } from '../../model/vocabulary';

/** Probability from which the first cause is called the cause. */
export const CAUSE_THRESHOLD = 0.65;
/** From this probability on a cause is named although the experiment that is made for it waits for the person's word. */
export const SURE_WITHOUT_EXPERIMENT = 0.85;

/** Causes that are one thing at different places, though different people mend them: a filter on the way by name; whoever opens TLS. */
export const KIN: readonly (readonly CauseId[])[] = [
  ['isp-filter', 'organisation-filter', 'router-filter'],
  ['security-software', 'organisation-filter'],
];

/**
 * Probability that the first cause and all causes of its owner, or of its kin, must have together for the first to be called
 * the cause below `CAUSE_THRESHOLD`. Together they are surer than a single cause has to be.
 */
export const KIN_THRESHOLDS = { first: 0.35, together: 0.72 } as const;

/**
 * From this share of the first cause's probability on another is its rival. A kind is named because what is left is scattered;
 * while one rival holds it, a single step may settle whose the fault is.
 */
export const RIVAL_SHARE = 0.33;
