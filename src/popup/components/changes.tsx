import type { Change, SessionView } from '../../model/session';
import type { Walk } from '../state/walk';
import { format, t } from '../words';

/** More extensions than these are told by their number: a search switches off a hundred. */
const MOST_NAMES = 2;

/** What stands changed right now; over the page's foot, so that nothing moves when it comes and goes. */
export function ChangesBanner({ view, walk }: { view: SessionView; walk: Walk }) {
  const standing = namesOf(view.changes.filter(({ state }) => state === 'changed'));
  if (standing.length === 0) return null;
  return (
    <aside class="banner" aria-label={t('ui_changes_label')}>
      <p>{t('ui_changes', standing.join(t('ui_list_separator')))}</p>
      <button type="button" class="button" data-action="give-back" onClick={() => walk.giveBack()}>
        {t('ui_give_back')}
      </button>
    </aside>
  );
}

/** Nothing for our own header rules and the test tab: they touch nothing of the person's, and giving them back is nobody's decision. */
function namesOf(changes: readonly Change[]): readonly string[] {
  const proxy = changes.some(({ what }) => what === 'proxy-setting') ? [t('ui_change_proxy_setting')] : [];
  const off = changes.filter(({ what }) => what === 'extension-switch');
  if (off.length > MOST_NAMES) return [...proxy, t('ui_change_extension_switches', format(off.length))];
  return [...proxy, ...off.map(({ target }) => t('ui_change_extension_switch', target))];
}
