import type { Change } from '../../model/session';
import { nameHost, shortenMiddle } from '../select/host-name';
import { isStillKept } from '../select/kept-cookies';
import { formatWhen } from '../select/when';
import type { Walk } from '../state/walk';
import { locale, t } from '../words';

/** Characters of the cookies' names that are shown. */
const SHOWN_LENGTH = 120;

/** Deleted cookies of which a copy is still kept, each with its undo: for whoever comes back after the walk in which they were deleted. */
export function KeptCookies({ changes, walk, nowMs }: { changes: readonly Change[]; walk: Walk; nowMs: number }) {
  const kept = changes.filter((change) => isStillKept(change));
  if (kept.length === 0 && walk.broughtBack.value === undefined) return null;
  return (
    <section class="card experiment" aria-labelledby="kept-cookies-title" data-kept-cookies={kept.length}>
      <h2 id="kept-cookies-title" class="section-title">
        {t('ui_kept_cookies_title')}
      </h2>
      {kept.length > 0 && <p>{t('ui_kept_cookies_what')}</p>}
      {kept.map(({ id, host, target, changedAtMs }) => (
        <div key={id}>
          <p id={`kept-${id}`}>
            {host !== undefined && <bdi>{nameHost(host).short}</bdi>} <code>{shortenMiddle(target, SHOWN_LENGTH)}</code>{' '}
            <span class="quiet">{t('ui_kept_cookies_when', formatWhen(changedAtMs, nowMs, locale()))}</span>
          </p>
          <div class="actions">
            <button
              type="button"
              class="button"
              data-action="bring-back"
              aria-describedby={`kept-${id}`}
              onClick={() => walk.bringBack(id)}
            >
              {t('ui_cookies_undo')}
            </button>
          </div>
        </div>
      ))}
      <BroughtBack walk={walk} />
    </section>
  );
}

const WORDS = { returned: 'ui_cookies_returned', 'too-late': 'ui_cookies_too_late', refused: 'ui_experiment_refused' } as const;

/** What came of the last undo. */
export function BroughtBack({ walk }: { walk: Walk }) {
  const outcome = walk.broughtBack.value;
  return <div aria-live="polite">{outcome !== undefined && <p class="note">{t(WORDS[outcome])}</p>}</div>;
}
