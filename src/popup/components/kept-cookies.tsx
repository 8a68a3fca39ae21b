import type { Change } from '../../model/session';
import { nameHost, shortenMiddle } from '../select/host-name';
import { isStillKept } from '../select/kept-cookies';
import { formatTime, formatWhen } from '../select/when';
import type { Walk } from '../state/walk';
import { locale, t } from '../words';
import { useKeptFocus } from './keep-focus';

/** Characters of the cookies' names that are shown. */
const SHOWN_LENGTH = 120;

/** Deleted cookies of which a copy is still kept, each with its undo: for whoever comes back after the walk in which they were deleted. */
export function KeptCookies({ changes, walk, nowMs }: { changes: readonly Change[]; walk: Walk; nowMs: number }) {
  const kept = changes.filter((change) => isStillKept(change));
  const { section, heading } = useKeptFocus(kept.length);
  // It stays with the last one's return, to say what came of it.
  if (kept.length === 0 && walk.broughtBack.value === undefined) return null;
  return (
    <section ref={section} class="card experiment" aria-labelledby="kept-cookies-title" data-kept-cookies={kept.length}>
      <h2 id="kept-cookies-title" ref={heading} tabIndex={-1} class="section-title">
        {t(kept.length > 0 ? 'ui_kept_cookies_title' : 'ui_kept_cookies_title_none')}
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
      <BroughtBack changes={changes} walk={walk} nowMs={nowMs} />
    </section>
  );
}

/** What came of the last undo. */
export function BroughtBack({ changes, walk, nowMs }: { changes: readonly Change[]; walk: Walk; nowMs: number }) {
  const last = walk.broughtBack.value;
  const words = (() => {
    if (last === undefined || last.outcome === 'asked') return undefined;
    if (last.outcome === 'returned') return t('ui_cookies_returned');
    const untilMs = changes.find(({ id }) => id === last.id)?.keptUntilMs;
    // Refused, and gone meanwhile: there is nothing to try again.
    if (last.outcome === 'too-late' || untilMs === undefined) return t('ui_cookies_too_late');
    return t('ui_cookies_return_refused', formatTime(untilMs, nowMs, locale()));
  })();
  return <div aria-live="polite">{words !== undefined && <p class="note">{words}</p>}</div>;
}
