import { describe, expect, it } from 'vitest';
import messages from '../../public/_locales/en/messages.json';
import { causeWords } from '../../src/diagnosis/explain';
import type { SessionView } from '../../src/model/session';
import { maskPath } from '../../src/report/path';
import { describeContents, makeRedactor, masksIn, withoutInvisible } from '../../src/report/redact';
import { renderHtml } from '../../src/report/render-html';
import { renderMarkdown } from '../../src/report/render-markdown';
import { extensionCalled, reportOf, say, text, view } from './sample';

const masks = masksIn(text);
const redactor = makeRedactor(view, { isRedacted: true, masks });
const open = makeRedactor(view, { isRedacted: false, masks });

describe('addresses of pages', () => {
  it.each([
    ['https://shop.example.org/a?x=1#y', 'https://shop.example.org/a'],
    ['https://jane:pw@shop.example.org/', 'https://shop.example.org/'],
    ['https://shop.example.org:8443/users/jane.doe/orders/2024?session=1', 'https://shop.example.org:8443/users/***/orders/2024'],
    ['https://other-tab.example.net/inbox', masks.page],
    ['chrome-extension://eimadpbcbfnmbkopoojfekhnkhdbieeh/page.html', 'chrome-extension://***'],
    ['file:///home/jane/notes.html', 'file://***'],
    ['not an address', masks.value],
  ])('%s → %s', (url, expected) => {
    expect(redactor.url(url)).toBe(expected);
  });

  it('keeps the query when asked to, and never credentials', () => {
    expect(open.url('https://jane:pw@shop.example.org/a?x=1')).toBe('https://shop.example.org/a?x=1');
    expect(open.text('see https://jane:pw@shop.example.org/a?x=1.')).toBe('see https://shop.example.org/a?x=1.');
    expect(open.text('Cookie: sid=abc; b=c')).toBe(`Cookie: ${masks.value}`);
  });
});

describe('paths', () => {
  it.each([
    ['/', '/'],
    ['/index.html', '/index.html'],
    ['/how-to-fix-err-connection-reset', '/how-to-fix-err-connection-reset'],
    ['/blog/2024/03/reset', '/blog/2024/03/reset'],
    ['/u/jane', '/u/***'],
    ['/~jane/page', '/***/page'],
    ['/@jane/status', '/***/status'],
    ['/reset/abc', '/reset/***'],
    ['/o/3f9a8b7c-1d2e-4f5a-8b6c-7d8e9f0a1b2c', '/o/***'],
    ['/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms', '/d/***'],
    ['/f/eyJhbGciOiJIUzI1NiJ9.e30.abc', '/f/***'],
    ['/invoice/20240001234', '/invoice/***'],
    ['/mail/jane%40example.org', '/mail/***'],
    ['/mail/jane%2540example.org', '/mail/***'],
    ['/a;jsessionid=1234/b', '/***/b'],
    ['/%E0%A4%A/x', '/%E0%A4%A/x'],
  ])('%s → %s', (path, expected) => {
    expect(maskPath(path)).toBe(expected);
    expect(maskPath(expected)).toBe(expected);
  });
});

