import type { Audience, Report } from '../model/report';
import type { Fact, Letter, Section } from './letter';
import { appendixSection } from './sections/appendix';
import { changedSection } from './sections/changed';
import { contentsSection } from './sections/contents';
import { doSection, personSection } from './sections/do';
import { foundSection } from './sections/found';
import { needSection } from './sections/need';
import { serverSection } from './sections/server';
import { testedSection } from './sections/tested';
import { triedSection } from './sections/tried';
import { visitorSection } from './sections/visitor';
import { shortHost, type Writer } from './sections/writer';
import { audienceName, type TextOf, textKey, textOr } from './words';

/** How a report is put into words. */
export interface LetterOptions {
  text: TextOf;
  /** IANA name of the person's time zone, for times in the letter; UTC where absent. Site owners always read UTC, as their logs do. */
  timeZone?: string;
}

/** Puts a report into the order and the words of a letter to its audience. */
export function composeLetter(report: Report, options: LetterOptions): Letter {
  const { text } = options;
  const writer = { report, text, time: timeWriter(report, options) };
  const facts = factsOf(writer);
  const found = foundSection(writer);
  const tested = testedSection(writer);
  const tried = triedSection(writer);
  const changed = changedSection(writer);
  const end = [tested, ...tried, changed, appendixSection(writer), ...contentsSection(writer)];
  const order: Record<Audience, Section[]> = {
    self: [doSection(writer, 'do', 'report_section_do'), found, ...end],
    'help-desk': [needSection(writer), found, ...personSection(writer), ...end],
    'site-owner': [visitorSection(writer), serverSection(writer), found, ...personSection(writer), ...end],
  };
  return {
    language: report.language,
    direction: text('report_direction') === 'rtl' ? 'rtl' : 'ltr',
    name: text('report_name'),
    to: { label: text('report_to'), value: audienceName(text, report.audience, shortHost(report.incident.host)) },
    written: { label: text('report_written'), value: writer.time(report.createdAt) },
    title: titleOf(writer),
    verdict: report.diagnosis.verdict,
    lead: report.diagnosis.summary,
    notes: [
      ...(report.incident.mendedAt ? [text('report_works_now', writer.time(report.incident.mendedAt))] : []),
      ...(report.audience === 'self' || report.diagnosis.verdict === 'no-fault' ? [] : [text('report_note_you')]),
    ],
    facts,
    sections: order[report.audience].filter((section) => section.blocks.length > 0),
    madeBy: text('report_made_by', report.product.version),
  };
}

function timeWriter(report: Report, options: LetterOptions): (iso: string) => string {
  const zone = report.audience === 'site-owner' ? 'UTC' : (options.timeZone ?? 'UTC');
  const style = { dateStyle: 'medium', timeStyle: 'long' } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat(report.language, { ...style, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat('en', { ...style, timeZone: 'UTC' });
  }
  return (iso) => format.format(new Date(iso));
}

function titleOf({ report, text }: Writer): string {
  const host = shortHost(report.incident.host);
  if (report.diagnosis.verdict === 'no-fault') return text('report_title_works', host);
  if (report.diagnosis.verdict === 'not-a-reset') return text('report_title_other', host);
  return report.incident.kind === 'main-frame' ? text('report_title_failed', host) : text('report_title_partly', host);
}

function factsOf({ report, text, time }: Writer): Fact[] {
  const { incident, environment } = report;
  const seen =
    incident.count <= 1
      ? text('report_fact_seen_once', time(incident.lastAt))
      : text('report_fact_seen_often', String(incident.count), time(incident.firstAt), time(incident.lastAt));
  const browser = textOr(text, textKey('report_browser', environment.browser), environment.browser);
  const os = textOr(text, textKey('report_os', environment.os), environment.os);
  const failure = textOr(text, textKey('failure', incident.failure), '');
  // A page that was tested and loads has an incident without an error.
  const hasFailed = incident.error !== '';
  const kind = textOr(text, textKey('report_fact_kind', incident.kind), incident.kind);
  const weeks = environment.browserAgeDays === undefined ? undefined : Math.round(environment.browserAgeDays / 7);
  const system = text('report_system', browser, String(environment.browserVersion), os);
  // What is some days old is new: the estimate is not finer.
  const systemText = weeks === undefined || weeks < 2 ? system : text('report_system_age', system, String(weeks));
  return [
    { label: text('report_fact_page'), value: incident.url || incident.host, isCode: true },
    ...(hasFailed ? [{ label: text('report_fact_error'), value: incident.error, isCode: true }] : []),
    ...(failure && hasFailed ? [{ label: text('report_fact_meaning'), value: failure }] : []),
    ...(incident.addresses ? [{ label: text('report_fact_site_addresses'), value: incident.addresses.join(', '), isCode: true }] : []),
    ...(hasFailed
      ? [{ label: text('report_fact_phase'), value: textOr(text, textKey('report_phase', incident.phase), incident.phase) }]
      : []),
    ...(hasFailed ? [{ label: text('report_fact_seen'), value: seen }] : []),
    { label: text('report_fact_method'), value: `${incident.method}, ${kind}` },
    { label: text('report_fact_system'), value: systemText },
  ];
}
