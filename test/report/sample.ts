import messages from '../../public/_locales/en/messages.json';
import { causeWords } from '../../src/diagnosis/explain';
import type { CheckResult } from '../../src/model/check';
import type { Evidence } from '../../src/model/diagnosis';
import type { Incident } from '../../src/model/incident';
import { type Measurements, PROBE_IDS } from '../../src/model/measurement';
import type { Message, MessageId } from '../../src/model/message';
import type { Audience, Report } from '../../src/model/report';
import type { ProbeRun, SessionState, SessionView } from '../../src/model/session';
import { buildReport } from '../../src/report/build';

/** 2026-03-14 15:09:26 UTC, pi day. */
export const SEEN_AT_MS = Date.UTC(2026, 2, 14, 15, 9, 26);
export const WRITTEN_AT_MS = SEEN_AT_MS + 95_000;

/** The report's own texts only, so that others may word their checks and causes as they like. */
const templates: Record<string, { message: string } | undefined> = Object.fromEntries(
  Object.entries(messages).filter(([id]) => /^(?:report|likelihood|advice)_/.test(id)),
);

function fill(template: string, args: string[]): string {
  return template.replace(/\$(\$|[1-9])/g, (_, what: string) => (what === '$' ? '$' : (args[Number(what) - 1] ?? '')));
}

/** As `i18n.getMessage`: empty where there is no text. */
export function text(id: MessageId, ...args: string[]): string {
  return fill(templates[id]?.message ?? '', args);
}

/** A sentence of a test's own: its id is the template. */
export function say(template: string, ...args: (string | Message)[]): Message {
  return { id: template as MessageId, args };
}

export function render(message: Message): string {
  return fill(
    templates[message.id]?.message ?? message.id,
    (message.args ?? []).map((arg) => (typeof arg === 'string' ? arg : render(arg))),
  );
}

export const incident: Incident = {
  id: 'incident-1',
  tabId: 7,
  url: 'https://shop.example.org:8443/users/jane.doe/orders/2024?session=s3cr3t&page=2',
  host: 'shop.example.org',
  pageUrl: 'https://shop.example.org:8443/users/jane.doe/orders/2024?session=s3cr3t&page=2',
  kind: 'main-frame',
  method: 'GET',
  error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
  phase: 'unknown-before-headers',
  firstAtMs: SEEN_AT_MS - 60_000,
  lastAtMs: SEEN_AT_MS,
  count: 3,
  autoReloads: 2,
  redirects: [],
};

const evidence: Evidence[] = [
  {
    observation: 'tls-without-name',
    value: 'reaches',
    weight: 3.1,
    explanation: say('The address $1 answers when the site’s name is not said.', '203.0.113.80'),
  },
  {
    observation: 'other-scheme',
    value: 'http-works-https-fails',
    weight: 0.8,
    explanation: say('Plain http to $1 works, https is reset.', 'shop.example.org'),
  },
];

export const checks: CheckResult[] = [
  {
    id: 'name-filtered',
    area: 'organisation',
    part: 'path',
    outcome: 'implicated',
    explanation: say(
      'The connection is reset only when $1 is named; its address $2 answers otherwise.',
      'shop.example.org',
      '203.0.113.80',
    ),
    durationMs: 412.4,
  },
  {
    id: 'general-connectivity',
    area: 'network',
    part: 'local-network',
    outcome: 'cleared',
    explanation: say('Three well-known hosts of three vendors answered.'),
    durationMs: 230,
  },
  {
    id: 'site-cookies',
    area: 'site-data',
    part: 'browser',
    outcome: 'cleared',
    explanation: say('It fails with and without cookies (1,204 bytes).'),
    durationMs: 96,
  },
  {
    id: 'proxy-in-use',
    area: 'proxy',
    part: 'browser',
    outcome: 'inconclusive',
    explanation: say('The browser follows the system’s proxy setting ($1), which may be none.', 'http://jane:hunter2@192.168.7.20:3128'),
    durationMs: 4,
  },
  {
    id: 'resolver-disagreement',
    area: 'dns',
    part: 'path',
    outcome: 'not-run',
    explanation: say('Waits for your word.'),
    durationMs: 0,
    notRun: { kind: 'consent', consent: 'ask-resolvers' },
  },
  {
    id: 'vpn-in-use',
    area: 'vpn',
    part: 'device',
    outcome: 'not-run',
    explanation: say('Needs an answer.'),
    durationMs: 0,
    notRun: { kind: 'question', step: 'vpn-active' },
  },
  {
    id: 'upload-size',
    area: 'site',
    part: 'site',
    outcome: 'not-applicable',
    explanation: say('Nothing was being uploaded.'),
    durationMs: 0,
  },
];

