import { describe, expect, it } from 'vitest';
import { CAUSES, type CauseId } from '../../src/model/vocabulary';
import { deriveView } from '../../src/session/derive';
import { SITUATIONS } from './situations';
import { BY_CONSENT, session } from './walk';

describe('situations, everything allowed', () => {
  it.each(SITUATIONS)('$name', ({ measured, incident, engine, answers, expect: wanted }) => {
    const { diagnosis } = deriveView(session(measured, { incident, engine, answers }), []);
    const seen = diagnosis.causes.slice(0, 4).map(({ id, probability }) => `${id} ${probability.toFixed(2)}`);
    expect(
      wanted.first === undefined || wanted.first.includes(diagnosis.causes[0]?.id as CauseId),
      `${diagnosis.verdict}: ${seen.join(', ')}`,
    ).toBe(true);
    expect([wanted.verdict].flat(), seen.join(', ')).toContain(diagnosis.verdict);
    if (wanted.first === undefined) expect(diagnosis.causes).toEqual([]);
    if (wanted.owner && diagnosis.causes[0]) expect(diagnosis.causes[0].owner).toBe(wanted.owner);
  });
});

describe('situations, nothing allowed', () => {
  const named = SITUATIONS.filter(({ expect: { first } }) => first !== undefined);
  it.each(named)('$name: the right owner, or cannot tell', ({ measured, incident, answers, expect: { first = [] } }) => {
    const withheld: readonly string[] = BY_CONSENT;
    const few = Object.fromEntries(Object.entries(measured).filter(([id]) => !withheld.includes(id) && id !== 'bare-address'));
    const { diagnosis } = deriveView(session(few, { incident, answers }), []);
    const owners = first.map((id) => CAUSES[id].owner);
    const seen = diagnosis.causes.slice(0, 4).map(({ id, probability }) => `${id} ${probability.toFixed(2)}`);
    expect(
      diagnosis.verdict === 'cannot-tell' || owners.includes(diagnosis.causes[0]?.owner ?? 'site'),
      `${diagnosis.verdict}: ${seen.join(', ')}`,
    ).toBe(true);
  });
});
