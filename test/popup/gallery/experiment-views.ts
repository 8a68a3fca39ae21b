import type {
  ExperimentDetails,
  ExperimentId,
  ExperimentRun,
  ExtensionSearchDetail,
  SearchedExtension,
  SiteDataKind,
} from '../../../src/model/experiment';
import type { ExtensionFacts } from '../../../src/model/measurement';
import type { Change, SessionView } from '../../../src/model/session';
import { NOW_MS, VIEWS } from './views';

/** The cards of experiments in all their states, and what surrounds them. */

const LONG_NAME = 'The Most Complete Shield, Blocker and Shopping Assistant for Every Page of the Whole Web, with RewardsPointsAndCoupons';
const NAMES = ['Example Shield', 'Notes', LONG_NAME, 'مساعد التسوق', '購物助手'];
const facts = (index: number, change: Partial<ExtensionFacts> = {}): ExtensionFacts => ({
  id: `e${index}`,
  name: NAMES[index] ?? `Helper ${index}`,
  version: '1.2.3',
  isEnabled: true,
  abilities: (['proxy', 'headers', 'content', 'observe', 'native'] as const).slice(index, index + 1),
  hasHostAccess: true,
  mayDisable: true,
  ...change,
});
const INSTALLED = NAMES.map((_, index) => facts(index));

const base = VIEWS.cause as SessionView;
const view = (change: {
  engine?: 'gecko';
  measurements?: SessionView['state']['measurements'];
  experiments?: SessionView['state']['experiments'];
  changes?: readonly Change[];
  step?: string;
  stepResults?: SessionView['state']['stepResults'];
}): SessionView => ({
  ...base,
  changes: change.changes ?? [],
  checks: base.checks.map((check) => (check.area === 'extensions' && !change.step ? { ...check, outcome: 'implicated' } : check)),
  diagnosis: change.step
    ? { ...base.diagnosis, nextSteps: [{ id: change.step, why: { id: 'consent_host_access_why' }, score: 1 }] }
    : base.diagnosis,
  state: {
    ...base.state,
    measurements: change.measurements ?? {},
    stepResults: change.stepResults ?? [],
    ...(change.experiments ? { experiments: change.experiments } : {}),
    environment: change.engine ? { ...base.state.environment, engine: 'gecko', browser: 'firefox' } : base.state.environment,
  },
});

const run = <Id extends ExperimentId>(
  id: Id,
  status: ExperimentRun['status'],
  detail?: ExperimentDetails[Id],
  change: Partial<ExperimentRun<Id>> = {},
): SessionView['state']['experiments'] => ({
  [id]: {
    status,
    startedAtMs: NOW_MS,
    progress: { done: 3, left: status === 'done' ? 0 : 4 },
    options: { pinned: [] },
    ...(status === 'done' ? { hasEnded: true } : {}),
    ...(detail ? { detail } : {}),
    ...change,
  },
});

const searched = (index: number, change: Partial<SearchedExtension> = {}): SearchedExtension => {
  const { id, name, version, abilities } = facts(index);
  return { id, name, version, abilities, state: 'cleared', ...change };
};
const LEFT: readonly SearchedExtension[] = (
  ['pinned', 'open-pages', 'fixed', 'removed', 'switched-on', 'switched-off', 'cannot-switch'] as const
).map((why, index) => searched(index + 5, { state: 'left-alone', why, ...(index === 2 ? { name: LONG_NAME } : {}) }));
const detail = (change: Partial<ExtensionSearchDetail> = {}): ExtensionSearchDetail => ({
  mode: 'switching',
  part: 'over',
  extensions: [0, 1, 2, 3, 4].map((index) => searched(index)),
  tries: Array.from({ length: 12 }, (_, index) => ({ on: index % 2 ? '10100' : '01011', result: index % 2 ? 'fails' : 'works' })),
  before: { fails: 2, works: 0 },
  rounds: 5,
  ...change,
});
/** What was found: each set by the places of its members. */
const found = (sets: readonly (readonly number[])[], change: Partial<ExtensionSearchDetail> = {}, more: Partial<SearchedExtension> = {}) =>
  detail({
    extensions: [0, 1, 2, 3, 4].map((index) => searched(index, sets.flat().includes(index) ? { state: 'culprit', ...more } : {})),
    result: { kind: 'found', culprits: sets.map((set) => set.map((index) => `e${index}`)) },
    ...change,
  });
