import type { CheckOutcome } from '../../model/check';
import type { Block, Section } from '../letter';
import { checkTitle, consentTitle, stepTitle, type TextOf } from '../words';
import type { Writer } from './writer';

const OUTCOME_ORDER: readonly CheckOutcome[] = ['implicated', 'cleared', 'inconclusive', 'error', 'not-run', 'not-applicable'];

/** Every check, by its outcome. */
export function testedSection(writer: Writer): Section {
  const { report, text } = writer;
  const blocks = OUTCOME_ORDER.flatMap((outcome): Block[] => {
    const rows = report.checks
      .filter((check) => check.outcome === outcome)
      .map((check) => ({
        title: check.title || checkTitle(text, check.id),
        text: outcome === 'not-run' ? notRunSentence(text, check.notRun ?? '') : check.explanation,
      }));
    return rows.length > 0 ? [{ kind: 'checks', outcome, label: text(outcomeKey(outcome)), rows }] : [];
  });
  return { id: 'tested', heading: text('report_section_tested'), blocks };
}

function outcomeKey(outcome: CheckOutcome) {
  const keys = {
    implicated: 'report_outcome_implicated',
    cleared: 'report_outcome_cleared',
    inconclusive: 'report_outcome_inconclusive',
    error: 'report_outcome_error',
    'not-run': 'report_outcome_not_run',
    'not-applicable': 'report_outcome_not_applicable',
  } as const;
  return keys[outcome];
}

/** Why a check did not run, from the stable words of the report. */
function notRunSentence(text: TextOf, notRun: string): string {
  const colon = notRun.indexOf(':');
  const kind = colon < 0 ? notRun : notRun.slice(0, colon);
  const what = colon < 0 ? '' : notRun.slice(colon + 1);
  switch (kind) {
    case 'consent':
      return text('report_not_run_consent', consentTitle(text, what));
    case 'refused':
      return text('report_not_run_refused', consentTitle(text, what));
    case 'question':
      return what ? text('report_not_run_question', stepTitle(text, what)) : text('report_not_run_question_open');
    case 'pending':
      return text('report_not_run_pending');
    case 'cannot-in-this-browser':
      return text('report_not_run_cannot_in_this_browser');
    case 'offline':
      return text('report_not_run_offline');
    case 'asked-to-stop':
      return text('report_not_run_asked_to_stop');
    default:
      return text('report_not_run_other');
  }
}
