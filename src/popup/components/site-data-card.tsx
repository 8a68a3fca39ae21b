import {
  type ClearedData,
  type ExperimentDetails,
  type ExperimentRun,
  type Judgement,
  SITE_DATA_KINDS,
  type SiteDataKind,
} from '../../model/experiment';
import type { MessageId } from '../../model/message';
import type { SessionView } from '../../model/session';
import type { Walk } from '../state/walk';
import { t } from '../words';
import { ExperimentCard } from './experiment-card';
import { ExperimentResult } from './experiment-result';
import { Icon } from './icons';

const NAMES: Readonly<Record<SiteDataKind, MessageId>> = {
  cache: 'ui_site_data_cache',
  'service-worker': 'ui_site_data_service_worker',
  storage: 'ui_site_data_storage',
};
const MENDED: Readonly<Record<SiteDataKind, MessageId>> = {
  cache: 'ui_site_data_mended_cache',
  'service-worker': 'ui_site_data_mended_service_worker',
  storage: 'ui_site_data_mended_storage',
};

const THEN: Readonly<Record<Judgement, MessageId>> = {
  works: 'ui_site_data_then_works',
  fails: 'ui_site_data_then_fails',
  unclear: 'ui_site_data_then_unclear',
};
function wordsOf({ judgement, isBrokenOff }: ClearedData): MessageId {
  if (judgement === undefined) return 'ui_site_data_clearing';
  return isBrokenOff ? 'ui_site_data_broken_off' : THEN[judgement];
}

/** Nothing of it can be given back. */
const FRAME = {
  stop: 'ui_experiment_stop_only',
  stopped: 'ui_site_data_stopped',
  failed: 'ui_site_data_failed',
  interrupted: 'ui_site_data_interrupted',
} as const;

/** What came of it where nothing mended it; of what was not tested it says nothing. */
function endOf({ cleared, before, isUnsteady }: ExperimentDetails['site-data']): MessageId {
  if (isUnsteady) return 'ui_site_data_unsteady';
  if (before === 'works') return cleared.length === 0 ? 'ui_site_data_works' : 'ui_site_data_try_again';
  if (cleared.length === 0) return before === 'unclear' ? 'ui_site_data_unclear_before' : 'ui_site_data_nothing';
  const failing = cleared.filter(({ judgement }) => judgement === 'fails');
  if (SITE_DATA_KINDS.every((kind) => failing.some(({ what }) => what === kind))) return 'ui_site_data_still_fails';
  return cleared.some(({ judgement, isBrokenOff }) => judgement !== 'fails' && !isBrokenOff) ? 'ui_site_data_unclear' : 'ui_site_data_left';
}

/** Clearing what the browser keeps of the site, most harmless first. */
export function SiteDataCard({ view, walk }: { view: SessionView; walk: Walk }) {
  const run = view.state.experiments?.['site-data'];
  const detail = run?.detail;
  const { engine, browser } = view.state.environment;
  const isWaiting = run?.status === 'waiting';
  const start = () => void walk.startExperiment({ experiment: 'site-data', options: {} });
  const result = (() => {
    if (!detail) return undefined;
    if (detail.isNotAllowed) return t('ui_experiment_refused');
    if (detail.mendedBy) return t(MENDED[detail.mendedBy]);
    return run?.hasEnded ? t(endOf(detail)) : undefined;
  })();
  return (
    <ExperimentCard
      experiment="site-data"
      title={t('ui_site_data_title')}
      run={run as ExperimentRun | undefined}
      walk={walk}
      doing={isWaiting ? undefined : t('ui_site_data_doing')}
      frame={FRAME}
      onStart={start}
      before={
        <>
          <p>{t('ui_site_data_offer')}</p>
          <p class="note">{t(engine === 'gecko' ? 'ui_site_data_firefox' : 'ui_site_data_chromium')}</p>
          <div class="actions">
            <button type="button" class="button" data-action="start" onClick={start}>
              {t('ui_site_data_start')}
            </button>
          </div>
        </>
      }
    >
      <ExperimentResult words={result} isGood={detail?.mendedBy !== undefined} />
      {detail !== undefined && detail.cleared.length > 0 && (
        <ul class="plain-list">
          {detail.cleared.map((one) => (
            <li key={`${one.what} ${one.atMs}`}>{t(wordsOf(one), t(NAMES[one.what]))}</li>
          ))}
        </ul>
      )}
      {isWaiting && (
        <>
          <p class="warning">
            <Icon name="implicated" isRinged />
            <span>{t('ui_site_data_storage_warning', view.state.incident.host)}</span>
          </p>
          <div class="actions">
            <button type="button" class="button" data-action="clear" onClick={() => walk.sayTo('site-data', 'clear')}>
              {t('ui_site_data_clear_storage')}
            </button>
            <button type="button" class="button button-quiet" data-action="leave" onClick={() => walk.sayTo('site-data', 'leave')}>
              {t('ui_site_data_leave')}
            </button>
          </div>
        </>
      )}
      {run?.hasEnded && detail?.mendedBy === undefined && (
        <details class="more">
          <summary>
            <Icon name="chevron" />
            {t('ui_hsts_title')}
          </summary>
          <p>{t('ui_hsts_what')}</p>
          <p>{t(engine === 'gecko' ? 'ui_hsts_firefox' : browser === 'edge' ? 'ui_hsts_edge' : 'ui_hsts_chromium')}</p>
        </details>
      )}
    </ExperimentCard>
  );
}