describe('sentences', () => {
  it.each([
    ['It went to https://shop.example.org/a?token=1, then failed.', 'It went to https://shop.example.org/a, then failed.'],
    ['(https://mail.example.net/inbox/42)', `(${masks.page})`],
    ['shop.example.org/pay?card=4111 failed', 'shop.example.org/pay failed'],
    ['/pay#4111 failed', '/pay failed'],
    ['Did it work? Yes.', 'Did it work? Yes.'],
    ['Write to jane.doe@example.org', `Write to ${masks.email}`],
    ['from 192.168.1.23 by 10.0.0.1:3128', `from ${masks.privateAddress} by ${masks.privateAddress}:3128`],
    ['your address 198.51.100.7', `your address ${masks.address}`],
    ['the site at 203.0.113.80', 'the site at 203.0.113.80'],
    ['[2001:db8::7]:443 and fe80::1%eth0', `${masks.address}:443 and ${masks.privateAddress}`],
    ['127.0.0.1, ::1 and 0.0.0.0', '127.0.0.1, ::1 and 0.0.0.0'],
    ['at 12:30:45 on 2026-03-14', 'at 12:30:45 on 2026-03-14'],
    ['card 00:1a:2b:3c:4d:5e', `card ${masks.hardwareAddress}`],
    ['C:\\Users\\Jane Doe\\cert.pem and /home/jane/x', 'C:\\Users\\***\\cert.pem and /home/***/x'],
    ['Cookie: sid=1; theme=dark', `Cookie: ${masks.value}`],
    ['the value access_token=abc123 was sent', 'the value access_token=*** was sent'],
    ['data:text/html,<script>', 'data:***<script>'],
    [
      'Three of 12 tries failed; 3.5 s, 1,204 bytes, h2 against http/1.1.',
      'Three of 12 tries failed; 3.5 s, 1,204 bytes, h2 against http/1.1.',
    ],
  ])('%s', (before, after) => {
    expect(redactor.text(before)).toBe(after);
    expect(redactor.text(after)).toBe(after);
  });

  it('take no characters that turn or hide text', () => {
    expect(withoutInvisible('evil\u202egpj.exe\u2066\u0000\u200b\ufeff')).toBe('evilgpj.exe');
    expect(withoutInvisible('a\nb\tc')).toBe('a b c');
    expect(withoutInvisible('\ud800x')).toBe('x');
    expect(withoutInvisible('می‌خواهم')).toBe('می‌خواهم');
    expect(withoutInvisible('x'.repeat(9_000))).toHaveLength(4_000);
  });
});

describe('the page that a failing part belongs to', () => {
  const part: SessionView = {
    ...view,
    state: {
      ...view.state,
      incident: {
        ...view.state.incident,
        url: 'https://cdn.example.org/a.js',
        host: 'cdn.example.org',
        pageUrl: 'https://example.org/secret',
        kind: 'sub-resource',
      },
    },
  };
  it('is not named, in an address or in a sentence', () => {
    const partial = makeRedactor(part, { isRedacted: true, masks });
    expect(partial.text('loaded by example.org and https://example.org/secret')).toBe(`loaded by ${masks.page} and ${masks.page}`);
    expect(partial.text('cdn.example.org fails')).toBe('cdn.example.org fails');
    expect(JSON.stringify(reportOf(part))).not.toContain('secret');
  });
});

describe('installed extensions', () => {
  const blaming: SessionView = {
    ...view,
    checks: [
      {
        id: 'extension-headers',
        area: 'extensions',
        part: 'browser',
        outcome: 'implicated',
        explanation: say('$1 changes headers.', 'Header Editor'),
        durationMs: 1,
      },
      {
        id: 'extension-able',
        area: 'extensions',
        part: 'browser',
        outcome: 'inconclusive',
        explanation: say('Able: $1.', 'Header Editor, Dark Reader'),
        durationMs: 1,
      },
    ],
  };
  it('are named only when the evidence points to them', () => {
    const report = JSON.stringify(reportOf(blaming));
    expect(report).toContain('Header Editor');
    expect(report).not.toContain('Dark Reader');
    expect(reportOf(blaming).checks[1]?.explanation).toBe(`Able: Header Editor, ${masks.extension}.`);
    expect(JSON.stringify(reportOf(blaming, { isRedacted: false }))).toContain('Dark Reader');
  });

  it('are hidden in the list of changes too', () => {
    const changes: SessionView['changes'] = [
      {
        id: 'extension-eimadpbcbfnmbkopoojfekhnkhdbieeh',
        what: 'extension-switch',
        target: 'Dark Reader',
        changedAtMs: 0,
        state: 'confirmed',
      },
    ];
    const [change] = reportOf({ ...view, changes }).changes;
    expect(change?.target).toBe(masks.extension);
    expect(change?.id).not.toContain('eimadp');
  });

  it('never spoil our own words, whatever they are called', () => {
    const session: SessionView = {
      ...view,
      state: {
        ...view.state,
        measurements: { 'installed-extensions': { extensions: [extensionCalled('able', 'x'), extensionCalled('', '')] } },
      },
      checks: [
        {
          id: 'extension-able',
          area: 'extensions',
          part: 'browser',
          outcome: 'cleared',
          explanation: say('None is able to: $1.', 'able'),
          durationMs: 1,
        },
      ],
    };
    expect(reportOf(session).checks[0]?.explanation).toBe(`None is able to: ${masks.extension}.`);
  });
});

