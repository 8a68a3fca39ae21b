import type { SessionView } from '../../model/session';
import { pathStates } from '../select/path-states';
import { named, t } from '../words';
import { Icon, PartIcon } from './icons';

const STATE_TEXT = { cleared: 'ui_part_cleared', suspect: 'ui_part_suspect', unknown: 'ui_part_unknown' } as const;
const STATE_ICON = { cleared: 'cleared', suspect: 'implicated', unknown: 'not-applicable' } as const;

/** The way from the person to the site, each part cleared, suspect or not known. */
export function PathPicture({ view }: { view: SessionView | null }) {
  const states = pathStates(view?.checks ?? [], view?.diagnosis ?? { verdict: 'cannot-tell', causes: [] });
  return (
    <section aria-labelledby="path-title">
      <h2 id="path-title" class="visually-hidden">
        {t('ui_path_title')}
      </h2>
      <ol class="path">
        {states.map(({ part, state }) => (
          <li key={part} class={`path-part part-${state}`} data-part={part} data-part-state={state}>
            <span class="part-disc">
              <PartIcon part={part} />
              <span class="part-badge">
                <Icon name={STATE_ICON[state]} />
              </span>
            </span>
            <span class="part-name">{named('part', part)}</span>
            <span class={state === 'unknown' ? 'visually-hidden' : 'part-state'}>{t(STATE_TEXT[state])}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
