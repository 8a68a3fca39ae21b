import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SessionView } from '../../model/session';
import type { StepResult } from '../../model/step';
import type { FindStep } from '../state/steps';
import type { Walk } from '../state/walk';
import { t } from '../words';
import { Icon } from './icons';
import { stepTitle } from './next-step';

const OUTCOME = {
  'done-and-works': { text: 'ui_done_works', icon: 'cleared' },
  'done-still-fails': { text: 'ui_done_still_fails', icon: 'implicated' },
  done: { text: 'ui_done_done', icon: 'cleared' },
  skipped: { text: 'ui_done_skipped', icon: 'inconclusive' },
} as const;

/** What the person did and what came of it; each to be opened again or taken back. */
export function Done({ view, walk, findStep }: { view: SessionView; walk: Walk; findStep: FindStep }) {
  const newest = new Map<string, StepResult>();
  // Answers to questions have a list of their own.
  for (const result of view.state.stepResults) if (result.outcome !== 'answered') newest.set(result.step, result);
  const done = [...newest.values()].reverse().flatMap((result) => {
    const step = findStep(result.step);
    return step === undefined || result.outcome === 'answered' ? [] : [{ step, outcome: result.outcome }];
  });
  const section = useRef<HTMLElement>(null);
  const before = useRef(done.length);
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    // The pressed button went away with its row.
    if (hadFocus && done.length < before.current)
      (section.current?.querySelector<HTMLElement>('button') ?? document.getElementById('step-title'))?.focus();
    before.current = done.length;
  });
  if (done.length === 0) return null;
  return (
    <section ref={section} aria-labelledby="done-title">
      <h2 id="done-title" class="section-title">
        {t('ui_done_title')}
      </h2>
      <ul class="rows">
        {done.map(({ step, outcome }) => {
          const { text, icon } = OUTCOME[outcome];
          return (
            <li key={step.id} class="row done" data-done={step.id}>
              <Icon name={icon} isRinged />
              <span class="done-words">
                <button type="button" class="link" onClick={() => walk.chooseStep(step.id)}>
                  {stepTitle(step)}
                </button>
                <span class="quiet">{t(text)}</span>
              </span>
              <button type="button" class="button button-quiet" data-action="withdraw" onClick={() => walk.withdraw(step.id)}>
                {t('ui_done_withdraw')}
                <span class="visually-hidden"> {stepTitle(step)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