/** A small generator of numbers that is the same at every run. */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('whatever a page, a site or a browser says', () => {
  const secrets = [
    'https://mail.example.net/inbox/SECRET1',
    'https://jane:SECRET2@shop.example.org/',
    'https://shop.example.org/a?q=SECRET3',
    'https://shop.example.org/a#SECRET4',
    'shop.example.org/b?q=SECRET5',
    'Cookie: a=SECRET6',
    'SECRET7@example.org',
    '/home/SECRET8/file',
    'C:\\Users\\SECRET9\\file',
    'https://shop.example.org/users/SECRET10',
    'token=SECRET11',
    '198.51.100.77',
    '192.168.44.77',
    '2001:db8:77::77',
    'Dark Reader',
    'moz-extension://SECRET12/x.html',
    'file:///SECRET13',
    'wss://other.example.com/SECRET14',
    'data:text/plain,SECRET15',
  ];
  const fillers = ['It failed', 'at', '(', ')', ',', '“', '”', ': ', '; ', '.', '\n', 'for shop.example.org', '…', '203.0.113.80'];

  it('never reaches a redacted report, in any of its forms', () => {
    const draw = drawer(20_260_314);
    for (let round = 0; round < 150; round += 1) {
      const parts = Array.from({ length: 6 }, () => (draw(2) ? fillers[draw(fillers.length)] : secrets[draw(secrets.length)]));
      const sentence = parts.join(' ');
      const message = say('Seen: $1', sentence);
      const session: SessionView = {
        ...view,
        checks: view.checks.slice(1, 3).map((check) => ({ ...check, explanation: message })),
        diagnosis: {
          ...view.diagnosis,
          summary: say('So: $1', message),
          causes: [
            {
              id: 'isp-filter',
              owner: 'path',
              ...causeWords('isp-filter'),
              mind: [],
              probability: 0.5,
              for: [{ observation: 'scheme', value: 'https', weight: 1, explanation: message }],
              against: [],
            },
          ],
          nextSteps: [{ id: 'x', why: message, score: 1 }],
        },
        state: { ...view.state, incident: { ...view.state.incident, error: { raw: sentence, failure: 'failed' } } },
      };
      // The name of an extension is only known as such where our own sentences carry it, not in a browser's.
      const withoutNames = parts.includes('Dark Reader')
        ? { ...session, state: { ...session.state, incident: view.state.incident } }
        : session;
      const report = reportOf(withoutNames);
      const forms = [JSON.stringify(report), renderHtml(report, { text }), renderMarkdown(report, { text })];
      for (const form of forms) {
        expect(form, sentence).not.toMatch(/SECRET\d|198\.51\.100\.77|192\.168\.44\.77|2001:db8:77|Dark Reader/);
      }
      expect(redactor.text(redactor.text(sentence))).toBe(redactor.text(sentence));
    }
  });

  it('is read in time that grows gently with its length', () => {
    for (const unit of ['a', '.', '/', ':', 'a@', '1.', 'ab:', '://', '\\users\\', '?=', 'é', ' ']) {
      const started = performance.now();
      redactor.text(unit.repeat(4_000));
      expect(performance.now() - started, unit).toBeLessThan(1_000);
    }
  });
});

describe('our own words', () => {
  // Lines of instructions are never in a report; everything else may be.
  const spoken = Object.entries(messages).filter(([id]) => !/^(?:ui|welcome|extension)_|^step_.*_(?!title$|why$)[a-z0-9]+$/.test(id));
  it('pass the redactor unchanged', () => {
    expect(spoken.length).toBeGreaterThan(150);
    for (const [id, { message }] of spoken) expect(redactor.text(message), id).toBe(message);
  });
});

describe('describeContents', () => {
  it('lists what is in and what was left out', () => {
    const { included, leftOut } = describeContents(view, { isRedacted: true, text });
    expect(included[0]).toContain('shop.example.org');
    expect(included).toContain(text('report_in_site_addresses'));
    expect(leftOut).toContain(text('report_out_query'));
    expect(leftOut).toContain(text('report_out_extensions'));
    expect(included).not.toContain(text('report_in_proxy'));
  });

  it('owns up to what an unredacted report holds', () => {
    const { included, leftOut } = describeContents(view, { isRedacted: false, text });
    expect(included).toContain(text('report_in_site_whole'));
    expect(leftOut).toEqual([text('report_out_credentials')]);
  });
});
