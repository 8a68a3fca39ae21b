import type { MessageId } from './message';

/** Words for a probability, from the top: the first whose floor is reached. */
const WORDS: readonly (readonly [floor: number, word: MessageId])[] = [
  [0.95, 'likelihood_almost_certain'],
  [0.8, 'likelihood_very_likely'],
  [0.6, 'likelihood_likely'],
  [0.4, 'likelihood_even'],
  [0.15, 'likelihood_possible'],
  [0, 'likelihood_unlikely'],
];

/** The probability in words. */
export function likelihoodWord(probability: number): MessageId {
  return WORDS.find(([floor]) => probability >= floor)?.[1] ?? 'likelihood_unlikely';
}

/** The probability as a whole number of per cent that never claims certainty. */
export function likelihoodPercent(probability: number): number {
  if (!Number.isFinite(probability)) return 0;
  return Math.min(99, Math.max(1, Math.round(probability * 100)));
}
