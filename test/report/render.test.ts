import { describe, expect, it } from 'vitest';
import type { MessageId } from '../../src/model/message';
import type { Audience, Report } from '../../src/model/report';
import type { SessionView } from '../../src/model/session';
import { CAUSE_IDS, CAUSES, OBSERVATIONS } from '../../src/model/vocabulary';
import { composeLetter } from '../../src/report/compose-letter';
import { reportFileName } from '../../src/report/file-name';
import { escapeHtml, renderHtml } from '../../src/report/render-html';
import { codeSpan, escapeMarkdown, renderMarkdown } from '../../src/report/render-markdown';
import { stepTitle, textKey } from '../../src/report/words';
import { reportOf, say, text, view } from './sample';

const AUDIENCES: Audience[] = ['self', 'help-desk', 'site-owner'];

function sectionsFor(audience: Audience, session: SessionView = view): string[] {
  return composeLetter(reportOf(session, { audience }), { text }).sections.map((section) => section.id);
}

describe('the letter', () => {
  it('puts first what its reader needs first', () => {
    expect(sectionsFor('self')).toEqual(['do', 'found', 'tested', 'tried', 'changed', 'appendix', 'contents']);
    expect(sectionsFor('help-desk')).toEqual(['need', 'found', 'person', 'tested', 'tried', 'changed', 'appendix', 'contents']);
    expect(sectionsFor('site-owner')).toEqual([
      'visitor',
      'server',
      'found',
      'person',
      'tested',
      'tried',
      'changed',
      'appendix',
      'contents',
    ]);
  });

  it('tells the outcomes in order: implicated, cleared, inconclusive, not run with why, not applicable', () => {
    const tested = composeLetter(reportOf(), { text }).sections.find((section) => section.id === 'tested');
    expect(tested?.blocks.map((block) => block.kind === 'checks' && block.outcome)).toEqual([
      'implicated',
      'cleared',
      'inconclusive',
      'not-run',
      'not-applicable',
    ]);
  });

  it('tells what the person answered, in the words of the question', () => {
    const worded: typeof text = (id, ...args) =>
      (({ question_network_owner: 'Whose network is it?', answer_network_owner_home: 'My own' }) as Record<string, string>)[id] ??
      text(id, ...args);
    const tried = composeLetter(reportOf(), { text: worded }).sections.find((section) => section.id === 'tried');
    const block = tried?.blocks[0];
    expect(block?.kind === 'list' && block.items[0]?.text).toBe('Whose network is it?');
    expect(block?.kind === 'list' && block.items[0]?.note).toContain('My own');
    expect(block?.kind === 'list' && block.items).toHaveLength(3);
  });

  it('names a step, a question and a consent by their own words', () => {
    const worded: typeof text = (id) =>
      (
        ({
          step_restart_router_title: 'Restart the router',
          question_vpn_active: 'Is a VPN on?',
          consent_go_direct_title: 'Go past the proxy',
        }) as Record<string, string>
      )[id] ?? '';
    expect(['restart-router', 'ask-vpn-active', 'allow-go-direct', 'unheard-of'].map((id) => stepTitle(worded, id))).toEqual([
      'Restart the router',
      'Is a VPN on?',
      'Go past the proxy',
      'unheard-of',
    ]);
  });

  it('blames nothing on a page without fault, and asks for nothing', () => {
    const session: SessionView = { ...view, diagnosis: { verdict: 'no-fault', summary: say('It loads.'), causes: [], nextSteps: [] } };
    for (const audience of AUDIENCES) {
      const letter = composeLetter(reportOf(session, { audience }), { text });
      expect(letter.title).toBe('shop.example.org loads');
      expect(letter.sections.flatMap((section) => section.blocks).some((block) => block.kind === 'cause')).toBe(false);
    }
  });

  it('says which causes cannot be told apart, and what would tell', () => {
    const session: SessionView = {
      ...view,
      diagnosis: {
        ...view.diagnosis,
        verdict: 'cannot-tell',
        tie: { causes: ['isp-filter', 'security-software'], separatedBy: 'other-network' },
      },
    };
    const found = composeLetter(reportOf(session), { text }).sections.find((section) => section.id === 'found');
    const words = JSON.stringify(found);
    expect(words).toContain('cannot separate');
    expect(words).toContain('What would separate them');
  });

  it('gives times in the person’s zone, and in UTC for the site’s owner', () => {
    const options = { text, timeZone: 'Asia/Tokyo' };
    expect(composeLetter(reportOf(view, { audience: 'self' }), options).written.value).toMatch(/Mar 15, 2026.*12:11:01/);
    expect(composeLetter(reportOf(view, { audience: 'site-owner' }), options).written.value).toMatch(/Mar 14, 2026.*3:11:01.*UTC/);
    expect(composeLetter(reportOf(), { text, timeZone: 'No/Where' }).written.value).toContain('UTC');
  });

  it('has words for every cause’s owner, every phase, every outcome and every site’s cause', () => {
    const keys = [
      ...new Set(CAUSE_IDS.map((id) => textKey('report_owner', CAUSES[id].owner))),
      ...CAUSE_IDS.filter((id) => CAUSES[id].owner === 'site').map((id) => textKey('report_server', id)),
      ...OBSERVATIONS.phase.values.map((phase) => textKey('report_phase', phase)),
      ...OBSERVATIONS.frequency.values.map((value) => textKey('report_visitor_frequency', value)),
      ...['changed', 'returned', 'confirmed', 'left-to-another', 'kept'].map((state) => textKey('report_change', state)),
    ];
    for (const key of keys) expect(text(key as MessageId), key).not.toBe('');
  });
});

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '[click](javascript:alert(1)) ![x](http://evil.example/x.png)',
  '`code` **bold** # heading | cell | <!-- -->',
  'evil\u202egpj.exe',
  '&lt;script&gt;',
  '\n# heading\n- item\n```\nfence',
  '@everyone #123 www.evil.example https://evil.example/x',
];

