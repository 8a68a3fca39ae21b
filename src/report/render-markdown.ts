import type { Report } from '../model/report';
import { composeLetter, type LetterOptions } from './compose-letter';
import type { Block } from './letter';
import { withoutInvisible } from './redact';

/** The report as Markdown, to paste into a ticket or a forum. Nothing in it can become a link, an image or markup of its own. */
export function renderMarkdown(report: Report, options: LetterOptions): string {
  const letter = composeLetter(report, options);
  const head = [
    `# ${escapeMarkdown(letter.title)}`,
    `**${escapeMarkdown(letter.to.label)}:** ${escapeMarkdown(letter.to.value)}  \n**${escapeMarkdown(letter.written.label)}:** ${escapeMarkdown(letter.written.value)}`,
    `**${escapeMarkdown(letter.lead)}**`,
    ...letter.notes.map(escapeMarkdown),
    letter.facts
      .map((fact) => `- **${escapeMarkdown(fact.label)}:** ${fact.isCode ? codeSpan(fact.value) : escapeMarkdown(fact.value)}`)
      .join('\n'),
  ];
  const sections = letter.sections.map((section) =>
    [`## ${escapeMarkdown(section.heading)}`, ...section.blocks.map((block) => blockMarkdown(block, options.text))].join('\n\n'),
  );
  return `${[...head, ...sections, `---\n\n*${escapeMarkdown(letter.madeBy)}*`].join('\n\n')}\n`;
}

/**
 * Escapes a string so that CommonMark and its GitHub dialect show it as it is: markup, HTML,
 * bare links (`http://`, `www.`), mentions (by a space without width: escapes do not stop them) and issue
 * numbers included.
 */
export function escapeMarkdown(value: string): string {
  return withoutInvisible(value)
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]#!|~^$]/g, '\\$&')
    .replace(/^(\s*)([-=+])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/@/g, '@\u200b');
}

/** A code span that holds any text: its fence is longer than every run of backticks within. */
export function codeSpan(value: string): string {
  const clean = withoutInvisible(value).replace(/\s+/g, ' ').replaceAll('|', '¦');
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = clean.startsWith('`') || clean.endsWith('`') || clean === '' ? ' ' : '';
  return `${fence}${pad}${clean}${pad}${fence}`;
}

function blockMarkdown(block: Block, text: LetterOptions['text']): string {
  switch (block.kind) {
    case 'paragraph':
      return escapeMarkdown(block.text);
    case 'list':
      return block.items
        .map((item, index) => {
          const mark = block.isOrdered ? `${index + 1}.` : '-';
          return item.note
            ? `${mark} **${escapeMarkdown(item.text)}**  \n${' '.repeat(mark.length + 1)}${escapeMarkdown(item.note)}`
            : `${mark} ${escapeMarkdown(item.text)}`;
        })
        .join('\n');
    case 'facts':
      return block.facts
        .map((fact) => `- **${escapeMarkdown(fact.label)}:** ${fact.isCode ? codeSpan(fact.value) : escapeMarkdown(fact.value)}`)
        .join('\n');
    case 'cause': {
      const evidence = (heading: string, lines: string[]): string[] =>
        lines.length === 0 ? [] : [`${escapeMarkdown(heading)}:`, lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')];
      return [
        `### ${block.rank}\\. ${escapeMarkdown(block.title)}`,
        ...(block.sentence ? [escapeMarkdown(block.sentence)] : []),
        `${escapeMarkdown(block.likelihood)}  \n${escapeMarkdown(block.owner)}`,
        ...(block.tell ? [`${escapeMarkdown(text('report_tell'))}: ${escapeMarkdown(block.tell)}`] : []),
        ...(block.evidenceFor.length === 0
          ? [escapeMarkdown(text('report_evidence_none'))]
          : evidence(text('report_evidence_for'), block.evidenceFor)),
        ...evidence(text('report_evidence_against'), block.evidenceAgainst),
        ...evidence(text('report_mind'), block.mind),
      ].join('\n\n');
    }
    case 'checks':
      return [
        `### ${escapeMarkdown(block.label)}`,
        block.rows.map((row) => `- **${escapeMarkdown(row.title)}**${row.text ? `: ${escapeMarkdown(row.text)}` : ''}`).join('\n'),
      ].join('\n\n');
    case 'table':
      return [
        `### ${escapeMarkdown(block.caption)}`,
        [
          `| ${block.columns.map(escapeMarkdown).join(' | ')} |`,
          `|${' --- |'.repeat(block.columns.length)}`,
          ...block.rows.map((row) => `| ${row.map((cell) => (cell === '' ? ' ' : escapeMarkdown(cell))).join(' | ')} |`),
        ].join('\n'),
      ].join('\n\n');
  }
}
