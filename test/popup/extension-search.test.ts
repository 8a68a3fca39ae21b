import { describe, expect, it } from 'vitest';
import type { ExtensionSearchDetail } from '../../src/model/experiment';
import type { ExtensionFacts } from '../../src/model/measurement';
import type { SessionView } from '../../src/model/session';
import { culpritsOf, isSearchOffered, loadsOf, loadsWith, searchable, whatGoesOff } from '../../src/popup/select/extension-search';
import { deriveView } from '../../src/session/derive';
import { alwaysFails, bad, breaks, loads, ok, session, times } from '../scenarios/walk';

const extension = (id: string, change: Partial<ExtensionFacts> = {}): ExtensionFacts => ({
  id,
  name: id,
  version: '1',
  isEnabled: true,
  abilities: ['headers'],
  hasHostAccess: true,
  mayDisable: true,
  ...change,
});
const viewOf = (measurements: Parameters<typeof session>[0], incident = {}): SessionView =>
  deriveView(session(measurements, { incident }), []);

describe('which extensions take part', () => {
  it('is not known before the permission was given', () => {
    expect(searchable(viewOf(alwaysFails))).toBeUndefined();
  });
  it('leaves out those that are off or fixed by a policy', () => {
    const extensions = [extension('a'), extension('b', { isEnabled: false }), extension('c', { mayDisable: false })];
    expect(searchable(viewOf({ ...alwaysFails, 'installed-extensions': { extensions } }))?.map(({ id }) => id)).toEqual(['a']);
  });
  it('says what goes off with them, each once', () => {
    const extensions = [
      extension('vpn', { abilities: ['proxy', 'vpn', 'headers'] }),
      extension('blocker', { abilities: ['headers', 'content'] }),
      extension('passwords', { abilities: ['native', 'content'] }),
      extension('notes', { abilities: ['content'] }),
    ];
    expect(whatGoesOff(extensions)).toEqual({ route: 1, filter: 1, helper: 2 });
    expect(whatGoesOff([])).toEqual({ route: 0, filter: 0, helper: 0 });
  });
  it('tells the loads it takes', () => {
    expect([1, 8, 32, 100].map(loadsOf)).toEqual([14, 17, 19, 21]);
  });
});

describe('when the search is offered', () => {
  const tabsOwn = { 'tab-replay': { plain: breaks(), pastCache: breaks() }, 'own-request': { exchanges: [ok(), ok()] } };
  it('for a page that fails only in the tab', () => {
    expect(isSearchOffered(viewOf(tabsOwn), undefined)).toBe(true);
  });
  it('where the step that is open is about extensions', () => {
    for (const step of ['disable-extensions', 'allow-see-extensions', 'allow-switch-extensions-off'])
      expect(isSearchOffered(viewOf(alwaysFails), step)).toBe(true);
    expect(isSearchOffered(viewOf(alwaysFails), 'restart-router')).toBe(false);
  });
  it('for a page that fails and loads by turns while our own requests get through, though the tab was lucky', () => {
    const lucky = {
      'tab-replay': { plain: loads() },
      'own-request': { exchanges: [ok(), ok()] },
      repetition: { inARow: times(4, () => ok()), burst: [], reused: [] },
    };
    expect(isSearchOffered(viewOf(lucky), undefined)).toBe(false);
    expect(isSearchOffered(viewOf(lucky, { comeBacks: 1 }), undefined)).toBe(true);
    expect(isSearchOffered(viewOf({ ...lucky, 'own-request': { exchanges: [ok(), bad()] } }, { comeBacks: 1 }), undefined)).toBe(false);
    expect(isSearchOffered(viewOf({ ...lucky, 'installed-extensions': { extensions: [] } }, { comeBacks: 1 }), undefined)).toBe(false);
  });
  it('never for what may not be loaded again', () => {
    expect(isSearchOffered(viewOf(tabsOwn, { method: 'POST' }), 'disable-extensions')).toBe(false);
    expect(isSearchOffered(viewOf(tabsOwn, { kind: 'websocket' }), 'disable-extensions')).toBe(false);
  });
  it('always once it has begun', () => {
    const view = viewOf(alwaysFails);
    const run = { status: 'done', startedAtMs: 1, progress: { done: 1, left: 0 }, options: { pinned: [] } } as const;
    const begun = { ...view, state: { ...view.state, experiments: { 'extension-search': run } } };
    expect(isSearchOffered(begun, undefined)).toBe(true);
  });
});

describe('the culprits', () => {
  const detailOf = (culprits: readonly (readonly string[])[]): ExtensionSearchDetail => ({
    mode: 'switching',
    part: 'over',
    extensions: ['a', 'b', 'c'].map((id) => ({ id, name: id, version: '1', abilities: [], state: 'suspect' })),
    tries: [],
    before: { fails: 0, works: 0 },
    rounds: 3,
    result: { kind: 'found', culprits },
  });
  it('are one, several, or some together', () => {
    expect(culpritsOf(detailOf([['b']]))).toMatchObject({ kind: 'one', extensions: [{ id: 'b' }] });
    expect(culpritsOf(detailOf([['a'], ['c']]))).toMatchObject({ kind: 'each', extensions: [{ id: 'a' }, { id: 'c' }] });
    expect(culpritsOf(detailOf([['a', 'c']]))).toMatchObject({ kind: 'together', extensions: [{ id: 'a' }, { id: 'c' }] });
  });
});

it('loads are counted with one extension on and with it off', () => {
  const extensions = ['a', 'b'].map((id) => ({ id, name: id, version: '1', abilities: [], state: 'suspect' as const }));
  const tries = [
    { on: '11', result: 'fails' as const },
    { on: '11', result: 'works' as const },
    { on: '01', result: 'works' as const },
    { on: '10', result: 'fails' as const },
  ];
  expect(loadsWith({ extensions, tries }, 'a')).toEqual({ on: { fails: 2, works: 1 }, off: { fails: 0, works: 1 } });
  expect(loadsWith({ extensions, tries }, 'b')).toEqual({ on: { fails: 1, works: 2 }, off: { fails: 1, works: 0 } });
});
