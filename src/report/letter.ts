import type { CheckOutcome } from '../model/check';
import { likelihoodPercent, likelihoodWord } from '../model/likelihood';
import type { Audience, Report } from '../model/report';
import type { CauseId } from '../model/vocabulary';
import {
  answerWords,
  audienceName,
  causeTitle,
  causeWho,
  checkTitle,
  consentTitle,
  questionWords,
  stepTitle,
  type TextOf,
  textKey,
  textOr,
} from './words';

/** How a report is put into words. */
export interface LetterOptions {
  text: TextOf;
  /** IANA name of the person's time zone, for times in the letter; UTC where absent. Site owners always read UTC, as their logs do. */
  timeZone?: string;
}

/** A label with its value; `isCode`: to be shown letter by letter. */
export interface Fact {
  label: string;
  value: string;
  isCode?: boolean;
}

/** One cause, told. */
export interface CauseBlock {
  kind: 'cause';
  rank: number;
  title: string;
  likelihood: string;
  percent: number;
  owner: string;
  /** The cause in one sentence; empty where the letter's lead says it already. */
  sentence: string;
  /** What to tell whoever can mend it. */
  tell: string;
  evidenceFor: string[];
  evidenceAgainst: string[];
  /** What would change the mind about it. */
  mind: string[];
}

/** Checks of one outcome. */
export interface ChecksBlock {
  kind: 'checks';
  outcome: CheckOutcome;
  label: string;
  rows: { title: string; text: string }[];
}

/** A piece of a section; renderers know how each kind looks. */
export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; isOrdered: boolean; items: { text: string; note?: string }[] }
  | { kind: 'facts'; facts: Fact[] }
  | { kind: 'table'; caption: string; columns: string[]; rows: string[][] }
  | CauseBlock
  | ChecksBlock;

export type SectionId =
  | 'do'
  | 'need'
  | 'visitor'
  | 'server'
  | 'found'
  | 'tested'
  | 'tried'
  | 'changed'
  | 'person'
  | 'appendix'
  | 'contents';

export interface Section {
  id: SectionId;
  heading: string;
  blocks: Block[];
}

/** A report as a letter: everything said, nothing marked up. All strings are still to be escaped. */
export interface Letter {
  language: string;
  direction: 'ltr' | 'rtl';
  name: string;
  to: Fact;
  written: Fact;
  title: string;
  verdict: Report['diagnosis']['verdict'];
  /** The finding in one sentence. */
  lead: string;
  /** What must be known before reading on: that the page has loaded since; whom “you” means. */
  notes: string[];
  facts: Fact[];
  sections: Section[];
  madeBy: string;
}

const OUTCOME_ORDER: readonly CheckOutcome[] = ['implicated', 'cleared', 'inconclusive', 'error', 'not-run', 'not-applicable'];
const SHOWN_CAUSES = 4;
const SHOWN_STEPS = 5;
const SHOWN_PROBABILITY = 0.05;
const MAX_TITLE_HOST = 72;

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

