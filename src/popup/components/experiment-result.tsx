import { Icon } from './icons';

/** What came of an experiment, in one sentence; always there, so that the live region is known before it speaks. */
export function ExperimentResult({ words, isGood }: { words: string | undefined; isGood: boolean }) {
  return (
    <div aria-live="polite">
      {words !== undefined && (
        <p class={isGood ? 'retest retest-works' : 'retest retest-not-possible'}>
          <Icon name={isGood ? 'cleared' : 'inconclusive'} isRinged />
          <span>{words}</span>
        </p>
      )}
    </div>
  );
}
