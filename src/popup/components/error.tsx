import type { Walk } from '../state/walk';
import { t } from '../words';
import { Icon } from './icons';

/** The worker cannot be reached: say so and offer the way on. */
export function ErrorScreen({ walk }: { walk: Walk }) {
  return (
    <section class="card error-screen" aria-labelledby="error-title">
      <div role="alert">
        <h1 id="error-title">{t('ui_error_title')}</h1>
        <p>{t('ui_error_body')}</p>
      </div>
      <div class="actions">
        <button type="button" class="button button-primary" data-action="retry" onClick={() => walk.start()}>
          <Icon name="again" />
          {t('ui_error_retry')}
        </button>
      </div>
    </section>
  );
}
