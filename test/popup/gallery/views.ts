import { causeWords } from '../../../src/diagnosis/explain';
import type { CheckResult } from '../../../src/model/check';
import type { ConsentId } from '../../../src/model/consent';
import type { Diagnosis, Evidence } from '../../../src/model/diagnosis';
import type { Incident } from '../../../src/model/incident';
import { PROBE_IDS } from '../../../src/model/measurement';
import type { Message, MessageId } from '../../../src/model/message';
import type { SessionState, SessionView } from '../../../src/model/session';
import type { Step } from '../../../src/model/step';

/** A sentence that is in no catalogue: an id the catalogue does not know renders as itself. */
export const say = (words: string): Message => ({ id: words as MessageId });

export const NOW_MS = Date.UTC(2026, 10, 20, 12, 0, 0);

export const incident = (change: Partial<Incident> = {}): Incident => ({
  id: 'i1',
  tabId: 7,
  url: 'https://news.example.org/today',
  host: 'news.example.org',
  pageUrl: 'https://news.example.org/today',
  kind: 'main-frame',
  method: 'GET',
  error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
  phase: 'unknown-before-headers',
  firstAtMs: NOW_MS - 900_000,
  lastAtMs: NOW_MS - 120_000,
  count: 3,
  autoReloads: 4,
  redirects: [],
  ...change,
});

const check = (
  id: string,
  area: CheckResult['area'],
  part: CheckResult['part'],
  outcome: CheckResult['outcome'],
  words: string,
): CheckResult => ({
  id,
  area,
  part,
  outcome,
  explanation: say(words),
  durationMs: 120,
});

const CHECKS: readonly CheckResult[] = [
  check(
    'extension-interference',
    'extensions',
    'browser',
    'cleared',
    'The extension’s own request failed in the same way as the tab, so other extensions are not what differs.',
  ),
  { ...check('extension-able', 'extensions', 'browser', 'not-run', ''), notRun: { kind: 'consent', consent: 'see-extensions' } },
  check('proxy-fault', 'proxy', 'browser', 'cleared', 'No proxy is set in the browser.'),
  { ...check('vpn-active', 'vpn', 'device', 'not-run', ''), notRun: { kind: 'question', step: 'ask-vpn' } },
  check('oversized-cookies', 'site-data', 'browser', 'cleared', 'With and without cookies it fails alike (3 of 3 tries each).'),
  check('stale-cache', 'site-data', 'browser', 'cleared', 'Past the cache it fails in the same way.'),
  check('forged-dns', 'dns', 'local-network', 'inconclusive', 'The address could not be compared with another resolver’s.'),
  {
    ...check('security-software', 'security-software', 'device', 'not-run', ''),
    notRun: { kind: 'question', step: 'pause-security-software' },
  },
  check('all-sites-fail', 'network', 'local-network', 'cleared', 'Google, Cloudflare, Apple and Mozilla answered.'),
  check('captive-portal', 'network', 'local-network', 'cleared', 'No sign-in page stands between you and the internet.'),
  check(
    'name-filter',
    'organisation',
    'path',
    'implicated',
    'The server answers when its name is not said, and resets when it is: something on the way reads the name.',
  ),
  check('http-name-filter', 'organisation', 'path', 'not-applicable', 'The page is not loaded over plain http.'),
  check('server-reset', 'site', 'site', 'inconclusive', 'Another name of the same site answers normally.'),
  check('server-capacity', 'site', 'site', 'error', 'The check met an error of its own.'),
];

const evidence = (observation: Evidence['observation'], value: string, weight: number, words: string): Evidence => ({
  observation,
  value,
  weight,
  explanation: say(words),
});

const CAUSE: Diagnosis = {
  verdict: 'cause',
  summary: say('Something between your network and the site resets connections that name news.example.org.'),
  causes: [
    {
      id: 'isp-filter',
      owner: 'path',
      ...causeWords('isp-filter'),
      mind: [],
      probability: 0.81,
      for: [
        evidence('tls-without-name', 'reaches', 2.6, 'The same address answers when the name is left out.'),
        evidence('sibling-host', 'works', 1.1, 'Another name of the same site answers.'),
        evidence('general-connectivity', 'works', 0.4, 'Well-known sites answer.'),
      ],
      against: [evidence('host-kind', 'public', -0.2, 'The site is a public one.')],
    },
    {
      id: 'organisation-filter',
      owner: 'path',
      ...causeWords('organisation-filter'),
      mind: [],
      probability: 0.09,
      for: [evidence('tls-without-name', 'reaches', 1.9, 'The same address answers when the name is left out.')],
      against: [],
    },
    { id: 'security-software', owner: 'device', ...causeWords('security-software'), mind: [], probability: 0.06, for: [], against: [] },
    { id: 'server-block', owner: 'site', ...causeWords('server-block'), mind: [], probability: 0.01, for: [], against: [] },
  ],
  nextSteps: [
    {
      id: 'pause-security-software',
      why: say('Filter apps on the device look just like a filter on the line. Pausing them for a minute tells the two apart.'),
      score: 1,
    },
    { id: 'ask-network-owner', why: say('On a workplace network the help desk can mend this at once.'), score: 0.8 },
    { id: 'allow-resolvers', why: say('It rules a forged address in or out.'), score: 0.6 },
  ],
};