/** A report with the same hostile text in each place that another may write to. */
function hostileReport(hostile: string, audience: Audience): Report {
  const report = reportOf(view, { audience });
  report.incident = { ...report.incident, host: hostile, url: hostile, error: hostile, method: hostile };
  report.diagnosis.summary = hostile;
  report.diagnosis.causes = report.diagnosis.causes.map((cause) => ({
    ...cause,
    title: hostile,
    evidence: {
      for: cause.evidence.for.map((item) => ({ ...item, explanation: hostile })),
      against: cause.evidence.against.map((item) => ({ ...item, explanation: hostile })),
    },
  }));
  report.checks = report.checks.map((check) => ({ ...check, title: hostile, explanation: hostile }));
  report.nextSteps = [{ id: 'x', title: hostile, why: hostile }];
  report.stepResults = [{ step: 'x', title: hostile, outcome: 'answered', answer: hostile, at: report.createdAt }];
  report.retests = [{ outcome: 'other-error', error: hostile, worked: 0, tries: 1, at: report.createdAt }];
  report.changes = [
    { id: 'x', what: 'extension-switch', target: hostile, state: 'returned', changedAt: report.createdAt, returnedAt: report.createdAt },
  ];
  report.observations = { frequency: { value: hostile, source: hostile, by: hostile, at: report.createdAt } };
  report.contents = { included: [hostile], leftOut: [hostile] };
  report.language = hostile;
  report.product = { name: 'Unreset', version: hostile };
  return report;
}