const result = (kind: NonNullable<ExtensionSearchDetail['result']>['kind'], change: Partial<ExtensionSearchDetail> = {}) =>
  view({ experiments: run('extension-search', 'done', detail({ result: { kind, culprits: [] }, ...change })) });
const switched = (state: Change['state'], target = NAMES[0] ?? ''): Change => ({
  id: `c-${target}`,
  what: 'extension-switch',
  target,
  changedAtMs: NOW_MS,
  state,
});
const STANDING = [switched('changed'), switched('changed', LONG_NAME)];
const known = { 'installed-extensions': { extensions: INSTALLED } };
const search = (status: ExperimentRun['status'], given?: ExtensionSearchDetail, change: Partial<ExperimentRun<'extension-search'>> = {}) =>
  view({ experiments: run('extension-search', status, given, change), measurements: known });

const privately = (given: ExperimentDetails['private-window']) => view({ experiments: run('private-window', 'done', given) });
const cleared = (judgement: 'works' | 'fails' | 'unclear') =>
  (['cache', 'service-worker', 'storage'] as SiteDataKind[]).map((what) => ({ what, atMs: NOW_MS, judgement }));

export const EXPERIMENT_VIEWS: Readonly<Record<string, SessionView>> = {
  'search-see': view({}),
  'search-see-guided': view({ engine: 'gecko' }),
  'search-offered': view({ measurements: known }),
  'search-offered-guided': view({ measurements: known, engine: 'gecko' }),
  'search-nobody': view({ measurements: { 'installed-extensions': { extensions: [facts(0, { mayDisable: false })] } } }),
  'search-starting': search('running'),
  'search-measure': search('running', detail({ part: 'measure' })),
  'search-halve': view({
    experiments: run('extension-search', 'running', detail({ part: 'halve', extensions: [searched(0, { state: 'suspect' }), ...LEFT] })),
    changes: STANDING,
  }),
  'search-ask-off': view({
    engine: 'gecko',
    experiments: run(
      'extension-search',
      'waiting',
      detail({ mode: 'guided', part: 'halve', ask: { off: ['e0', 'e2', 'e3'], on: ['e1'] } }),
    ),
  }),
  'search-ask-on': view({
    engine: 'gecko',
    experiments: run(
      'extension-search',
      'waiting',
      found([[0]], { mode: 'guided', part: 'restore', ask: { off: [], on: ['e0', 'e2', 'e4'] } }),
    ),
  }),
  'search-found': search(
    'done',
    found([[0]], {
      extensions: [searched(0, { state: 'culprit', homepage: `https://maker.example/${'a-long-path/'.repeat(12)}` }), ...LEFT],
    }),
  ),
  'search-found-long': search('done', found([[2]])),
  'search-found-guided': view({ engine: 'gecko', experiments: run('extension-search', 'done', found([[3]], { mode: 'guided' })) }),
  'search-found-each': search('done', found([[0], [2]])),
  'search-found-together': search('done', found([[0, 2, 3]])),
  'search-keeping-off': view({
    experiments: run('extension-search', 'running', found([[0]]), { hasEnded: true }),
    changes: [switched('changed')],
  }),
  'search-kept-works': view({
    experiments: run('extension-search', 'done', found([[2]], { afterKeepingOff: 'works' }, { isKeptOff: true })),
    changes: [switched('kept', LONG_NAME)],
  }),
  'search-kept-fails': view({
    experiments: run('extension-search', 'done', found([[0]], { afterKeepingOff: 'fails' }, { isKeptOff: true })),
    changes: [switched('kept')],
  }),
  'search-cleared': result('cleared'),
  'search-cleared-but': result('cleared', { extensions: LEFT }),
  'search-works-now': result('works-now'),
  'search-too-rare': result('too-rare'),
  'search-contradiction': result('contradiction'),
  'search-unclear': result('unclear'),
  'search-nobody-left': result('nobody', { extensions: LEFT }),
  'search-stopped': search('stopped', detail({ part: 'halve' })),
  'search-stopped-standing': { ...search('stopped', detail({ part: 'halve' })), changes: STANDING },
  'search-interrupted': search('interrupted', detail({ part: 'halve' })),
  'search-failed': search('failed', detail({ part: 'halve' }), { error: 'the permission to see extensions is missing' }),
  'search-failed-oddly': search('failed', undefined, { error: 'x is not a function' }),

  'private-offered': view({ step: 'open-private-window' }),
  'private-running': view({ experiments: run('private-window', 'running', {}) }),
  'private-works': privately({ outcome: 'works' }),
  'private-fails': privately({ outcome: 'fails' }),
  'private-unclear': privately({ outcome: 'unclear' }),
  'private-works-outside': privately({ outcome: 'unclear', isWorkingOutside: true }),
  'private-asked': privately({ isAsked: true }),
  'private-by-hand': privately({ isAsked: true, isByHand: true }),
  'private-stopped': view({ experiments: run('private-window', 'stopped', {}) }),
  'private-failed': view({ experiments: run('private-window', 'failed', {}, { error: 'one-time-link' }) }),
  'private-interrupted': view({ experiments: run('private-window', 'interrupted', {}) }),

  'cookies-running': view({ experiments: run('cookie-search', 'running', { count: 9, bytes: 7000, requests: 4 }) }),
  'cookies-found': view({
    experiments: run('cookie-search', 'done', {
      count: 9,
      bytes: 7000,
      requests: 14,
      outcome: 'found',
      culprits: [{ name: 'session_'.repeat(12), domain: '.news.example.org', path: '/', bytes: 6000, isHttpOnly: true, isSession: true }],
    }),
  }),
  'site-data-waiting': view({
    experiments: run('site-data', 'waiting', { cleared: cleared('fails').slice(0, 2), next: 'storage' }),
  }),
  'site-data-fails': view({ experiments: run('site-data', 'done', { cleared: cleared('fails'), before: 'fails' }) }),
  'site-data-broken-off': view({
    experiments: run('site-data', 'interrupted', { cleared: [{ what: 'cache', atMs: NOW_MS, judgement: 'unclear', isBrokenOff: true }] }),
  }),
  'cookies-kept': view({
    changes: ['basket, seen', 'long-name-'.repeat(30)].map((target, index) => ({
      id: `d${index}`,
      what: 'cookies',
      target,
      count: 2,
      host: base.state.incident.host,
      keptUntilMs: NOW_MS + 82_800_000,
      changedAtMs: NOW_MS - 3_600_000,
      state: 'kept',
    })),
  }),

  phone: view({ step: 'ask-other-device-same-network' }),
  'phone-short': {
    ...view({ step: 'ask-other-device-same-network' }),
    state: { ...base.state, incident: { ...base.state.incident, pageUrl: 'https://news.example.org/' } },
  },
  'phone-query': {
    ...view({ step: 'ask-other-device-same-network' }),
    state: { ...base.state, incident: { ...base.state.incident, pageUrl: `https://news.example.org/today?token=${'a1b2c3'.repeat(60)}` } },
  },
  'phone-long': {
    ...view({ step: 'ask-other-device-same-network' }),
    state: { ...base.state, incident: { ...base.state.incident, pageUrl: `https://news.example.org/${'long/'.repeat(200)}` } },
  },
  done: view({
    stepResults: [
      { step: 'pause-security-software', outcome: 'done-still-fails', atMs: NOW_MS },
      { step: 'open-private-window', outcome: 'skipped', atMs: NOW_MS },
      { step: 'restart-router', outcome: 'done-and-works', atMs: NOW_MS },
    ],
  }),
};
