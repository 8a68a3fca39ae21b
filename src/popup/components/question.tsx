import { possibleValues } from '../../model/possible-values';
import type { SessionView } from '../../model/session';
import type { ObservationId } from '../../model/vocabulary';
import type { Walk } from '../state/walk';
import { named, t } from '../words';

/** The values of a question as buttons, and the right not to know. */
export function Question({ observation, walk, view, step }: { observation: ObservationId; walk: Walk; view: SessionView; step?: string }) {
  const given = view.state.answers[observation]?.value;
  const question = named('question', observation);
  const answer = (value: string): void => {
    walk.chooseStep(null);
    walk.answer(observation, value);
  };
  const forget = (): void => {
    if (given !== undefined) walk.answer(observation, null);
    if (step === undefined) return;
    walk.chooseStep(null);
    walk.record(step, 'skipped');
  };
  return (
    <fieldset class="question">
      <legend class="visually-hidden">{question}</legend>
      <div class="answers">
        {possibleValues(observation, view.state.environment.engine).map((value) => (
          <button type="button" key={value} class="button" data-answer={value} aria-pressed={given === value} onClick={() => answer(value)}>
            {named('answer', observation, `_${value.replaceAll('-', '_')}`, value.replaceAll('-', ' '))}
          </button>
        ))}
        <button type="button" class="button button-quiet" data-answer="" onClick={forget}>
          {t(step === undefined ? 'ui_answer_withdraw' : 'ui_answer_unknown')}
        </button>
      </div>
    </fieldset>
  );
}
