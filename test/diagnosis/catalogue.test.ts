import { describe, expect, it } from 'vitest';
import messages from '../../public/_locales/en/messages.json';
import { CONSENT_STEPS, GUIDE_ROW_COUNT, GUIDED_STEPS, QUESTIONS, STEPS } from '../../src/diagnosis/steps';
import { textId } from '../../src/diagnosis/text';
import { GROUPS } from '../../src/diagnosis/weights/evidence';
import { chanceOf, WEIGHED } from '../../src/diagnosis/weights/likelihoods';
import { PRIORS } from '../../src/diagnosis/weights/priors';
import { AREAS } from '../../src/model/check';
import { CONSENT_IDS } from '../../src/model/consent';
import { CAUSE_IDS, OBSERVATION_IDS, OBSERVATIONS } from '../../src/model/vocabulary';

const texts: Record<string, { message: string }> = messages;
const missing = (ids: readonly string[]) => ids.filter((id) => !texts[id]?.message);

describe('texts', () => {
  it('exist for every cause, failure and value of evidence', () => {
    expect(missing(CAUSE_IDS.flatMap((id) => ['title', 'sentence', 'who', 'tell'].map((part) => textId('cause', id, part))))).toEqual([]);
    expect(missing(OBSERVATIONS['error-kind'].values.map((value) => textId('failure', value)))).toEqual([]);
    expect(missing(WEIGHED.flatMap((id) => OBSERVATIONS[id].values.map((value) => textId('evidence', id, value))))).toEqual([]);
  });
  it('exist for every step, its lines and its warning', () => {
    expect(
      missing(
        GUIDED_STEPS.flatMap(({ id, instructions }) => [
          textId('step', id, 'title'),
          textId('step', id, 'why'),
          ...instructions.flatMap(({ lines, warning }) => [...lines, ...(warning ? [warning] : [])]),
        ]),
      ),
    ).toEqual([]);
  });
  it('exist for every question with its help and answers', () => {
    expect(
      missing(
        QUESTIONS.flatMap(({ id, asks }) =>
          asks
            ? [
                textId('question', asks),
                textId('step', id, 'why'),
                ...OBSERVATIONS[asks].values.map((value) => textId('answer', asks, value)),
              ]
            : [],
        ),
      ),
    ).toEqual([]);
  });
  it('exist for every consent', () => {
    expect(
      missing(CONSENT_STEPS.flatMap(({ consent }) => [textId('consent', consent, 'title'), textId('consent', consent, 'why')])),
    ).toEqual([]);
  });
  it('accuse nobody', () => {
    const accusing = Object.entries(texts).filter(
      ([id, { message }]) => /^(cause|check|evidence|step|question|answer|failure|verdict)_/.test(id) && /censor|attack/i.test(message),
    );
    expect(accusing).toEqual([]);
  });
});

describe('steps', () => {
  it('cover all rows of the guide', () => {
    const rows = new Set(STEPS.flatMap(({ guideRows }) => guideRows));
    expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: GUIDE_ROW_COUNT }, (_, index) => index + 1));
  });
  it('guide in every area', () => {
    expect(AREAS.filter((area) => !GUIDED_STEPS.some((step) => step.area === area))).toEqual([]);
  });
  it('fit every system and browser: the last instructions match any', () => {
    expect(
      STEPS.filter(({ instructions }) => instructions.at(-1)?.os || instructions.at(-1)?.browser || instructions.length === 0).map(
        ({ id }) => id,
      ),
    ).toEqual([]);
  });
  it('have ids of their own and tell only values of the vocabulary', () => {
    expect(new Set(STEPS.map(({ id }) => id)).size).toBe(STEPS.length);
    const wrong = STEPS.filter(
      ({ tells }) =>
        tells &&
        ![tells.works, tells.fails].every((value) => (OBSERVATIONS[tells.observation].values as readonly string[]).includes(value)),
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
  it('have one for every consent', () => {
    expect(CONSENT_STEPS.map(({ consent }) => consent)).toEqual([...CONSENT_IDS]);
  });
});

describe('weights', () => {
  it('know every cause in every place', () => {
    expect(CAUSE_IDS.filter((id) => Object.values(PRIORS[id]).some((prior) => !(prior > 0)))).toEqual([]);
  });
  it('are chances: each between 0 and 1, and no row of them over 1', () => {
    for (const id of WEIGHED) {
      if (id === 'phase' || id === 'error-kind') continue; // values there overlap by design
      for (const cause of CAUSE_IDS) {
        const row = OBSERVATIONS[id].values.map((value) => chanceOf(id, value, cause) ?? Number.NaN);
        expect(Math.min(...row), `${id} ${cause}`).toBeGreaterThan(0);
        expect(
          row.reduce((sum, chance) => sum + chance, 0),
          `${id} ${cause}`,
        ).toBeLessThan(1.02);
      }
    }
  });
  it('weigh every observation but place and role, and no observation stands in two groups', () => {
    expect(OBSERVATION_IDS.filter((id) => !WEIGHED.includes(id)).sort()).toEqual(['host-kind', 'visitor-role']);
    expect(new Set(GROUPS.flat()).size).toBe(GROUPS.flat().length);
  });
});
