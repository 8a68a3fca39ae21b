import type { Report } from '../../model/report';
import type { Section } from '../letter';
import { answerWords, questionWords, stepTitle, type TextOf, textKey, textOr } from '../words';
import { list, type Writer } from './writer';

/** What the person answered, did and tested again, in order of time. */
export function triedSection({ report, text, time }: Writer): Section[] {
  const answers = Object.entries(report.observations)
    .filter(([, observation]) => observation.source === 'answer')
    .map(([id, observation]) => ({
      at: observation.at,
      text: questionWords(text, id),
      note: text('report_step_answered', answerWords(text, id, observation.value)),
    }));
  const asked = new Set(
    Object.entries(report.observations).flatMap(([id, observation]) => (observation.source === 'answer' ? [id, `ask-${id}`] : [])),
  );
  const told = report.stepResults.filter((result) => result.outcome !== 'answered' || !asked.has(result.step));
  const steps = told.map((result) => ({
    at: result.at,
    text: result.title || stepTitle(text, result.step),
    note: stepOutcome(text, result),
  }));
  const retests = report.retests.map((retest) => ({
    at: retest.at,
    text: retest.afterStep ? text('report_retest_after', stepTitle(text, retest.afterStep)) : text('report_retest_title'),
    note: retestOutcome(text, retest),
  }));
  const items = [...answers, ...steps, ...retests]
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map((item) => ({ text: item.text, note: `${item.note} · ${time(item.at)}` }));
  return items.length > 0 ? [{ id: 'tried', heading: text('report_section_tried'), blocks: [list(items)] }] : [];
}

function stepOutcome(text: TextOf, result: Report['stepResults'][number]): string {
  if (result.outcome === 'answered') return text('report_step_answered', result.answer ?? '');
  return textOr(text, textKey('report_step', result.outcome), result.outcome);
}

function retestOutcome(text: TextOf, retest: Report['retests'][number]): string {
  if (retest.outcome === 'works') return text('report_retest_works', String(retest.worked), String(retest.tries));
  if (retest.outcome === 'same-error') return text('report_retest_same_error', String(retest.worked), String(retest.tries));
  if (retest.outcome === 'other-error') return text('report_retest_other_error', retest.error ?? '');
  return text('report_retest_not_possible');
}
