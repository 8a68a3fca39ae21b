/** What is marked of one run of a scenario. */
export interface Marked {
  /** The first cause is one of those expected; where no cause may be named, none is. */
  isFirstRight?: boolean;
  /** The scenario names a cause; else the page is healthy or no reset, and naming one is never forgiven. */
  hasCause: boolean;
}

/** Share of scenarios whose first cause must be right; the draws are random and some causes look alike. */
export const LEAST_SHARE = 0.95;

/**
 * How the whole set is marked: passed and failed runs. Judged is the first cause of the exported report; whether the
 * verdict says `cause` or, honestly, `cannot-tell` is printed beside it. A page that is healthy, refused or fails by its
 * certificate must never get a cause. Among the others the share `LEAST_SHARE` must be right, or all that are wrong count as failed.
 */
export function markAll(runs: readonly Marked[]): { passed: number; failed: number; forgiven: number } {
  const right = runs.filter((run) => run.isFirstRight === true).length;
  const blamed = runs.filter((run) => !run.hasCause && run.isFirstRight !== true).length;
  const wrong = runs.length - right - blamed;
  const withCause = runs.filter((run) => run.hasCause).length;
  const isEnough = withCause === 0 || (withCause - wrong) / withCause >= LEAST_SHARE;
  return isEnough ? { passed: right, failed: blamed, forgiven: wrong } : { passed: right, failed: blamed + wrong, forgiven: 0 };
}
