import type { Change } from '../../model/session';

/** Whether it is a deletion of cookies that can still be undone. */
export const isStillKept = ({ what, state, keptUntilMs }: Change): boolean =>
  what === 'cookies' && state === 'kept' && keptUntilMs !== undefined;
