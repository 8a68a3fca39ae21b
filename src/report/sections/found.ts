import { likelihoodPercent, likelihoodWord } from '../../model/likelihood';
import type { Report } from '../../model/report';
import type { Block, Section } from '../letter';
import { causeTitle, causeWho, stepTitle, type TextOf } from '../words';
import { ownerName, paragraph, shownCauses, type Writer } from './writer';

/** What was found: the causes by their likelihood, with evidence for and against. */
export function foundSection({ report, text }: Writer): Section {
  const { verdict, causes, tie } = report.diagnosis;
  const heading = text('report_section_found');
  if (verdict === 'no-fault') return { id: 'found', heading, blocks: [paragraph(text('report_found_none'))] };
  if (verdict === 'not-a-reset') return { id: 'found', heading, blocks: [paragraph(text('report_found_not_reset'))] };
  if (causes.length === 0) return { id: 'found', heading, blocks: [paragraph(text('report_found_nothing_fits'))] };

  const shown = shownCauses(report);
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

function likelihoodOf(text: TextOf, probability: number): string {
  return text('report_likelihood', text(likelihoodWord(probability)), String(likelihoodPercent(probability)));
}
