import type { JournalEntry, Undo } from './journal-entry';

/** What a look at the changed thing says: still as we made it, as it was, or taken over by somebody else. */
export type Found = 'changed' | 'as-before' | 'anothers';

/** Undoes one kind of change. Both may throw; then the entry stays and is tried again. */
export interface Undoer {
  /** How long after its return the change may still come back, ms: preferences reach the disk late, and a window that was asked for comes late. 0: sure as soon as it is undone. */
  unsureMs(isSameLife: boolean, undo: Undo): number;
  /** Whether nobody but us can bring the changed state about. False: found so again in the same life, it was the person. */
  isOursAlone: boolean;
  /** `isSameLife`: the browser has not been started anew since the change. */
  look(undo: Undo, isSameLife: boolean): Promise<Found>;
  /** Takes ours away and touches nobody else's. */
  undo(undo: Undo, isSameLife: boolean): Promise<void>;
}

/** Preferences reach the disk about 10 s late: a change given back is believed only after this long, ms. */
export const CONFIRM_AFTER_MS = 30_000;
/** A browser that does not answer must not hold up the rest, ms. */
const PATIENCE_MS = 5_000;
/** How often, and after how long, it is looked again whether an undo has come into force. */
const LOOKS_AGAIN = 3;
const LOOK_AGAIN_MS = 150;
/** Shortest and longest pause before giving back is tried again, or what may come late is looked for again, ms. */
const SHORTEST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 3_600_000;

/** Waits for the browser's answer, but not for ever. */
export async function patiently<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

export interface GivingBackDoors {
  undoer(what: Undo['what']): Undoer;
  now(): number;
  /** Same text from the browser's start to its exit. */
  life(): Promise<string>;
}

/** How one entry is given back, when it is believed, and when it is looked at again. */
export interface GivingBack {
  /** Whether nothing more will be done about it. */
  isFinished(entry: JournalEntry): boolean;
  /** Looks, undoes where it is still ours, looks again. Mutates the entry; one that could not be given back stays as it is. */
  giveBack(entry: JournalEntry): Promise<void>;
  /** When an entry that is not finished is to be looked at next, ms since the epoch. */
  nextLookAt(entry: JournalEntry, life: string, isInUse: boolean): number;
}

export function createGivingBack(doors: GivingBackDoors): GivingBack {
  const isFinished = (entry: JournalEntry): boolean => {
    if (entry.state === 'confirmed' || entry.state === 'kept') return true;
    if (entry.state !== 'left-to-another') return false;
    const { isOursAlone, unsureMs } = doors.undoer(entry.undo.what);
    return entry.isSure === true || !isOursAlone || unsureMs(true, entry.undo) === 0;
  };

  const isOfLife = (entry: JournalEntry, life: string) => entry.changedInLife === life;

  const settle = (entry: JournalEntry, undoer: Undoer, found: Exclude<Found, 'changed'>, life: string) => {
    entry.returnedAtMs = doors.now();
    entry.returnedInLife = life;
    if (found === 'anothers') entry.state = 'left-to-another';
    else entry.state = undoer.unsureMs(isOfLife(entry, life), entry.undo) > 0 ? 'returned' : 'confirmed';
  };

  const giveBack = async (entry: JournalEntry): Promise<void> => {
    const undoer = doors.undoer(entry.undo.what);
    try {
      const life = await doors.life();
      const same = isOfLife(entry, life);
      const look = () => patiently(undoer.look(entry.undo, same));
      const isOld = doors.now() - (entry.returnedAtMs ?? 0) >= undoer.unsureMs(same, entry.undo);
      const found = await look();
      if (found === 'as-before') {
        if (entry.state === 'changed') settle(entry, undoer, found, life);
        else if (isOld && entry.state === 'returned') entry.state = 'confirmed';
        else if (isOld) entry.isSure = true;
        // The disk brings a change back at the browser's start or not at all: from here on it is somebody else's doing.
        else if (entry.state === 'returned') entry.returnedInLife = life;
      } else if (found === 'changed' && entry.state === 'returned' && !undoer.isOursAlone && entry.returnedInLife === life) {
        // We gave it back in this very life of the browser and the disk plays no part: somebody else changed it.
        entry.state = 'left-to-another';
      } else if (found === 'anothers' && entry.state !== 'changed' && entry.returnedInLife === life) {
        // Ours was taken away in this life, whoever has it now.
        if (isOld && entry.state === 'returned') entry.state = 'confirmed';
        else if (isOld) entry.isSure = true;
      } else {
        // Also where another holds it now: ours beneath theirs would come back when they leave.
        await patiently(undoer.undo(entry.undo, same));
        let after = await look();
        // What was asked for may take a moment to come into force.
        for (let again = 0; after === 'changed' && again < LOOKS_AGAIN; again += 1) {
          await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
          after = await look();
        }
        if (after === 'changed') return;
        const isAnothers = found === 'anothers' || after === 'anothers';
        settle(entry, undoer, isAnothers && entry.state !== 'returned' ? 'anothers' : 'as-before', life);
      }
    } catch {
      // It stays as it is and is tried again.
    }
  };

  const nextLookAt = (entry: JournalEntry, life: string, isInUse: boolean): number => {
    const now = doors.now();
    const everMoreRarely = (ageMs: number) => now + Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, Math.round(ageMs / 4)));
    if (entry.state === 'changed') {
      if (isInUse && now <= entry.deadlineAtMs) return entry.deadlineAtMs + 1000;
      return everMoreRarely(now - entry.changedAtMs);
    }
    // What the disk may bring back is looked for once it must have come; what the browser may still be about to open, all the while.
    const unsureMs = doors.undoer(entry.undo.what).unsureMs(isOfLife(entry, life), entry.undo);
    const everyMs = unsureMs >= CONFIRM_AFTER_MS ? CONFIRM_AFTER_MS + 1000 : SHORTEST_RETRY_MS;
    const returnedAtMs = entry.returnedAtMs ?? 0;
    const ageMs = Math.max(0, now - returnedAtMs);
    // It should have been sure by now: the browser does not answer, or it cannot be undone.
    if (ageMs > unsureMs + everyMs) return everMoreRarely(ageMs);
    return returnedAtMs + (Math.floor(ageMs / everyMs) + 1) * everyMs;
  };

  return { isFinished, giveBack, nextLookAt };
}
