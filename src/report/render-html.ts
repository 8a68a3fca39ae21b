import type { Report } from '../model/report';
import { composeLetter, type LetterOptions } from './compose-letter';
import { HTML_STYLE } from './html-style';
import type { Block, CauseBlock, ChecksBlock, Fact, Section } from './letter';
import { withoutInvisible } from './redact';

/** A self-contained HTML file of the report: no script, nothing loaded from anywhere. */
export function renderHtml(report: Report, options: LetterOptions): string {
  const letter = composeLetter(report, options);
  const text = options.text;
  return `<!doctype html>
<html lang="${escapeHtml(letter.language)}" dir="${letter.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(letter.title)}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<main data-audience="${escapeHtml(report.audience)}" data-verdict="${escapeHtml(letter.verdict)}">
<header>
<p class="name">${escapeHtml(letter.name)}</p>
<dl class="envelope">${envelope(letter.to)}${envelope(letter.written)}</dl>
<h1>${escapeHtml(letter.title)}</h1>
<p class="lead">${bidi(letter.lead)}</p>
${letter.notes.map((note) => `<p class="note">${bidi(note)}</p>`).join('\n')}
${factList(letter.facts)}
</header>
${letter.sections.map((section) => sectionHtml(section, text)).join('\n')}
<footer><p>${escapeHtml(letter.madeBy)}</p></footer>
</main>
</body>
</html>
`;
}

/** Escapes a string for element content and for quoted attribute values; characters that turn or hide text are taken out. */
export function escapeHtml(value: string): string {
  return withoutInvisible(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Escaped, and kept from turning the text around it. */
function bidi(value: string): string {
  return `<bdi>${escapeHtml(value)}</bdi>`;
}

function envelope(fact: Fact): string {
  return `<div><dt>${escapeHtml(fact.label)}</dt><dd>${bidi(fact.value)}</dd></div>`;
}

function factList(facts: Fact[]): string {
  const rows = facts.map((fact) => {
    const value = fact.isCode ? `<code dir="ltr">${escapeHtml(fact.value)}</code>` : bidi(fact.value);
    return `<div><dt>${escapeHtml(fact.label)}</dt><dd>${value}</dd></div>`;
  });
  return `<dl class="facts">${rows.join('')}</dl>`;
}

function sectionHtml(section: Section, text: LetterOptions['text']): string {
  const blocks = section.blocks.map((block) => blockHtml(block, text)).join('\n');
  return `<section id="${section.id}"><h2>${escapeHtml(section.heading)}</h2>
${blocks}
</section>`;
}

function blockHtml(block: Block, text: LetterOptions['text']): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${bidi(block.text)}</p>`;
    case 'list': {
      const tag = block.isOrdered ? 'ol' : 'ul';
      const items = block.items.map((item) =>
        item.note ? `<li><strong>${bidi(item.text)}</strong><br>${bidi(item.note)}</li>` : `<li>${bidi(item.text)}</li>`,
      );
      return `<${tag}>${items.join('')}</${tag}>`;
    }
    case 'facts':
      return factList(block.facts);
    case 'cause':
      return causeHtml(block, text);
    case 'checks':
      return checksHtml(block);
    case 'table':
      return tableHtml(block.caption, block.columns, block.rows);
  }
}

function causeHtml(cause: CauseBlock, text: LetterOptions['text']): string {
  const evidence = (heading: string, lines: string[]): string =>
    lines.length === 0 ? '' : `<h4>${escapeHtml(heading)}</h4><ul>${lines.map((line) => `<li>${bidi(line)}</li>`).join('')}</ul>`;
  const hasNone = cause.evidenceFor.length === 0;
  return `<article class="cause${cause.rank === 1 ? ' first' : ''}">
<h3>${bidi(cause.title)}</h3>
<p class="likelihood"><span class="bar" aria-hidden="true"><span style="inline-size:${Math.min(100, Math.max(0, cause.percent))}%"></span></span>${escapeHtml(cause.likelihood)}</p>
${cause.sentence === '' ? '' : `<p>${bidi(cause.sentence)}</p>`}
<p class="owner">${escapeHtml(cause.owner)}</p>
${cause.tell === '' ? '' : `<p>${escapeHtml(text('report_tell'))}: ${bidi(cause.tell)}</p>`}
${hasNone ? `<p>${escapeHtml(text('report_evidence_none'))}</p>` : evidence(text('report_evidence_for'), cause.evidenceFor)}
${evidence(text('report_evidence_against'), cause.evidenceAgainst)}
${evidence(text('report_mind'), cause.mind)}
</article>`;
}

const MARKS: Record<ChecksBlock['outcome'], string> = {
  implicated: '!',
  cleared: '✓',
  inconclusive: '?',
  error: '×',
  'not-run': '–',
  'not-applicable': '·',
};

function checksHtml(block: ChecksBlock): string {
  const rows = block.rows.map((row) => `<li><strong>${bidi(row.title)}</strong>${row.text ? `<br>${bidi(row.text)}` : ''}</li>`);
  return `<div class="checks ${block.outcome}"><h3><span class="mark" aria-hidden="true">${MARKS[block.outcome]}</span>${escapeHtml(block.label)}</h3>
<ul>${rows.join('')}</ul></div>`;
}

function tableHtml(caption: string, columns: string[], rows: string[][]): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${bidi(cell)}</td>`).join('')}</tr>`).join('');
  const table = `<table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
  // On a narrow screen the table scrolls sideways, by keyboard too.
  return `<div class="wide" role="region" tabindex="0" aria-label="${escapeHtml(caption)}">${table}</div>`;
}
