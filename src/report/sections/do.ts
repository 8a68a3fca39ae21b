import type { Block, Section } from '../letter';
import { causeWho, stepTitle, textKey, textOr } from '../words';
import { list, paragraph, type Writer } from './writer';

const SHOWN_STEPS = 5;

/** What to do next, and the questions still open; called `do` in the person's own letter, `person` in one to somebody else. */
export function doSection(writer: Writer, id: 'do' | 'person', headingKey: 'report_section_do' | 'report_section_person'): Section {
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

/** What the person can still do, in a letter to somebody else. */
export function personSection(writer: Writer): Section[] {
  const isOver = writer.report.diagnosis.verdict === 'no-fault' || writer.report.nextSteps.length === 0;
  return isOver ? [] : [doSection(writer, 'person', 'report_section_person')];
}
