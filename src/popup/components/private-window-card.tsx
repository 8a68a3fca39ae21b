import type { ExperimentRun } from '../../model/experiment';
import type { SessionView } from '../../model/session';
import type { Walk } from '../state/walk';
import { t } from '../words';
import { ExperimentCard } from './experiment-card';
import { ExperimentResult } from './experiment-result';

/** The page in a private window: judged where Unreset may look, else the person's question follows. */
export function PrivateWindowCard({ view, walk }: { view: SessionView; walk: Walk }) {
  const run = view.state.experiments?.['private-window'];
  const detail = run?.detail;
  const result = (() => {
    if (!run?.hasEnded || !detail) return undefined;
    if (detail.isByHand) return t('ui_private_by_hand');
    if (detail.isAsked) return t('ui_private_asked');
    if (detail.isWorkingOutside) return t('ui_private_works_outside');
    if (detail.outcome === 'works') return t('ui_private_works');
    return t(detail.outcome === 'fails' ? 'ui_private_fails' : 'ui_private_unclear');
  })();
  const start = () => void walk.startExperiment({ experiment: 'private-window', options: {} });
  return (
    <ExperimentCard
      experiment="private-window"
      title={t('ui_private_title')}
      run={run as ExperimentRun | undefined}
      walk={walk}
      onStart={start}
      before={
        <>
          <p>{t('ui_private_offer')}</p>
          <div class="actions">
            <button type="button" class="button" data-action="start" onClick={start}>
              {t('ui_private_start')}
            </button>
          </div>
        </>
      }
    >
      <ExperimentResult words={result} isGood={detail?.outcome === 'works'} />
    </ExperimentCard>
  );
}
