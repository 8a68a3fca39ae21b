import type { SessionView } from '../../model/session';
import { OBSERVATION_IDS } from '../../model/vocabulary';
import type { Walk } from '../state/walk';
import { named, t } from '../words';
import { Icon } from './icons';
import { Question } from './question';

/** What the person said, each answer to be changed or withdrawn. */
export function Answers({ view, walk }: { view: SessionView; walk: Walk }) {
  const answered = OBSERVATION_IDS.filter((id) => view.state.answers[id] !== undefined);
  if (answered.length === 0) return null;
  return (
    <section aria-labelledby="answers-title">
      <h2 id="answers-title" class="section-title">
        {t('ui_answers_title')}
      </h2>
      <div class="rows">
        {answered.map((id) => {
          const value = view.state.answers[id]?.value ?? '';
          return (
            <details key={id} class="row answer">
              <summary>
                <Icon name="chevron" />
                <span>{named('question', id)}</span>
                <strong>{named('answer', id, `_${value.replaceAll('-', '_')}`, value.replaceAll('-', ' '))}</strong>
              </summary>
              <Question observation={id} walk={walk} view={view} />
            </details>
          );
        })}
      </div>
    </section>
  );
}
