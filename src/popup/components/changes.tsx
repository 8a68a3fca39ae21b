import type { Change, SessionView } from '../../model/session';
import type { Walk } from '../state/walk';
import { t } from '../words';

/** What stands changed right now; over the page's foot, so that nothing moves when it comes and goes. */
export function ChangesBanner({ view, walk }: { view: SessionView; walk: Walk }) {
  const standing = new Set(view.changes.filter(({ state }) => state === 'changed').flatMap(nameOf));
  if (standing.size === 0) return null;
  return (
    <aside class="banner" aria-label={t('ui_changes_label')}>
      <p>{t('ui_changes', [...standing].join(t('ui_list_separator')))}</p>
      <button type="button" class="button" data-action="give-back" onClick={() => walk.giveBack()}>
        {t('ui_give_back')}
      </button>
    </aside>
  );
}

/** Nothing for our own header rules and the test tab: they touch nothing of the person's, and giving them back is nobody's decision. */
function nameOf(change: Change): string[] {
  if (change.what === 'proxy-setting') return [t('ui_change_proxy_setting')];
  return change.what === 'extension-switch' ? [t('ui_change_extension_switch', change.target)] : [];
}
