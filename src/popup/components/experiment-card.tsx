import type { ComponentChildren } from 'preact';
import type { ExperimentId, ExperimentRun } from '../../model/experiment';
import type { MessageId } from '../../model/message';
import { experimentTrouble } from '../select/experiment-trouble';
import type { Walk } from '../state/walk';
import { format, t } from '../words';
import { useKeptFocus } from './keep-focus';

interface ExperimentCardProps {
  experiment: ExperimentId;
  title: string;
  /** The run of the walk; undefined: never begun. */
  run: ExperimentRun | undefined;
  walk: Walk;
  /** What it does right now, in a sentence; shown while it runs or waits. */
  doing?: string | undefined;
  /** Said instead of the general words where not everything is given back. */
  frame?: Partial<Record<'stop' | 'stopped' | 'failed' | 'interrupted', MessageId>> | undefined;
  /** Begins it, or goes on with it after it was interrupted; call inside the click. */
  onStart(): void;
  /** What is shown before it begins: what it does, what it touches, and its button. */
  before: ComponentChildren;
  /** What it found; also shown while it goes on. */
  children?: ComponentChildren;
}

/** The frame of every experiment: what it is, how far it is, stop, go on, and what went wrong. */
export function ExperimentCard({ experiment, title, run, walk, doing, frame = {}, onStart, before, children }: ExperimentCardProps) {
  const status = run?.status ?? 'new';
  const { section, heading } = useKeptFocus(status);
  // Said only where the journal bears it out.
  const given = t(
    walk.view.value?.changes.some(({ state }) => state === 'changed') ? 'ui_experiment_standing' : 'ui_experiment_given_back',
  );
  const isUnderWay = status === 'running' || status === 'waiting';
  const isOver = status === 'done' || status === 'stopped' || status === 'failed';
  return (
    <section
      ref={section}
      class="card experiment"
      aria-labelledby={`experiment-${experiment}`}
      data-experiment={experiment}
      data-status={status}
    >
      <h2 id={`experiment-${experiment}`} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {!isUnderWay && status !== 'interrupted' && status !== 'done' && before}
      {isUnderWay && run !== undefined && <Progress run={run} />}
      <p role="status">{isUnderWay && doing}</p>
      {isUnderWay && (
        <div class="actions">
          <button type="button" class="button" data-action="stop-experiment" onClick={() => walk.stopExperiment()}>
            {t(frame.stop ?? 'ui_experiment_stop')}
          </button>
        </div>
      )}
      {/* Always there, so that it is known before it speaks; sentences only, for buttons would be read out with them. */}
      <div aria-live="polite">
        {walk.refused.value.has(experiment) && status !== 'running' && <p class="note">{t('ui_experiment_refused')}</p>}
        {status === 'interrupted' && (
          <p class="note">
            {t(frame.interrupted ?? 'ui_experiment_interrupted')} {frame.interrupted === undefined && given}
          </p>
        )}
        {status === 'stopped' && (
          <p class="note">
            {t(frame.stopped ?? 'ui_experiment_stopped')} {frame.stopped === undefined && given}
          </p>
        )}
        {status === 'failed' && (
          <p class="note">
            {t(frame.failed ?? 'ui_experiment_failed', t(experimentTrouble(run?.error)))} {frame.failed === undefined && given}
          </p>
        )}
      </div>
      {status === 'interrupted' && (
        <div class="actions">
          <button type="button" class="button button-primary" data-action="resume-experiment" onClick={onStart}>
            {t('ui_experiment_resume')}
          </button>
        </div>
      )}
      {children}
      {isOver && status === 'done' && (
        <div class="actions">
          <button type="button" class="button button-quiet" data-action="repeat-experiment" onClick={onStart}>
            {t('ui_experiment_again')}
          </button>
        </div>
      )}
    </section>
  );
}

function Progress({ run }: { run: ExperimentRun }) {
  const { done, left } = run.progress;
  const words = t('ui_experiment_rounds', format(done), format(left));
  return (
    <div class="experiment-progress">
      <progress max={Math.max(1, done + left)} value={done} aria-label={words} />
      <p class="quiet">{words}</p>
    </div>
  );
}
