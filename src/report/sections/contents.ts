import type { Block, Section } from '../letter';
import { list, type Writer } from './writer';

/** What the report contains and what was left out. */
export function contentsSection({ report, text }: Writer): Section[] {
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