describe('HTML', () => {
  const plainTags = tagsOf(renderHtml(reportOf(), { text }));

  it.each(HOSTILE)('shows %j as text and nothing else', (hostile) => {
    for (const audience of AUDIENCES) {
      const html = renderHtml(hostileReport(hostile, audience), { text });
      for (const tag of tagsOf(html)) expect(plainTags.has(tag) || tag === 'h4', tag).toBe(true);
      expect(html.replace(/"[^"<>]*"/g, '""')).not.toMatch(/<[a-z][^>]*\son[a-z]+\s*=/i);
      expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      expect(html.match(/<style>/g)).toHaveLength(1);
    }
  });

  it('stands alone: no script, nothing fetched', () => {
    const html = renderHtml(reportOf(), { text });
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|src=|href=/i);
    expect(html).toContain("default-src 'none'");
    expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/);
  });

  it('keeps a host of 2,000 characters in bounds', () => {
    const host = `${'a'.repeat(1_989)}.example.org`;
    const long: SessionView = { ...view, state: { ...view.state, incident: { ...view.state.incident, host, url: `https://${host}/` } } };
    const report = reportOf(long);
    expect(report.incident.host).toBe(host);
    const letter = composeLetter(report, { text });
    expect(letter.title.length).toBeLessThan(110);
    expect(letter.title).toContain('.example.org');
  });

  it('is written from right to left where the language is', () => {
    const rtl: typeof text = (id, ...args) => (id === 'report_direction' ? 'rtl' : id === 'report_language' ? 'fa' : text(id, ...args));
    const report = { ...reportOf(), language: 'fa' };
    expect(renderHtml(report, { text: rtl })).toContain('<html lang="fa" dir="rtl">');
  });

  it('escapes what must be escaped', () => {
    expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
  });
});

function tagsOf(html: string): Set<string> {
  return new Set([...html.matchAll(/<\/?([a-z!][a-z0-9]*)/gi)].map((match) => (match[1] ?? '').toLowerCase()));
}

describe('Markdown', () => {
  it.each(HOSTILE)('shows %j as text and nothing else', (hostile) => {
    const markdown = renderMarkdown(hostileReport(hostile, 'help-desk'), { text });
    const outsideCode = markdown.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/<[a-z!/]/i);
    expect(outsideCode).not.toMatch(/(?<!\\)\]\(|(?<!\\)!\[/);
    expect(outsideCode).not.toMatch(/https?:\/\/|\bwww\./);
    expect(outsideCode).not.toMatch(/@\w/);
    expect(markdown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    const headings = markdown.split('\n').filter((line) => line.startsWith('#'));
    expect(headings.every((line) => /^#{1,3} \S/.test(line))).toBe(true);
    expect(headings.filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(markdown.split('\n').filter((line) => line.startsWith('```'))).toEqual([]);
  });

  it('escapes inline markup', () => {
    expect(escapeMarkdown('*a* _b_ [c](d) `e` <f> & | #1')).toBe('\\*a\\* \\_b\\_ \\[c\\](d) \\`e\\` &lt;f&gt; &amp; \\| \\#1');
    expect(escapeMarkdown('1. one')).toBe('1\\. one');
    expect(escapeMarkdown('- one')).toBe('\\- one');
  });

  it('fences code by more backticks than it holds', () => {
    expect(codeSpan('a')).toBe('`a`');
    expect(codeSpan('`a``')).toBe('``` `a`` ```');
  });

  it('holds the same sections as the letter', () => {
    const markdown = renderMarkdown(reportOf(), { text });
    for (const section of composeLetter(reportOf(), { text }).sections) expect(markdown).toContain(`## ${section.heading}`);
  });
});

describe('file names', () => {
  it.each([
    ['shop.example.org', 'json', 'unreset-report-shop.example.org.json'],
    ['[2001:db8::1]', 'html', 'unreset-report-2001-db8-1.html'],
    ['../../etc/passwd', 'markdown', 'unreset-report-etc-passwd.md'],
    ['', 'json', 'unreset-report-page.json'],
  ] as const)('%s', (host, format, name) => {
    expect(reportFileName(host, format)).toBe(name);
  });

  it('stay short', () => {
    expect(reportFileName('a'.repeat(2_000), 'json').length).toBeLessThanOrEqual(120);
  });
});
