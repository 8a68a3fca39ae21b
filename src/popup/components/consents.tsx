import { useLayoutEffect, useRef } from 'preact/hooks';
import { CONSENT_IDS, type ConsentId } from '../../model/consent';
import type { SessionView } from '../../model/session';
import type { Walk } from '../state/walk';
import { format, named, t } from '../words';
import { Icon } from './icons';

/** The button that gives a consent; the permission is asked for inside its click. */
export function ConsentButton({ consent, walk, isPrimary = false }: { consent: ConsentId; walk: Walk; isPrimary?: boolean }) {
  return (
    <button
      type="button"
      class={isPrimary ? 'button button-primary' : 'button'}
      data-consent={consent}
      aria-describedby={isPrimary ? undefined : `why-${consent}`}
      onClick={() => walk.giveConsent(consent)}
    >
      {named('consent', consent, '_title')}
    </button>
  );
}

/** Checks that wait for a word: each with one sentence of why and its own button. */
export function Consents({ view, walk, except }: { view: SessionView; walk: Walk; except: ConsentId | undefined }) {
  const section = useRef<HTMLDetailsElement>(null);
  const heading = useRef<HTMLElement>(null);
  const refused = CONSENT_IDS.filter((id) => view.state.consents[id] === 'refused');
  const offered = CONSENT_IDS.filter((id) => id !== except && (view.openConsents.includes(id) || refused.includes(id)));
  const before = useRef(offered.length);
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    // The pressed button went away with its consent: go on from the heading.
    if (hadFocus && offered.length < before.current) (heading.current ?? document.getElementById('verdict-title'))?.focus();
    before.current = offered.length;
  });
  if (offered.length === 0) return null;
  return (
    <details ref={section} class="rows fold">
      <summary ref={heading}>
        <Icon name="chevron" />
        <h2>{t('ui_consents_title')}</h2>
        <span class="area-tally">{format(offered.length)}</span>
      </summary>
      <ul>
        {offered.map((consent) => (
          <li key={consent} class="row consent">
            <p id={`why-${consent}`}>
              {named('consent', consent, '_why')}
              {refused.includes(consent) && <span class="quiet"> {t('ui_consent_refused')}</span>}
            </p>
            <div class="actions">
              <ConsentButton consent={consent} walk={walk} />
              {!refused.includes(consent) && (
                <button
                  type="button"
                  class="button button-quiet"
                  onClick={() => walk.refuseConsent(consent)}
                  aria-describedby={`why-${consent}`}
                >
                  {t('ui_consent_refuse')}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
