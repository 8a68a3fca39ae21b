import type { Section } from '../letter';
import { list, paragraph, shortHost, utcMinute, type Writer } from './writer';

/** What the help desk is asked for. */
export function needSection({ report, text }: Writer): Section {
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
