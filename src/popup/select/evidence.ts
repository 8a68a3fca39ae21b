import type { Evidence } from '../../model/diagnosis';
import type { ObservationId } from '../../model/vocabulary';

/** A natural log-likelihood ratio of this size is about 1.6 to 1; below it a fact is noise to a reader. */
const WORTH_READING = 0.5;
/** About 7 to 1. */
const STRONG = 2;

/** The facts worth a reader's time, strongest first; when none is, the strongest one alone. The report has them all. */
export function tellingEvidence(items: readonly Evidence[], most: number): readonly Evidence[] {
  const sorted = [...items].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const telling = sorted.filter(({ weight }) => Math.abs(weight) >= WORTH_READING);
  return (telling.length > 0 ? telling : sorted.slice(0, 1)).slice(0, most);
}

/** Facts that tell what happened; all others are comparisons, which tell why. */
const DESCRIPTIONS: ReadonlySet<ObservationId> = new Set([
  'error-kind',
  'scheme',
  'method',
  'host-kind',
  'phase',
  'time-to-failure',
  'retry',
  'frequency',
]);

/** The few facts that a person is given as the reason: comparisons before descriptions, strongest first. */
export function reasonsFor(items: readonly Evidence[], most: number): readonly Evidence[] {
  const telling = tellingEvidence(items, items.length);
  const isComparison = ({ observation }: Evidence): boolean => !DESCRIPTIONS.has(observation);
  return [...telling.filter(isComparison), ...telling.filter((item) => !isComparison(item))].slice(0, most);
}

export function isStrong({ weight }: Evidence): boolean {
  return Math.abs(weight) >= STRONG;
}
