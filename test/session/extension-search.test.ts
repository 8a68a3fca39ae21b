import { describe, expect, it } from 'vitest';
import type { ExperimentRun, ExtensionSearchDetail } from '../../src/model/experiment';
import type { Change, SessionState } from '../../src/model/session';
import { buildReport } from '../../src/report/build';
import { deriveView } from '../../src/session/derive';
import { breaks, ok, session } from '../scenarios/walk';

const able = (id: string, name: string) => ({
  id,
  name,
  version: '1.0',
  isEnabled: true,
  abilities: ['headers'] as const,
  hasHostAccess: true,
  mayDisable: true,
});
const MEASURED = {
  'tab-replay': { plain: breaks(), pastCache: breaks() },
  'own-request': { exchanges: [ok(), ok()] },
  'installed-extensions': { extensions: [able('a', 'Shiny Blocker'), able('b', 'Quiet Notes')] },
};

/** A walk whose tab fails beside our own request, after a search that came to this. */
function searched(result: ExtensionSearchDetail['result'], changes: Partial<ExtensionSearchDetail> = {}): SessionState {
  const culprits = result?.culprits.flat() ?? [];
  const detail: ExtensionSearchDetail = {
    mode: 'switching',
    part: 'over',
    extensions: [
      { id: 'a', name: 'Shiny Blocker', version: '1.0', abilities: ['headers'], state: culprits.includes('a') ? 'culprit' : 'cleared' },
      { id: 'b', name: 'Quiet Notes', version: '1.0', abilities: ['headers'], state: culprits.includes('b') ? 'culprit' : 'cleared' },
    ],
    tries: [{ on: '00', result: 'works' }],
    before: { fails: 2, works: 0 },
    rounds: 3,
    ...(result ? { result } : {}),
    ...changes,
  };
  const run: ExperimentRun<'extension-search'> = {
    status: 'done',
    startedAtMs: 1,
    endedAtMs: 777,
    progress: { done: 3, left: 0 },
    options: { pinned: [] },
    detail,
  };
  return { ...session(MEASURED), experiments: { 'extension-search': run } };
}
const checkOf = (state: SessionState) => deriveView(state, []).checks.find(({ id }) => id === 'extension-that-breaks-it');
const factOf = (state: SessionState) => deriveView(state, []).observations['extensions-disabled'];

describe('what the extension search found', () => {
  it('is a fact, with its source and time', () => {
    expect(factOf(searched({ kind: 'found', culprits: [['a']] }))).toMatchObject({
      value: 'works',
      source: 'probe',
      by: 'extension-search',
      atMs: 777,
    });
    expect(factOf(searched({ kind: 'cleared', culprits: [] }))).toMatchObject({ value: 'fails', by: 'extension-search' });
  });

  it('makes the extension the cause', () => {
    const { diagnosis } = deriveView(searched({ kind: 'found', culprits: [['a']] }), []);
    expect(diagnosis.verdict).toBe('cause');
    expect(diagnosis.causes[0]?.id).toBe('browser-extension');
  });

  it('names the culprit in the check, and clears where nothing was found', () => {
    expect(checkOf(searched({ kind: 'found', culprits: [['a']] }))).toMatchObject({
      outcome: 'implicated',
      explanation: { id: 'check_extension_that_breaks_it_found', args: ['Shiny Blocker'] },
    });
    expect(checkOf(searched({ kind: 'found', culprits: [['a', 'b']] }))).toMatchObject({
      outcome: 'implicated',
      explanation: { id: 'check_extension_that_breaks_it_found_several', args: ['Shiny Blocker, Quiet Notes'] },
    });
    expect(checkOf(searched({ kind: 'cleared', culprits: [] }))).toMatchObject({ outcome: 'cleared' });
  });

  it('says nothing where it could not tell, or is not over', () => {
    for (const kind of ['unclear', 'contradiction', 'too-rare', 'works-now', 'nobody'] as const) {
      expect(factOf(searched({ kind, culprits: [] }))).toBeUndefined();
      expect(checkOf(searched({ kind, culprits: [] }))?.outcome).not.toBe('implicated');
    }
    expect(factOf(searched(undefined))).toBeUndefined();
  });

  it('does not clear all while one stayed on', () => {
    const pinned = { id: 'c', name: 'Kept', version: '1', abilities: ['headers'], state: 'left-alone', why: 'pinned' } as const;
    const state = searched({ kind: 'cleared', culprits: [] }, { extensions: [pinned] });
    expect(factOf(state)).toBeUndefined();
    expect(factOf(searched({ kind: 'cleared', culprits: [] }, { extensions: [{ ...pinned, why: 'removed' }] }))?.value).toBe('fails');
  });

  it('is in the report: the culprit by name, the innocent without, every switch with its return', () => {
    const changes: Change[] = ['Shiny Blocker', 'Quiet Notes'].map((target, index) => ({
      id: `entry${index}`,
      what: 'extension-switch',
      target,
      changedAtMs: 100,
      state: 'confirmed',
      returnedAtMs: 200,
    }));
    const view = deriveView(searched({ kind: 'found', culprits: [['a']] }), changes);
    const report = buildReport(view, {
      audience: 'help-desk',
      isRedacted: true,
      version: '1',
      createdAtMs: 1000,
      render: ({ id, args = [] }) => [id, ...args.map(String)].join(' '),
      text: (id, ...args) => [id, ...args].join(' '),
    });
    const text = JSON.stringify(report);
    expect(report.checks.find(({ id }) => id === 'extension-that-breaks-it')?.explanation).toContain('Shiny Blocker');
    expect(text).not.toContain('Quiet Notes');
    expect(report.changes).toHaveLength(2);
    expect(report.changes.every(({ returnedAt }) => returnedAt !== undefined)).toBe(true);
    expect(report.observations['extensions-disabled']).toMatchObject({ value: 'works', by: 'extension-search' });
  });
});
