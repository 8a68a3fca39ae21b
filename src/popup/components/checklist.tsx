import { AREAS, type Area, type CheckResult, type NotRunReason } from '../../model/check';
import type { SessionView } from '../../model/session';
import type { Walk } from '../state/walk';
import { format, named, render, t } from '../words';
import { Icon, OutcomeIcon } from './icons';

/** Every check by area, with its outcome in a sign and a word, and the reason where it did not run. */
export function Checklist({ view, walk }: { view: SessionView; walk: Walk }) {
  return (
    <section aria-labelledby="checklist-title">
      <h2 id="checklist-title" class="section-title">
        {t('ui_checklist_title')}
      </h2>
      <div class="rows">
        {AREAS.map((area) => (
          <AreaGroup key={area} area={area} checks={view.checks.filter((check) => check.area === area)} walk={walk} />
        ))}
      </div>
    </section>
  );
}

function AreaGroup({ area, checks, walk }: { area: Area; checks: readonly CheckResult[]; walk: Walk }) {
  if (checks.length === 0) return null;
  const implicated = checks.filter(({ outcome }) => outcome === 'implicated').length;
  const settled = checks.filter(({ outcome }) => outcome !== 'not-run').length;
  return (
    <details class="area" data-area={area}>
      <summary>
        <Icon name="chevron" />
        <h3>{named('area', area)}</h3>
        <span class="area-tally">
          {implicated > 0 && <span class="area-suspect">{t('ui_area_suspect', format(implicated))}</span>}
          <span>{t('ui_area_tally', format(settled), format(checks.length))}</span>
        </span>
      </summary>
      <ul class="checks">
        {checks.map((check) => (
          <CheckRow key={check.id} check={check} walk={walk} />
        ))}
      </ul>
    </details>
  );
}

function CheckRow({ check, walk }: { check: CheckResult; walk: Walk }) {
  const { notRun } = check;
  const goTo = (step: string): void => {
    walk.chooseStep(step);
    // Already open: the card does not change, so it cannot take the focus by itself.
    document.querySelector<HTMLElement>(`[data-step="${CSS.escape(step)}"] h2`)?.focus();
  };
  return (
    <li class="check" data-check={check.id} data-outcome={check.outcome}>
      <OutcomeIcon outcome={check.outcome} />
      <div class="check-body">
        <p class="check-head">
          <span class="check-title">{named('check', check.id, '_title')}</span>{' '}
          <span class={`tag tag-${check.outcome}`}>
            {notRun?.kind === 'pending'
              ? t('ui_outcome_pending')
              : notRun?.kind === 'question'
                ? t('ui_outcome_ask')
                : t(OUTCOME_TEXT[check.outcome])}
          </span>
        </p>
        {notRun?.kind === 'question' ? (
          <button type="button" class="link" onClick={() => goTo(notRun.step)}>
            {named('step', notRun.step, '_title')}
          </button>
        ) : (
          <p class="quiet">{notRun === undefined ? render(check.explanation) : reason(notRun)}</p>
        )}
      </div>
    </li>
  );
}

const OUTCOME_TEXT = {
  implicated: 'ui_outcome_implicated',
  cleared: 'ui_outcome_cleared',
  inconclusive: 'ui_outcome_inconclusive',
  'not-applicable': 'ui_outcome_not_applicable',
  'not-run': 'ui_outcome_not_run',
  error: 'ui_outcome_error',
} as const;

function reason(notRun: Exclude<NotRunReason, { kind: 'question' }>): string {
  switch (notRun.kind) {
    case 'consent':
      return t('ui_not_run_consent', named('consent', notRun.consent, '_title'));
    case 'refused':
      return t('ui_not_run_refused', named('consent', notRun.consent, '_title'));
    case 'pending':
      return t('ui_not_run_pending');
    case 'cannot-in-this-browser':
      return t('ui_not_run_browser');
    case 'offline':
      return t('ui_not_run_offline');
    case 'asked-to-stop':
      return t('ui_not_run_asked_to_stop');
  }
}
