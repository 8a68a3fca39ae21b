import { mendChance } from '../../src/diagnosis/dialogue-chances';
import { isForRunner } from '../../src/diagnosis/next-step';
import type { FactValues } from '../../src/diagnosis/rank';
import type { Step } from '../../src/model/step';
import type { CauseId, ObservationId } from '../../src/model/vocabulary';
import type { Case } from './cases';

/** From this chance on a step counts as the repair of a cause; below it the step tries one way among several. */
const A_REPAIR = 0.5;

/** Values that say less than any other of their observation; a case may refine them by test. */
const COARSE: FactValues = { frequency: 'often', 'error-kind': 'failed', phase: 'unknown-before-headers' };

/** What asking or testing for one observation gives; undefined is "don't know". */
export const reveal = (one: Case, observation: ObservationId): string | undefined => {
  const stated = one.observations[observation];
  const found = one.confirming[observation];
  if (stated === undefined) return found;
  return found !== undefined && stated === COARSE[observation] ? found : stated;
};

/** Whether a step, when it is done properly, mends this cause by the person's own hands. */
export const isRepairOf = (step: Step, cause: CauseId): boolean => !step.id.startsWith('contact-') && mendChance(step, cause) >= A_REPAIR;

/** Whether this person can do the step at all: work on a server is done by whoever runs it. */
export const isAbleTo = (one: Case, step: Step): boolean => !isForRunner(step) || reveal(one, 'visitor-role') === 'site-developer-or-owner';

/** Whether doing this step mends this case: it is a repair of the true cause, and no fact of the case says that it was tried in vain. */
export const isMendedBy = (one: Case, step: Step): boolean =>
  isAbleTo(one, step) &&
  isRepairOf(step, one.cause) &&
  (step.tells === undefined || (reveal(one, step.tells.observation) ?? step.tells.works) === step.tells.works);

/**
 * Whether a person sees that a step which brings no observation was done in vain. Not where somebody else is to mend it, nor
 * where one waits and tries again and the page comes and goes anyway.
 */
export const isSeenToFail = (one: Case, step: Step): boolean =>
  !step.id.startsWith('contact-') && isAbleTo(one, step) && !(step.id === 'wait-and-retry' && reveal(one, 'retry') === 'succeeds');
