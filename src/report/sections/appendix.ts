import type { Block, Section } from '../letter';
import { textKey, textOr } from '../words';
import { ownerName, utcMinute, type Writer } from './writer';

/** The raw facts, likelihoods and durations. */
export function appendixSection({ report, text }: Writer): Section {
  const observations = Object.entries(report.observations);
  const blocks: Block[] = [];
  if (observations.length > 0) {
    blocks.push({
      kind: 'table',
      caption: text('report_appendix_observations'),
      columns: [text('report_column_observation'), text('report_column_value'), text('report_column_source'), text('report_column_time')],
      rows: observations.map(([id, observation]) => [
        id,
        observation.value,
        `${textOr(text, textKey('report_source', observation.source), observation.source)} (${observation.by})`,
        utcMinute(observation.at),
      ]),
    });
  }
  if (report.diagnosis.causes.length > 0) {
    blocks.push({
      kind: 'table',
      caption: text('report_appendix_causes'),
      columns: [text('report_column_cause'), text('report_column_probability'), text('report_column_owner')],
      rows: report.diagnosis.causes.map((cause) => [
        `${cause.title} (${cause.id})`,
        cause.probability.toFixed(3),
        ownerName(text, cause.owner),
      ]),
    });
  }
  const timed = report.checks.filter((check) => check.durationMs > 0);
  if (timed.length > 0) {
    blocks.push({
      kind: 'table',
      caption: text('report_appendix_durations'),
      columns: [text('report_column_check'), text('report_column_outcome'), text('report_column_duration')],
      rows: timed.map((check) => [check.id, check.outcome, text('report_milliseconds', String(check.durationMs))]),
    });
  }
  return { id: 'appendix', heading: text('report_section_appendix'), blocks };
}