const done: ProbeRun = { status: 'done', durationMs: 100, atMs: SEEN_AT_MS + 5_000 };

export const state: SessionState = {
  schema: 1,
  id: 'session-1',
  incident,
  environment: { os: 'windows', browser: 'chrome', engine: 'chromium', browserVersion: 156, language: 'en-GB' },
  startedAtMs: SEEN_AT_MS + 2_000,
  runs: Object.fromEntries(PROBE_IDS.map((id) => [id, done])) as SessionState['runs'],
  measurements: {
    'bare-address': { results: [{ address: '203.0.113.80', family: 4, origin: 'independent', tls: 'reaches' }] },
    'installed-extensions': {
      extensions: [
        extensionCalled('Dark Reader', 'eimadpbcbfnmbkopoojfekhnkhdbieeh'),
        extensionCalled('Header Editor', 'abcdefghijklmnopabcdefghijklmnop'),
      ],
    },
    'proxy-settings': { mode: 'system', heldBy: 'person', servers: [] },
  },
  consents: { 'ask-resolvers': 'not-asked' },
  answers: { 'network-owner': { value: 'home', atMs: SEEN_AT_MS + 40_000 } },
  stepResults: [
    { step: 'ask-network-owner', outcome: 'answered', answer: 'home', atMs: SEEN_AT_MS + 40_000 },
    { step: 'pause-security-software', outcome: 'done-still-fails', atMs: SEEN_AT_MS + 70_000 },
  ],
  retests: [
    {
      atMs: SEEN_AT_MS + 72_000,
      outcome: 'same-error',
      error: incident.error,
      afterStep: 'pause-security-software',
      worked: 0,
      tries: 3,
    },
  ],
};

export function extensionCalled(name: string, id: string): NonNullable<Measurements['installed-extensions']>['extensions'][number] {
  return { id, name, version: '1.0', isEnabled: true, abilities: ['headers'], hasHostAccess: true, mayDisable: true };
}

/** A page filtered by name, some checks still open. */
export const view: SessionView = {
  state,
  observations: {
    'error-kind': { id: 'error-kind', value: 'reset', source: 'browser', by: 'incident', atMs: SEEN_AT_MS },
    'tls-without-name': {
      id: 'tls-without-name',
      value: 'reaches',
      source: 'probe',
      by: 'bare-address',
      atMs: SEEN_AT_MS + 5_000,
      detail: say('$1 answered with a certificate.', '203.0.113.80'),
    },
    frequency: { id: 'frequency', value: 'always', source: 'probe', by: 'repetition', atMs: SEEN_AT_MS + 6_000 },
    'network-owner': { id: 'network-owner', value: 'home', source: 'answer', by: 'network-owner', atMs: SEEN_AT_MS + 40_000 },
  },
  checks,
  diagnosis: {
    verdict: 'cause',
    summary: say('Something between you and $1 cuts the connection as soon as it reads the site’s name.', 'shop.example.org'),
    causes: [
      { id: 'isp-filter', owner: 'path', ...causeWords('isp-filter'), mind: [], probability: 0.71, for: evidence, against: [] },
      {
        id: 'security-software',
        owner: 'device',
        ...causeWords('security-software'),
        mind: [],
        probability: 0.17,
        for: evidence.slice(0, 1),
        against: [
          {
            observation: 'security-software-paused',
            value: 'fails',
            weight: -1.9,
            explanation: say('It still failed while it was paused.'),
          },
        ],
      },
      { id: 'server-block', owner: 'site', ...causeWords('server-block'), mind: [], probability: 0.02, for: [], against: [] },
    ],
    nextSteps: [
      { id: 'other-network', why: say('If it works by mobile data, this line is at fault.'), score: 2 },
      { id: 'ask-provider', why: say('Only they can lift a filter on the line.'), score: 1 },
    ],
  },
  changes: [
    {
      id: 'change-1',
      what: 'probe-tab',
      target: '',
      changedAtMs: SEEN_AT_MS + 4_000,
      state: 'confirmed',
      returnedAtMs: SEEN_AT_MS + 5_000,
    },
  ],
  progress: { done: 16, total: 16, isRunning: false },
  openConsents: ['ask-resolvers'],
};

/** The sample, or another session, as a report. */
export function reportOf(session: SessionView = view, options: { audience?: Audience; isRedacted?: boolean } = {}): Report {
  return buildReport(session, {
    audience: options.audience ?? 'help-desk',
    isRedacted: options.isRedacted ?? true,
    version: '0.1.0',
    createdAtMs: WRITTEN_AT_MS,
    render,
    text,
  });
}
