import type { SessionView } from '../../model/session';
import { format, t } from '../words';

/** How far the automatic checks are: the edge of the card that they fill. */
export function ProgressEdge({ view, isBusy }: { view: SessionView | null; isBusy: boolean }) {
  const { done, total } = view?.progress ?? { done: 0, total: 0 };
  const isOver = view !== null && !isBusy;
  const percent = isOver ? 100 : total > 0 ? Math.min(100, Math.round((done / total) * 100)) : 0;
  return (
    <div class={`progress-track ${isOver ? 'is-over' : ''}`} aria-hidden="true">
      <div class="progress-bar" style={{ inlineSize: `${percent}%` }} />
    </div>
  );
}

/** The same in words. */
export function progressWords(view: SessionView | null, isBusy: boolean): string {
  if (view === null) return t('ui_progress_starting');
  const { done, total } = view.progress;
  return isBusy ? t('ui_progress_running', format(done), format(total)) : t('ui_progress_done', format(done));
}
