import type { ExperimentDetails, Judgement } from '../model/experiment';
import type { Experiment } from './experiment';
import { isComingAndGoing, judgementOfTab } from './judging';
import { FEWEST_LOADS, FEWEST_LOADS_WHERE_MIXED, MOST_LOADS, sinceChange, type Tally } from './odds';

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
    let done = 0;
    const tell = (left: number) => context.tell({ done, left }, {});
    const look = async (): Promise<Judgement> => {
      const judgement = judgementOfTab(await door.load(incident.url, signal), incident.error.failure);
      signal.throwIfAborted();
      done += 1;
      return judgement;
    };
    // Each in a window of its own.
    await tell(FEWEST_LOADS + 4);
    const first = await look();
    if (first !== 'works') {
      await tell(1);
      const second = await look();
      return end({ outcome: first === second ? first : 'unclear' }, done);
    }

    // That it works there tells something only if it fails here each time, which a page that comes and goes does not.
    const outside: Tally = { fails: 0, works: 0 };
    const wanted = isComingAndGoing(context.state().measurements, incident.error.failure) ? FEWEST_LOADS_WHERE_MIXED : FEWEST_LOADS;
    // Where the failing tab keeps a jar of its own, a tab of ours is no match for it.
    if (context.isOtherJar) return end({ outcome: 'unclear' }, done);
    while (outside.fails < wanted) {
      await tell(wanted - outside.fails + 3);
      const judgement = await context.judge({ isByItself: true });
      done += 1;
      if (judgement !== 'fails') return end({ outcome: 'unclear', ...(judgement === 'works' ? { isWorkingOutside: true } : {}) }, done);
      outside.fails += 1;
    }
    for (let works = 1; sinceChange({ fails: 0, works }, outside) !== 'works'; works += 1) {
      await tell(3);
      if (works === MOST_LOADS || (await look()) !== 'works') return end({ outcome: 'unclear' }, done);
    }
    await end({ outcome: 'works' }, done);
  },
};
