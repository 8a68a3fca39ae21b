import { describe, expect, it } from 'vitest';
import { chancesTold } from '../../src/diagnosis/dialogue';
import { chooseSteps } from '../../src/diagnosis/next-step';
import type { FactValues } from '../../src/diagnosis/rank';
import { GUIDED_STEPS, QUESTIONS } from '../../src/diagnosis/steps';
import { OBSERVATION_IDS, type ObservationId } from '../../src/model/vocabulary';
import { deriveView } from '../../src/session/derive';
import { SITUATIONS } from '../scenarios/situations';
import { alwaysFails, session } from '../scenarios/walk';

/** What a person can be asked for, by a bare question or by what a guided step ends in. */
const ASKED = new Set<ObservationId>([...QUESTIONS, ...GUIDED_STEPS].flatMap(({ asks, tells }) => asks ?? tells?.observation ?? []));

/** What the probes bring, as measurements of the situations show it. */
const probed = new Set<ObservationId>(
  SITUATIONS.flatMap(({ measured, incident, engine }) =>
    Object.values(deriveView(session(measured, { incident, engine }), []).observations).flatMap((observation) =>
      observation && observation.source !== 'answer' ? [observation.id] : [],
    ),
  ),
);

const choose = (facts: FactValues) => {
  const context = { facts, openConsents: [], stepResults: [] };
  return chooseSteps(chancesTold(context), context);
};

describe('every observation', () => {
  it('comes from a probe or from a question', () => {
    expect(OBSERVATION_IDS.filter((id) => !probed.has(id) && !ASKED.has(id))).toEqual([]);
  });
  it('that no probe brings has a question', () => {
    const unprobed = OBSERVATION_IDS.filter((id) => !probed.has(id));
    expect(unprobed.length).toBeGreaterThan(15);
    expect(unprobed.filter((id) => !ASKED.has(id))).toEqual([]);
  });
  it('has one question at most', () => {
    const asks = QUESTIONS.map(({ asks: id }) => id);
    expect(new Set(asks).size).toBe(asks.length);
  });
});

describe('a question', () => {
  it('about trying again is asked only where nothing is repeated by itself', () => {
    const facts: FactValues = { 'error-kind': 'reset', 'visitor-role': 'site-developer-or-owner' };
    expect(choose(facts).gone.find(({ id }) => id === 'ask-retry')?.why.id).toBe('gone_tested');
    const upload = choose({ ...facts, method: 'post-or-upload' });
    expect(upload.gone.find(({ id }) => id === 'ask-retry')?.why.id).toBeUndefined();
    expect(upload.open.map(({ observation }) => observation)).toContain('retry');
    const page = deriveView(session(alwaysFails), []);
    expect(page.observations.retry).toMatchObject({ value: 'fails', source: 'probe' });
  });
  it('that could change nothing is not asked', () => {
    const { next, gone } = choose({ 'error-kind': 'reset', 'captive-portal': 'yes', scope: 'all-sites', 'network-owner': 'public' });
    expect(gone.filter(({ why }) => why.id === 'gone_no_gain').length).toBeGreaterThan(10);
    expect(next.map(({ id }) => id)).not.toContain('ask-http-version');
  });
  it('can be answered anew: the ranking is that of the last answer', () => {
    const vpn = (value: string) => {
      const { causes } = deriveView(session(alwaysFails, { answers: { 'vpn-toggled': { value, atMs: 1 } } }), []).diagnosis;
      return causes.find(({ id }) => id === 'vpn-client')?.probability ?? 0;
    };
    expect(vpn('works-without-vpn')).toBeGreaterThan(0.1);
    expect(vpn('works-with-vpn')).toBeLessThan(0.01);
  });
});
