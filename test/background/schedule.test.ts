import { describe, expect, it } from 'vitest';
import { applyConsents, gate, type Plannable, reopenAfter, restart, startable, successors } from '../../src/background/schedule';
import { reopenBetterWith } from '../../src/background/walk-state';
import type { ProbeId } from '../../src/model/measurement';
import type { ProbeRun, SessionState } from '../../src/model/session';

const probe = (id: ProbeId, changes: Partial<Plannable> = {}): Plannable => ({
  id,
  after: [],
  consents: [],
  isExclusive: false,
  ...changes,
});
const runs = (some: Partial<Record<ProbeId, ProbeRun>>) => some as SessionState['runs'];
const done: ProbeRun = { status: 'done', durationMs: 1, atMs: 1 };
const pending: ProbeRun = { status: 'pending' };
const running: ProbeRun = { status: 'running', startedAtMs: 1 };

describe('startable', () => {
  const plans = [
    probe('own-request'),
    probe('controls'),
    probe('cookies', { after: ['own-request'] }),
    probe('go-between' as ProbeId, { isExclusive: true }),
  ];
  const all = (changes: Partial<Record<string, ProbeRun>> = {}) =>
    runs({ 'own-request': pending, controls: pending, cookies: pending, 'go-between': pending, ...changes } as Partial<
      Record<ProbeId, ProbeRun>
    >);

  it('starts side by side what waits for nothing', () => {
    expect(startable(plans, all())).toEqual(['own-request', 'controls']);
  });

  it('waits for those before, however they ended', () => {
    const ends: ProbeRun[] = [
      done,
      { status: 'failed', error: 'x', durationMs: 1 },
      { status: 'skipped', why: 'offline' },
      { status: 'waiting', consent: 'go-direct' },
    ];
    for (const end of ends) expect(startable(plans, all({ 'own-request': end, controls: running }))).toEqual(['cookies']);
    expect(startable(plans, all({ 'own-request': running, controls: done }))).toEqual([]);
  });

  it('runs an exclusive one alone and last', () => {
    expect(startable(plans, all({ 'own-request': done, controls: done, cookies: running }))).toEqual([]);
    expect(startable(plans, all({ 'own-request': done, controls: done, cookies: done }))).toEqual(['go-between']);
    expect(startable(plans, all({ 'go-between': running }))).toEqual([]);
  });
});

describe('consents', () => {
  const needsTwo = probe('extensions-off', { consents: ['see-extensions', 'switch-extensions-off'] });

  it('waits for the first that is missing, and takes a refusal for an answer', () => {
    expect(gate(needsTwo, {})).toEqual({ status: 'waiting', consent: 'see-extensions' });
    expect(gate(needsTwo, { 'see-extensions': 'given' })).toEqual({ status: 'waiting', consent: 'switch-extensions-off' });
    expect(gate(needsTwo, { 'see-extensions': 'given', 'switch-extensions-off': 'given' })).toEqual(pending);
    expect(gate(needsTwo, { 'switch-extensions-off': 'refused' })).toEqual({ status: 'refused', consent: 'switch-extensions-off' });
  });

  it('leaves alone what has begun', () => {
    const before = runs({ 'extensions-off': running });
    expect(applyConsents([needsTwo], before, {})).toEqual(before);
  });
});

describe('what comes after', () => {
  const plans = [
    probe('browser-dns', { isExclusive: true }),
    probe('bare-address', { after: ['browser-dns'] }),
    probe('repetition', { after: ['bare-address'] }),
    probe('extensions-off', { after: ['repetition'], isExclusive: true }),
    probe('controls'),
  ];

  it('follows the chain', () => {
    expect([...successors(plans, 'browser-dns')]).toEqual(['bare-address', 'repetition', 'extensions-off']);
  });

  it('runs again what ran without the news, except what changes something', () => {
    const before = runs({
      'browser-dns': done,
      'bare-address': { status: 'skipped', why: 'not-applicable' },
      repetition: done,
      'extensions-off': done,
      controls: done,
    });
    expect(reopenAfter(plans, before, 'browser-dns')).toEqual({ ...before, 'bare-address': pending, repetition: pending });
  });
});

describe('restart', () => {
  it('begins again what was under way when the worker died', () => {
    expect(restart(runs({ controls: running, cookies: done }))).toEqual({ controls: pending, cookies: done });
  });
});

describe('what a yes makes better', () => {
  it('asks plain http once more, and for a large request, where headers may be set', () => {
    const before = runs({ cookies: done, 'other-scheme': done, repetition: done, 'bare-address': done, controls: done });
    const after = reopenBetterWith('set-own-headers', before, new Set<ProbeId>(['other-scheme', 'controls']));
    expect(after).toEqual({ ...before, 'other-scheme': pending });
  });
});