export const STEPS: readonly Step[] = [
  {
    id: 'pause-security-software',
    kind: 'guided',
    area: 'security-software',
    guideRows: [5],
    causes: ['security-software'],
    minutes: 3,
    risk: 0.2,
    instructions: [
      {
        lines: [
          'Open your security program from the tray beside the clock.',
          'Choose to pause web protection for ten minutes.',
          'Press Test again, then switch the protection on at once.',
        ] as unknown as MessageId[],
        commands: ['Get-MpPreference | Select-Object DisableRealtimeMonitoring, EnableNetworkProtection'],
        warning: 'While it is paused, nothing checks what you download. Open no other page meanwhile.' as MessageId,
      },
    ],
  },
  {
    id: 'ask-network-owner',
    kind: 'question',
    area: 'organisation',
    guideRows: [14],
    causes: ['organisation-filter'],
    minutes: 1,
    risk: 0,
    asks: 'network-owner',
    instructions: [],
  },
  {
    id: 'allow-resolvers',
    kind: 'consent',
    area: 'dns',
    guideRows: [12],
    causes: ['dns-answer'],
    minutes: 0.1,
    risk: 0,
    consent: 'ask-resolvers',
    instructions: [],
  },
];

const state = (change: Partial<SessionState> = {}): SessionState => ({
  schema: 1,
  id: 's1',
  incident: incident(),
  environment: { os: 'windows', browser: 'chrome', engine: 'chromium', browserVersion: 156, language: 'en' },
  startedAtMs: NOW_MS - 60_000,
  runs: Object.fromEntries(
    PROBE_IDS.map((id) => [id, { status: 'done', durationMs: 50, atMs: NOW_MS }]),
  ) as unknown as SessionState['runs'],
  measurements: {},
  consents: {},
  answers: {},
  stepResults: [],
  retests: [],
  ...change,
});

const OPEN: readonly ConsentId[] = ['see-extensions', 'ask-resolvers', 'read-browser-dns'];

const base: SessionView = {
  state: state(),
  observations: {},
  checks: CHECKS,
  diagnosis: CAUSE,
  changes: [],
  progress: { done: 14, total: 14, isRunning: false },
  openConsents: OPEN,
};

const LONG_HOST = `${'very-long-label-of-a-host.'.repeat(80)}example`;
const nothing: Diagnosis = { verdict: 'cannot-tell', summary: say('It is too early to tell.'), causes: [], nextSteps: [] };

/** The views that the gallery shows, by name. */
export const VIEWS: Readonly<Record<string, SessionView>> = {
  running: {
    ...base,
    checks: CHECKS.map((row, index) => (index < 5 ? row : { ...row, outcome: 'not-run', notRun: { kind: 'pending' } })),
    diagnosis: nothing,
    progress: { done: 5, total: 14, isRunning: true },
  },
  cause: base,
  question: {
    ...base,
    diagnosis: { ...CAUSE, nextSteps: CAUSE.nextSteps.slice(1) },
    state: state({ answers: { 'vpn-active': { value: 'no', atMs: NOW_MS } } }),
  },
  consent: { ...base, diagnosis: { ...CAUSE, nextSteps: CAUSE.nextSteps.slice(2) } },
  'cannot-tell': {
    ...base,
    diagnosis: {
      ...CAUSE,
      verdict: 'cannot-tell',
      summary: say('It fails each time, but what was seen so far fits several causes.'),
      causes: CAUSE.causes.map((cause, index) => ({ ...cause, probability: [0.34, 0.29, 0.2, 0.1][index] ?? 0 })),
      tie: { causes: ['isp-filter', 'organisation-filter'], separatedBy: 'ask-network-owner' },
    },
    state: state({ retests: [{ atMs: NOW_MS, outcome: 'same-error', worked: 0, tries: 3, afterStep: 'pause-security-software' }] }),
  },
  'no-fault': {
    ...base,
    checks: CHECKS.filter(({ outcome }) => outcome === 'cleared'),
    diagnosis: {
      verdict: 'no-fault',
      summary: say('news.example.org answers each time. There is nothing to mend right now.'),
      causes: [],
      nextSteps: [],
    },
    openConsents: [],
    state: state({ incident: incident({ mendedAtMs: NOW_MS - 30_000 }) }),
  },
  'not-a-reset': {
    ...base,
    diagnosis: {
      verdict: 'not-a-reset',
      summary: say('The server refused the connection: nothing listens at this address and port. This is not a reset.'),
      causes: [],
      nextSteps: [],
    },
    state: state({ incident: incident({ error: { raw: 'net::ERR_CONNECTION_REFUSED', failure: 'refused' }, count: 1, autoReloads: 0 }) }),
    openConsents: [],
  },
  withheld: {
    ...base,
    diagnosis: { ...nothing, nextSteps: [] },
    openConsents: ['host-access'],
    state: state({ consents: { 'see-extensions': 'refused' } }),
  },
  changed: {
    ...base,
    changes: [
      { id: 'c1', what: 'proxy-setting', target: '', changedAtMs: NOW_MS, state: 'changed' },
      { id: 'c2', what: 'extension-switch', target: 'Example Shield', changedAtMs: NOW_MS, state: 'changed' },
    ],
  },
  long: { ...base, state: state({ incident: incident({ host: LONG_HOST }) }) },
  idn: { ...base, state: state({ incident: incident({ host: 'xn--e1afmkfd.xn--p1ai' }) }) },
};
