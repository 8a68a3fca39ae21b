import type { Section } from '../letter';
import { textKey, textOr } from '../words';
import { list, type Writer } from './writer';

/** What the visitor saw, for whoever runs the site. */
export function visitorSection({ report, text }: Writer): Section {
  const frequency = report.observations.frequency?.value;
  const lines = [
    textOr(text, textKey('failure', report.incident.failure), report.incident.error),
    ...(frequency ? [textOr(text, textKey('report_visitor_frequency', frequency), '')] : []),
    textOr(text, textKey('report_phase', report.incident.phase), ''),
  ].filter((line) => line !== '');
  const blocks = report.diagnosis.verdict === 'no-fault' ? [] : [list(lines.map((line) => ({ text: line })))];
  return { id: 'visitor', heading: text('report_section_visitor'), blocks };
}
