import { describe, expect, it } from 'vitest';
import type { ExperimentDetails, ExperimentId, ExperimentRuns } from '../../src/model/experiment';
import type { Measurements } from '../../src/model/measurement';
import type { Change, SessionState } from '../../src/model/session';
import { buildReport } from '../../src/report/build';
import { deriveView } from '../../src/session/derive';
import { alwaysFails, bad, ok, session } from '../scenarios/walk';

const after = <Id extends ExperimentId>(id: Id, detail: ExperimentDetails[Id]): SessionState => ({
  ...session(alwaysFails),
  experiments: {
    [id]: { status: 'done', hasEnded: true, startedAtMs: 1, endedAtMs: 777, progress: { done: 1, left: 0 }, options: {}, detail },
  } as ExperimentRuns,
});
const found: ExperimentDetails['cookie-search'] = {
  count: 3,
  bytes: 9_300,
  requests: 14,
  outcome: 'found',
  culprits: [{ name: 'basket_77', domain: 'shop.example', path: '/', bytes: 8_000, isHttpOnly: true, isSession: false }],
  deletionId: 'd1',
};
const deletion = (id: string, state: Change['state']): Change => ({
  id,
  what: 'cookies',
  target: 'basket_77',
  count: 1,
  changedAtMs: 5,
  state,
});
const words = {
  audience: 'self',
  isRedacted: true,
  version: '1',
  createdAtMs: 1,
  render: ({ id, args }: { id: string; args?: readonly unknown[] }) => [id, ...(args ?? [])].join(' '),
  text: (id: string) => id,
} as never as Parameters<typeof buildReport>[1];

describe('what the experiments with site data found', () => {
  it('becomes facts, with their source', () => {
    const { observations } = deriveView(after('cookie-search', found), []);
    expect(observations.cookieless).toMatchObject({ value: 'works', by: 'cookie-search', source: 'probe', atMs: 777 });
    expect(observations['cookie-header-size']).toMatchObject({ value: '8k-16k', by: 'cookie-search' });
    expect(deriveView(after('cookie-search', { ...found, outcome: 'fails-without-cookies' }), []).observations.cookieless?.value).toBe(
      'fails',
    );
    expect(deriveView(after('cookie-search', { ...found, outcome: 'unsteady' }), []).observations.cookieless?.by).not.toBe('cookie-search');
    expect(deriveView(after('site-data', { cleared: [], mendedBy: 'service-worker' }), []).observations['site-state-bypass']).toMatchObject(
      {
        value: 'works',
        by: 'site-data',
      },
    );
    expect(deriveView(after('site-data', { cleared: [], mendedBy: 'storage' }), []).observations['site-state-bypass']?.by).not.toBe(
      'site-data',
    );
    expect(deriveView(after('private-window', { outcome: 'works' }), []).observations.incognito).toMatchObject({
      value: 'works',
      by: 'private-window',
    });
    for (const detail of [{ outcome: 'unclear' }, { isAsked: true }] as const)
      expect(deriveView(after('private-window', detail), []).observations.incognito).toBeUndefined();
  });

  it('decides the diagnosis and offers the step that mends it', () => {
    const { diagnosis, checks } = deriveView(after('cookie-search', found), []);
    expect(diagnosis.causes[0]?.id).toBe('oversized-headers');
    expect(diagnosis.nextSteps[0]?.id).toBe('clear-site-data');
    expect(checks.find(({ id }) => id === 'oversized-cookies')).toMatchObject({
      outcome: 'implicated',
      explanation: { id: 'check_oversized_cookies_found', args: ['basket_77', '8000'] },
    });
    const stale = deriveView(after('site-data', { cleared: [], mendedBy: 'cache' }), []);
    expect(stale.diagnosis.causes[0]?.id).toBe('browser-site-data');
    expect(stale.checks.find(({ id }) => id === 'stale-copy')?.explanation.id).toBe('check_stale_copy_cache');
  });

  it('lists what was deleted and cleared, and only what belongs to this walk', () => {
    const state = after('cookie-search', found);
    expect(deriveView(state, [deletion('d1', 'kept'), deletion('d2', 'kept')]).changes.map(({ id }) => id)).toEqual(['d1']);
    const cleared = after('site-data', { cleared: [{ what: 'cache', atMs: 9, judgement: 'fails' }] });
    expect(deriveView(cleared, [deletion('d1', 'kept')]).changes).toEqual([
      { id: 'site-data cache 9', what: 'site-data', target: 'cache', changedAtMs: 9, state: 'kept' },
    ]);
  });

  it('keeps what a former run deleted and cleared', () => {
    const { deletionId: _former, ...anew } = found;
    const state = after('cookie-search', anew);
    const { host } = state.incident;
    const changes = [
      { ...deletion('d1', 'kept'), host },
      { ...deletion('d2', 'kept'), host: 'other.example' },
    ];
    expect(deriveView(state, changes).changes.map(({ id }) => id)).toEqual(['d1']);
    const repeated = after('site-data', {
      cleared: [{ what: 'cache', atMs: 9 }],
      formerly: [
        { what: 'cache', atMs: 5 },
        { what: 'storage', atMs: 6 },
      ],
    });
    expect(deriveView(repeated, []).changes.map(({ id }) => id)).toEqual(['site-data cache 5', 'site-data storage 6', 'site-data cache 9']);
  });

  it('names of a page that comes and goes only what was loaded until the odds were clear', () => {
    const often: Partial<Measurements> = {
      ...alwaysFails,
      repetition: { inARow: [ok(), bad(), ok(), bad(), ok(), bad()], burst: [], reused: [] },
    };
    const observed = (id: ExperimentId, detail: object) =>
      deriveView({ ...session(often), experiments: after(id, detail as never).experiments } as SessionState, []).observations;
    expect(observed('private-window', { outcome: 'works' }).incognito).toBeUndefined();
    const loads = { fails: 7, works: 5 };
    expect(observed('site-data', { cleared: [], loads, mendedBy: 'cache' })['site-state-bypass']?.by).toBe('site-data');
    expect(observed('site-data', { cleared: [], loads, before: 'unclear', isUnsteady: true })['site-state-bypass']?.by).not.toBe(
      'site-data',
    );
  });

  it('tells a report how many cookies went, and which only where nothing is left out', () => {
    const view = deriveView(after('cookie-search', found), [deletion('d1', 'returned')]);
    expect(buildReport(view, words).changes[0]).toMatchObject({ what: 'cookies', target: '', count: 1, state: 'returned' });
    expect(buildReport(view, { ...words, isRedacted: false }).changes[0]?.target).toBe('basket_77');
  });
});
