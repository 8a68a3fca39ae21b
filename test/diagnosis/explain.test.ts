import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose';
import { chancesTold } from '../../src/diagnosis/dialogue';
import { outcomesOf } from '../../src/diagnosis/gain';
import type { FactValues } from '../../src/diagnosis/rank';
import { findStep, GUIDED_STEPS, QUESTIONS } from '../../src/diagnosis/steps';
import type { Diagnosis } from '../../src/model/diagnosis';
import type { Message } from '../../src/model/message';
import type { Observations } from '../../src/model/observation';
import { possibleValues } from '../../src/model/possible-values';
import type { CauseId, ObservationId } from '../../src/model/vocabulary';
import { deriveView } from '../../src/session/derive';
import { SITUATIONS } from '../scenarios/situations';
import { session } from '../scenarios/walk';

const told = (facts: FactValues): Diagnosis =>
  diagnose({
    observations: Object.fromEntries(
      Object.entries(facts).map(([id, value]) => [id, { id, value, source: 'answer', by: id, atMs: 1 }]),
    ) as unknown as Observations,
    page: { kind: 'fails', failure: 'reset' },
    openConsents: [],
    stepResults: [],
  });
const HOME: FactValues = {
  'error-kind': 'reset',
  scope: 'one-site',
  'host-kind': 'public',
  'visitor-role': 'visitor',
  'network-owner': 'home',
  frequency: 'always',
};
const chance = (facts: FactValues, cause: CauseId) => chancesTold({ facts, stepResults: [] }).get(cause) ?? 0;
const placesOf = (message: Message): string =>
  `${message.id} ${(message.args ?? []).map((arg) => (typeof arg === 'string' ? arg : arg.id)).join(' ')}`;

describe('what cannot be', () => {
  it.each(SITUATIONS)('$name: is held out by nobody, that only the other engine fails', ({ measured, incident, engine, answers }) => {
    const view = deriveView(session(measured, { incident, engine, answers }), []);
    const never = view.state.environment.engine === 'gecko' ? 'only-chromium-fails' : 'only-firefox-fails';
    expect(view.diagnosis.causes.flatMap(({ mind }) => (mind ?? []).map(({ value }) => value))).not.toContain(never);
  });
  it('is no outcome that anything is reckoned with, and not asked either', () => {
    const standing = { facts: HOME, chances: chancesTold({ facts: HOME, stepResults: [] }), factors: new Map() };
    const values = (engine?: 'chromium' | 'gecko') => outcomesOf('other-engine-only', { ...standing, engine }).map(({ value }) => value);
    expect([values('chromium'), values('gecko')]).toEqual([['only-chromium-fails'], ['only-firefox-fails']]);
    expect(values()).toHaveLength(2);
    expect(possibleValues('other-engine-only', 'chromium')).toEqual(['only-chromium-fails']);
    expect(possibleValues('other-engine-only', 'gecko')).toEqual(['only-firefox-fails']);
    expect(possibleValues('other-engine-only', undefined)).toHaveLength(2);
  });
});

describe('every cause that is named', () => {
  it.each(SITUATIONS)(
    '$name: has all five parts of its explanation, from facts that are there',
    ({ measured, incident, engine, answers }) => {
      const { diagnosis, observations } = deriveView(session(measured, { incident, engine, answers }), []);
      for (const cause of diagnosis.causes) {
        expect([cause.sentence.id, cause.who.id, cause.tell.id]).toEqual(
          ['sentence', 'who', 'tell'].map((part) => `cause_${cause.id.replaceAll('-', '_')}_${part}`),
        );
        for (const evidence of [...cause.for, ...cause.against]) expect(observations[evidence.observation]?.value).toBe(evidence.value);
        const weights = (evidence: typeof cause.for) => evidence.map(({ weight }) => Math.abs(weight));
        for (const side of [cause.for, cause.against]) expect(weights(side)).toEqual(weights(side).sort((a, b) => b - a));
        for (const change of cause.mind) {
          expect(observations[change.observation], change.observation).toBeUndefined();
          expect(findStep(change.step), change.step).toBeDefined();
        }
      }
    },
  );
});

describe('every step', () => {
  const guided = new Set(GUIDED_STEPS.flatMap(({ asks, tells }) => asks ?? tells?.observation ?? []));
  const handSteps = [...GUIDED_STEPS, ...QUESTIONS.filter(({ asks }) => asks !== undefined && !guided.has(asks))].map(({ id }) => id);
  it.each(SITUATIONS)('$name: is offered or gone with a reason, and never both', ({ measured, incident, engine, answers }) => {
    const { diagnosis } = deriveView(session(measured, { incident, engine, answers }), []);
    if (diagnosis.verdict === 'no-fault' || diagnosis.verdict === 'not-a-reset') return expect(diagnosis.nextSteps).toEqual([]);
    const next = diagnosis.nextSteps.map(({ id }) => id);
    const gone = (diagnosis.goneSteps ?? []).map(({ id }) => id);
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.filter((id) => next.includes(id))).toEqual([]);
    for (const { id, why } of diagnosis.goneSteps ?? []) expect(why.id, id).toMatch(/^gone_/);
    // The list shows the best eight; only behind a full list may a step be in neither.
    const neither = handSteps.filter((id) => !next.includes(id) && !gone.includes(id));
    expect(next.length === 8 ? [] : neither).toEqual([]);
  });
});

describe('what would change the mind', () => {
  it('is what the ranking would really say then', () => {
    for (const cause of told(HOME).causes) {
      for (const { observation, value, probability } of cause.mind) {
        expect(probability).toBeCloseTo(chance({ ...HOME, [observation]: value }, cause.id), 3);
      }
    }
  });
  it('takes from the first cause and gives to the others', () => {
    const { causes } = told({ ...HOME, 'vpn-toggled': 'works-with-vpn' });
    const [first, ...others] = causes;
    expect(first?.mind.length).toBeGreaterThan(0);
    for (const { probability } of others.flatMap(({ mind }) => mind)) expect(probability).toBeGreaterThanOrEqual(0.15);
    for (const other of others) for (const { probability } of other.mind) expect(probability).toBeGreaterThan(other.probability);
    const falls = told({ ...HOME, 'captive-portal': 'yes', scope: 'all-sites' }).causes[0];
    expect(falls?.id).toBe('captive-portal');
    for (const { probability } of falls?.mind ?? []) expect(probability).toBeLessThan(falls?.probability ?? 0);
  });
  it('names the finding and where the cause would stand', () => {
    const change = told(HOME).causes.flatMap(({ mind }) => mind)[0];
    expect(change && placesOf(change.explanation)).toMatch(/^mind_(falls|rises) \d+ evidence_[a-z0-9_]+$/);
  });
  it('never asks for what is known or can no longer be learned', () => {
    const known: FactValues = { ...HOME, 'vpn-active': 'no', incognito: 'fails' };
    const asked = new Set<ObservationId>(told(known).causes.flatMap(({ mind }) => mind.map(({ observation }) => observation)));
    for (const id of [...(Object.keys(known) as ObservationId[]), 'vpn-toggled', 'server-log', 'loopback-names'] as const) {
      expect(asked.has(id), id).toBe(false);
    }
  });
});
