import type { CauseId } from '../../model/vocabulary';
import type { Section } from '../letter';
import { type TextOf, textKey, textOr } from '../words';
import { list, paragraph, shownCauses, utcMinute, type Writer } from './writer';

/** What to look for on the server. */
export function serverSection({ report, text }: Writer): Section {
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
  asks.push(
    ...shownCauses(report)
      .map((cause) => serverAdvice(text, cause.id))
      .filter((advice) => advice !== ''),
  );
  return { id: 'server', heading, blocks: [list(asks.map((ask) => ({ text: ask })))] };
}

/** What to look for on a server for one cause; empty for causes that a server's owner cannot see. */
function serverAdvice(text: TextOf, cause: CauseId): string {
  return textOr(text, textKey('report_server', cause), '');
}
