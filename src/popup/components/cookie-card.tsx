import type { ExperimentDetails, ExperimentRun } from '../../model/experiment';
import type { MessageId } from '../../model/message';
import type { SessionView } from '../../model/session';
import { isStillKept } from '../select/kept-cookies';
import type { Walk } from '../state/walk';
import { counted, format, t } from '../words';
import { ExperimentCard } from './experiment-card';
import { ExperimentResult } from './experiment-result';
import { BroughtBack } from './kept-cookies';

type Detail = ExperimentDetails['cookie-search'];

const RESULTS: Readonly<Record<Exclude<NonNullable<Detail['outcome']>, 'found'>, MessageId>> = {
  'works-with-cookies': 'ui_cookies_works_with',
  'fails-without-cookies': 'ui_cookies_fails_without',
  'no-cookies': 'ui_cookies_none',
  unsteady: 'ui_cookies_unsteady',
  unclear: 'ui_cookies_unclear',
  'asked-to-stop': 'ui_cookies_asked_to_stop',
  'not-repeatable': 'ui_cookies_not_repeatable',
  'other-jar': 'ui_cookies_other_jar',
  'not-allowed': 'ui_experiment_refused',
};

/** What is deleted stays so whatever becomes of the search. */
const DELETED = {
  stop: 'ui_experiment_stop_only',
  stopped: 'ui_cookies_stopped',
  failed: 'ui_cookies_failed',
  interrupted: 'ui_cookies_interrupted',
} as const;

/** The search for the cookies that matter, and deleting just those. */
export function CookieCard({ view, walk, nowMs }: { view: SessionView; walk: Walk; nowMs: number }) {
  const run = view.state.experiments?.['cookie-search'];
  const detail = run?.detail;
  const culprits = detail?.culprits ?? [];
  const change = view.changes.find(({ what, id }) => what === 'cookies' && id === detail?.deletionId);
  const isDeleted = change?.state === 'kept';
  // Also of former searches for this host: what was deleted can be brought back as long as its copy is kept.
  const undoable = view.changes.filter(isStillKept);
  const start = () => void walk.startExperiment({ experiment: 'cookie-search', options: {} });
  const isUnderWay = run?.status === 'running';
  return (
    <ExperimentCard
      experiment="cookie-search"
      title={t('ui_cookies_title')}
      run={run as ExperimentRun | undefined}
      walk={walk}
      doing={t(detail?.outcome === undefined ? 'ui_cookies_searching' : 'ui_cookies_changing')}
      frame={undoable.length > 0 ? DELETED : undefined}
      onStart={start}
      before={
        <>
          <p>{t('ui_cookies_offer', view.state.incident.host)}</p>
          <div class="actions">
            <button type="button" class="button" data-action="start" onClick={start}>
              {t('ui_cookies_start')}
            </button>
          </div>
        </>
      }
    >
      <ExperimentResult
        words={isUnderWay ? undefined : resultOf(detail, change?.state)}
        isGood={detail?.outcome === 'found' && (!isDeleted || detail.afterwards === 'works')}
      />
      {culprits.length > 0 && (
        <ul class="plain-list">
          {culprits.map(({ name, domain, path, bytes }) => (
            <li key={`${name} ${domain} ${path}`}>
              <code>{name}</code> <span class="quiet">{t('ui_cookies_one', domain, path, format(bytes))}</span>
            </li>
          ))}
        </ul>
      )}
      {detail?.limit !== undefined && (
        <p class="quiet">{t('ui_cookies_limit', format(detail.limit.worksBytes), format(detail.limit.failsBytes))}</p>
      )}
      {culprits.length > 0 && !isDeleted && !isUnderWay && (
        <>
          <p>{t('ui_cookies_delete_why')}</p>
          <div class="actions">
            <button type="button" class="button button-primary" data-action="delete" onClick={() => walk.sayTo('cookie-search', 'delete')}>
              {counted('ui_cookies_delete_one', 'ui_cookies_delete_many', culprits.length)}
            </button>
          </div>
        </>
      )}
      {detail !== undefined && undoable.length > 0 && !isUnderWay && (
        <div class="actions">
          {undoable.map(({ id, target }) => (
            <button key={id} type="button" class="button" data-action="undo" onClick={() => walk.bringBack(id)}>
              {id === detail.deletionId ? t('ui_cookies_undo') : t('ui_cookies_undo_former', target)}
            </button>
          ))}
        </div>
      )}
      {detail !== undefined && change?.state !== 'returned' && <BroughtBack changes={view.changes} walk={walk} nowMs={nowMs} />}
    </ExperimentCard>
  );
}

function resultOf(detail: Detail | undefined, deletion: string | undefined): string | undefined {
  if (!detail?.outcome) return undefined;
  if (detail.outcome !== 'found') return t(RESULTS[detail.outcome]);
  if (deletion === 'kept') {
    if (detail.afterwards === 'works') return t('ui_cookies_deleted_works');
    return t(detail.afterwards === 'fails' ? 'ui_cookies_deleted_fails' : 'ui_cookies_deleted');
  }
  if (deletion === 'returned') return t('ui_cookies_returned');
  if (deletion === 'changed') return t('ui_cookies_returning');
  if (detail.isGone) return t('ui_cookies_gone');
  return counted('ui_cookies_found_one', 'ui_cookies_found_many', detail.culprits?.length ?? 0);
}