interface Writer {
  report: Report;
  text: TextOf;
  time: (iso: string) => string;
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

/** A host short enough for a title: its beginning and, more telling, its end. */
export function shortHost(host: string): string {
  return host.length <= MAX_TITLE_HOST ? host : `${host.slice(0, MAX_TITLE_HOST / 2 - 1)}…${host.slice(-MAX_TITLE_HOST / 2)}`;
}

function utcMinute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

function list(items: { text: string; note?: string }[], isOrdered = false): Block {
  return { kind: 'list', isOrdered, items };
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

function ownerName(text: TextOf, owner: string): string {
  return textOr(text, textKey('report_owner', owner), owner);
}

function likelihoodOf(text: TextOf, probability: number): string {
  return text('report_likelihood', text(likelihoodWord(probability)), String(likelihoodPercent(probability)));
}

function foundSection({ report, text }: Writer): Section {
  const { verdict, causes, tie } = report.diagnosis;
  const heading = text('report_section_found');
  if (verdict === 'no-fault') return { id: 'found', heading, blocks: [paragraph(text('report_found_none'))] };
  if (verdict === 'not-a-reset') return { id: 'found', heading, blocks: [paragraph(text('report_found_not_reset'))] };
  if (causes.length === 0) return { id: 'found', heading, blocks: [paragraph(text('report_found_nothing_fits'))] };

  const shown = causes.filter((cause, index) => index === 0 || cause.probability >= SHOWN_PROBABILITY).slice(0, SHOWN_CAUSES);
  const blocks: Block[] = [
    paragraph(verdict === 'cannot-tell' ? text('report_found_cannot_tell') : text('report_found_ranked')),
    ...shown.map(
      (cause, index): Block => ({
        kind: 'cause',
        rank: index + 1,
        title: cause.title,
        likelihood: likelihoodOf(text, cause.probability),
        percent: likelihoodPercent(cause.probability),
        owner: causeWho(text, cause.id) || text('report_who_mends', ownerName(text, cause.owner)),
        sentence: report.diagnosis.summary.includes(cause.sentence) ? '' : cause.sentence,
        tell: cause.tell,
        evidenceFor: evidenceLines(cause.evidence.for),
        evidenceAgainst: evidenceLines(cause.evidence.against),
        mind: cause.mind.map(({ explanation }) => explanation),
      }),
    ),
  ];
  if (tie && tie.causes.length > 1) {
    blocks.push(paragraph(text('report_tie', tie.causes.map((cause) => causeTitle(text, cause)).join(' · '))));
    if (tie.separatedBy) blocks.push(paragraph(text('report_tie_separated', stepTitle(text, tie.separatedBy))));
  }
  if (shown.length < causes.length) blocks.push(paragraph(text('report_found_rest')));
  return { id: 'found', heading, blocks };
}

type ReportEvidence = Report['diagnosis']['causes'][number]['evidence']['for'][number];

function evidenceLines(evidence: readonly ReportEvidence[]): string[] {
  const sorted = [...evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return [...new Set(sorted.map((item) => item.explanation || `${item.observation}: ${item.value}`))];
}

function testedSection(writer: Writer): Section {
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
export function notRunSentence(text: TextOf, notRun: string): string {
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

function doSection(writer: Writer, id: 'do' | 'person', headingKey: 'report_section_do' | 'report_section_person'): Section {
  const { report, text } = writer;
  const { verdict, causes } = report.diagnosis;
  const heading = text(headingKey);
  if (verdict === 'no-fault') return { id, heading, blocks: [paragraph(text('report_do_nothing'))] };
  const advice = verdict === 'not-a-reset' ? textOr(text, textKey('advice', report.incident.failure), '') : '';
  const who = verdict === 'cause' && id === 'do' && causes[0] !== undefined ? causeWho(text, causes[0].id) : '';
  const titled = report.nextSteps.map((step) => ({ ...step, title: step.title || stepTitle(text, step.id) }));
  const actions = titled.filter((step) => !isQuestion(step.id)).slice(0, SHOWN_STEPS);
  const questions = titled.filter((step) => isQuestion(step.id)).slice(0, SHOWN_STEPS);
  const blocks: Block[] = [advice, who].filter((line) => line !== '').map(paragraph);
  if (actions.length > 0)
    blocks.push(
      list(
        actions.map(({ title, why }) => ({ text: title, ...(why ? { note: why } : {}) })),
        true,
      ),
    );
  if (questions.length > 0) blocks.push(paragraph(text('report_questions_open')), list(questions.map(({ title }) => ({ text: title }))));
  if (blocks.length === 0) blocks.push(paragraph(text('report_do_none')));
  return { id, heading, blocks };
}

function isQuestion(step: string): boolean {
  return step.startsWith('ask-');
}

function personSection(writer: Writer): Section[] {
  const isOver = writer.report.diagnosis.verdict === 'no-fault' || writer.report.nextSteps.length === 0;
  return isOver ? [] : [doSection(writer, 'person', 'report_section_person')];
}

function needSection({ report, text }: Writer): Section {
  const { verdict, causes } = report.diagnosis;
  const host = shortHost(report.incident.host);
  const heading = text('report_section_need');
  if (verdict === 'no-fault') return { id: 'need', heading, blocks: [paragraph(text('report_need_nothing'))] };
  if (verdict === 'not-a-reset') return { id: 'need', heading, blocks: [paragraph(text('report_need_not_reset'))] };
  const owner = verdict === 'cause' ? causes[0]?.owner : undefined;
  const asks: string[] = [];
  if (owner === 'browser') asks.push(text('report_need_browser'));
  else if (owner === 'device') asks.push(text('report_need_device', host));
  else if (owner === 'local-network') asks.push(text('report_need_local_network', host));
  else if (owner === 'path') asks.push(text('report_need_path', host));
  else if (owner === 'site') asks.push(text('report_need_site', host));
  else asks.push(text('report_need_unknown', host));
  if (owner !== 'browser' && owner !== 'device') {
    asks.push(text('report_need_log_time', utcMinute(report.incident.lastAt), host), text('report_need_vantage', host));
  }
  if (owner === 'path' || owner === undefined) asks.push(text('report_need_capture'));
  return { id: 'need', heading, blocks: [list(asks.map((ask) => ({ text: ask })))] };
}

function visitorSection({ report, text }: Writer): Section {
  const frequency = report.observations.frequency?.value;
  const lines = [
    textOr(text, textKey('failure', report.incident.failure), report.incident.error),
    ...(frequency ? [textOr(text, textKey('report_visitor_frequency', frequency), '')] : []),
    textOr(text, textKey('report_phase', report.incident.phase), ''),
  ].filter((line) => line !== '');
  const blocks = report.diagnosis.verdict === 'no-fault' ? [] : [list(lines.map((line) => ({ text: line })))];
  return { id: 'visitor', heading: text('report_section_visitor'), blocks };
}

function serverSection({ report, text }: Writer): Section {
  const { verdict, causes } = report.diagnosis;
  const heading = text('report_section_server');
  if (verdict === 'no-fault') return { id: 'server', heading, blocks: [paragraph(text('report_need_nothing'))] };
  const first = causes[0];
  const asks: string[] = [];
  if (verdict === 'cause' && first && first.owner !== 'site' && serverAdvice(text, first.id) === '') {
    asks.push(text('report_server_elsewhere', first.title));
  }
  asks.push(text('report_server_log', utcMinute(report.incident.lastAt)), text('report_server_front'));
  if (report.incident.phase === 'response-started') asks.push(text('report_server_phase_started'));
  const likely = causes.filter((cause, index) => index === 0 || cause.probability >= SHOWN_PROBABILITY).slice(0, SHOWN_CAUSES);
  asks.push(...likely.map((cause) => serverAdvice(text, cause.id)).filter((advice) => advice !== ''));
  return { id: 'server', heading, blocks: [list(asks.map((ask) => ({ text: ask })))] };
}

/** What to look for on a server for one cause; empty for causes that a server's owner cannot see. */
function serverAdvice(text: TextOf, cause: CauseId): string {
  return textOr(text, textKey('report_server', cause), '');
}

function triedSection({ report, text, time }: Writer): Section[] {
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

function changedSection({ report, text, time }: Writer): Section {
  const heading = text('report_section_changed');
  if (report.changes.length === 0) return { id: 'changed', heading, blocks: [paragraph(text('report_change_none'))] };
  // The same thing, changed and given back again and again, is one line.
  const alike = new Map<string, Report['changes']>();
  for (const change of report.changes) {
    const name = changeName(text, change);
    const key = `${name}\n${change.state}`;
    alike.set(key, [...(alike.get(key) ?? []), change]);
  }
  const items = [...alike].map(([key, changes]) => {
    const last = changes.reduce((a, b) => (a.changedAt < b.changedAt ? b : a));
    const note = textOr(
      text,
      textKey('report_change', last.state),
      last.state,
      time(last.changedAt),
      last.returnedAt ? time(last.returnedAt) : '',
    );
    return {
      text: key.slice(0, key.indexOf('\n')),
      note: changes.length === 1 ? note : text('report_change_many', String(changes.length), note),
    };
  });
  return { id: 'changed', heading, blocks: [list(items)] };
}

function changeName(text: TextOf, { what, target, count }: Report['changes'][number]): string {
  if (what === 'extension-switch' && target) return text('report_change_extension_switch_named', target);
  if (what === 'cookies' && count !== undefined)
    return target ? text('report_change_cookies_named', String(count), target) : text('report_change_cookies_count', String(count));
  if (what === 'site-data' && target) return textOr(text, textKey('report_change_site_data', target), target);
  return textOr(text, textKey('report_change', what), what);
}

function appendixSection({ report, text }: Writer): Section {
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

function contentsSection({ report, text }: Writer): Section[] {
  const contents = report.contents;
  if (!contents) return [];
  const blocks: Block[] = [
    { kind: 'paragraph', text: text('report_contents_in') },
    list(contents.included.map((line) => ({ text: line }))),
    { kind: 'paragraph', text: text('report_contents_out') },
    list(contents.leftOut.map((line) => ({ text: line }))),
  ];
  return [{ id: 'contents', heading: text('report_section_contents'), blocks }];
}
