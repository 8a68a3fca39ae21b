import type { ExperimentDetails, Judgement } from '../model/experiment';
import type { Experiment } from './experiment';
import { judgementOfTab } from './judging';

/** A private window has no cookies, no stored copies and, for most people, no other extensions: loads the page there, judges by its real error where that is allowed, and asks where it is not. */
export const privateWindow: Experiment<'private-window'> = {
  id: 'private-window',

  async run(context) {
    const { incident, doors, signal } = context;
    const door = doors.privateWindow;
    if (!door) throw new Error('no private windows here');
    const end = (detail: ExperimentDetails['private-window'], done: number) => context.tell({ done, left: 0 }, detail);
    if (!(await door.isAllowed())) {
      // Firefox opens none for an extension that may not look into them.
      const isShown = await door.show(incident.url).then(
        () => true,
        () => false,
      );
      return end({ isAsked: true, ...(isShown ? {} : { isByHand: true }) }, 0);
    }
    // Twice, each in a window of its own: one lucky try says nothing about a page that comes and goes.
    const seen: Judgement[] = [];
    for (const left of [1, 0]) {
      await context.tell({ done: 1 - left, left: left + 1 }, {});
      seen.push(judgementOfTab(await door.load(incident.url, signal), incident.error.failure));
      signal.throwIfAborted();
    }
    const [first, second] = seen;
    await end({ outcome: first !== undefined && first === second ? first : 'unclear' }, 2);
  },
};
