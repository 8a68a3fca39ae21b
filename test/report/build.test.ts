import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/model/check';
import { reportOf, say, view } from './sample';

describe('buildReport', () => {
  it('makes the whole report of a session', () => {
    expect(reportOf()).toMatchSnapshot();
  });

  it('gives stable words for why a check did not run', () => {
    const reasons: [NonNullable<CheckResult['notRun']>, string][] = [
      [{ kind: 'consent', consent: 'go-direct' }, 'consent:go-direct'],
      [{ kind: 'refused', consent: 'see-extensions' }, 'refused:see-extensions'],
      [{ kind: 'pending' }, 'pending'],
      [{ kind: 'question', step: 'vpn-active' }, 'question:vpn-active'],
      [{ kind: 'cannot-in-this-browser' }, 'cannot-in-this-browser'],
      [{ kind: 'offline' }, 'offline'],
      [{ kind: 'asked-to-stop' }, 'asked-to-stop'],
    ];
    for (const [notRun, word] of reasons) {
      const check: CheckResult = { id: 'x', area: 'dns', part: 'path', outcome: 'not-run', explanation: say(''), durationMs: 0, notRun };
      expect(reportOf({ ...view, checks: [check] }).checks[0]?.notRun).toBe(word);
    }
  });

  it('says when the page loaded again', () => {
    const mended = { ...view, state: { ...view.state, incident: { ...view.state.incident, mendedAtMs: Date.UTC(2026, 2, 14, 16) } } };
    expect(reportOf(mended).incident.mendedAt).toBe('2026-03-14T16:00:00.000Z');
    expect(reportOf().incident).not.toHaveProperty('mendedAt');
    expect(reportOf().incident).not.toHaveProperty('isHealthy');
    const healthy = { ...view, state: { ...view.state, incident: { ...view.state.incident, isHealthy: true as const } } };
    expect(reportOf(healthy).incident.isHealthy).toBe(true);
  });

  it('takes a damaged time for the epoch instead of failing', () => {
    const damaged = { ...view, state: { ...view.state, incident: { ...view.state.incident, lastAtMs: Number.NaN } } };
    expect(reportOf(damaged).incident.lastAt).toBe('1970-01-01T00:00:00.000Z');
  });

  it('changes nothing in the session it is given', () => {
    const before = JSON.stringify(view);
    reportOf();
    expect(JSON.stringify(view)).toBe(before);
  });
});
