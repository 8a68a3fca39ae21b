import type { Report } from '../../model/report';
import type { Section } from '../letter';
import { type TextOf, textKey, textOr } from '../words';
import { list, paragraph, type Writer } from './writer';

/** What Unreset changed, and whether it is given back. */
export function changedSection({ report, text, time }: Writer): Section {
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
