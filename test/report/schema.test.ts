import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import schema from '../../public/report.schema.json';
import { AREAS } from '../../src/model/check';
import { CONSENT_IDS } from '../../src/model/consent';
import type { Report } from '../../src/model/report';
import { CAUSE_IDS, OBSERVATION_IDS, OBSERVATIONS, OWNERS } from '../../src/model/vocabulary';
import { reportOf, say, view } from './sample';

const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false }).compile(schema);

function errorsOf(report: unknown): string[] {
  validate(JSON.parse(JSON.stringify(report)));
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

describe('the published schema', () => {
  it('knows the very vocabulary of the code', () => {
    const { $defs, properties } = schema;
    expect($defs.cause.enum).toEqual(CAUSE_IDS);
    expect($defs.owner.enum).toEqual([...OWNERS]);
    expect($defs.observationId.enum).toEqual(OBSERVATION_IDS);
    expect($defs.failure.enum).toEqual([...OBSERVATIONS['error-kind'].values]);
    expect($defs.phase.enum).toEqual([...OBSERVATIONS.phase.values]);
    expect($defs.check.properties.area.enum).toEqual([...AREAS]);
    expect(Object.keys(properties.observations.properties)).toEqual(OBSERVATION_IDS);
    for (const consent of CONSENT_IDS) expect($defs.check.properties.notRun.pattern).toContain(consent);
  });

  it.each(OBSERVATION_IDS)('takes every value of %s and no other', (id) => {
    const report = reportOf();
    for (const value of OBSERVATIONS[id].values) {
      report.observations = { [id]: { value, source: 'probe', by: 'test', at: report.createdAt } };
      expect(errorsOf(report)).toEqual([]);
    }
    report.observations = { [id]: { value: 'no-such-value', source: 'probe', by: 'test', at: report.createdAt } };
    expect(errorsOf(report)).not.toEqual([]);
  });

  it.each(['self', 'help-desk', 'site-owner'] as const)('takes a built report for %s, redacted or not', (audience) => {
    expect(errorsOf(reportOf(view, { audience, isRedacted: true }))).toEqual([]);
    expect(errorsOf(reportOf(view, { audience, isRedacted: false }))).toEqual([]);
  });

  it('takes the report of a page that loads, and of one that loaded again', () => {
    for (const more of [{ isHealthy: true as const }, { mendedAtMs: Date.UTC(2026, 2, 14, 16) }]) {
      const session = { ...view, state: { ...view.state, incident: { ...view.state.incident, ...more } } };
      expect(errorsOf(reportOf(session))).toEqual([]);
    }
  });

  it('takes the verdicts that name no cause', () => {
    for (const verdict of ['no-fault', 'not-a-reset'] as const) {
      const session = { ...view, diagnosis: { verdict, summary: say('Fine.'), causes: [], nextSteps: [] } };
      expect(errorsOf(reportOf(session))).toEqual([]);
    }
  });

  const wrong: Record<string, (report: Report) => unknown> = {
    'a field nobody knows': (report) => ({ ...report, cookies: 'a=b' }),
    'another version': (report) => ({ ...report, schemaVersion: 2 }),
    'no diagnosis': (report) => ({ ...report, diagnosis: undefined }),
    'a cause that is none': (report) => withFirstCause(report, { id: 'gremlins' }),
    'a probability above one': (report) => withFirstCause(report, { probability: 1.2 }),
    'an unknown verdict': (report) => ({ ...report, diagnosis: { ...report.diagnosis, verdict: 'maybe' } }),
    'a cause beside the verdict no-fault': (report) => ({ ...report, diagnosis: { ...report.diagnosis, verdict: 'no-fault' } }),
    'the verdict cause without one': (report) => ({ ...report, diagnosis: { ...report.diagnosis, causes: [] } }),
    'an unknown failure': (report) => ({ ...report, incident: { ...report.incident, failure: 'ERR_CONNECTION_RESET' } }),
    'an unknown observation': (report) => ({
      ...report,
      observations: { mood: { value: 'good', source: 'answer', by: 'q', at: report.createdAt } },
    }),
    'a check not run without its reason': (report) => withFirstCheck(report, { outcome: 'not-run' }),
    'a reason for a check that ran': (report) => withFirstCheck(report, { notRun: 'pending' }),
    'a reason that names no consent': (report) => withFirstCheck(report, { outcome: 'not-run', notRun: 'consent:everything' }),
    'a negative duration': (report) => withFirstCheck(report, { durationMs: -1 }),
    'a time as a number': (report) => ({ ...report, createdAt: 1_773_500_000_000 }),
  };
  it.each(Object.entries(wrong))('refuses %s', (_, spoil) => {
    expect(errorsOf(spoil(reportOf()))).not.toEqual([]);
  });
});

function withFirstCause(report: Report, change: object): unknown {
  const [first, ...rest] = report.diagnosis.causes;
  return { ...report, diagnosis: { ...report.diagnosis, causes: [{ ...first, ...change }, ...rest] } };
}

function withFirstCheck(report: Report, change: object): unknown {
  const [first, ...rest] = report.checks;
  return { ...report, checks: [{ ...first, ...change }, ...rest] };
}
