import type { Step } from '../../model/step';
import { CONSENT_STEPS } from './consents';
import { GUIDED_STEPS } from './guided';
import { QUESTIONS } from './questions';

/** All steps: guided, questions, consents. */
export const STEPS: readonly Step[] = [...GUIDED_STEPS, ...QUESTIONS, ...CONSENT_STEPS];

const BY_ID = new Map(STEPS.map((step) => [step.id, step]));

/** Finds a step of the catalogue. */
export const findStep = (id: string): Step | undefined => BY_ID.get(id);

/** Rows of the guide's checklist table; a test maps each to a step. */
export const GUIDE_ROW_COUNT = 22;

export { CONSENT_STEPS } from './consents';
export { GUIDED_STEPS } from './guided';
export { QUESTIONS } from './questions';
