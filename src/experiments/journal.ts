import type { Change } from '../model/session';
import { createGivingBack, type GivingBackDoors, patiently } from './giving-back';
import { bounded, foreignEntries, type JournalEntry, parseEntries, subject, type Undo } from './journal-entry';

export interface JournalDoors extends GivingBackDoors {
  read(): Promise<unknown>;
  /** Resolves when it is durable. */
  write(entries: readonly unknown[]): Promise<void>;
  newId(): string;
  /** Asks to be woken by `returnEverything` at that time. */
  wakeAt(atMs: number): void;
  /** Told after every change of the journal. */
  noted?(entries: readonly JournalEntry[]): void;
}

/** A change under way. */
export interface Held {
  id: string;
  /** Makes the change, or a part of it. Giving back waits for it, so that it never lands after the return; it throws once it is given back. */
  change<T>(make: () => Promise<T>): Promise<T>;
  /** Writes down better how to undo, once more is known. */
  amend(undo: Undo): Promise<void>;
  /** Undoes the change. False: it had been given back before, by the person or for its deadline, and what was measured since means nothing. */
  release(): Promise<boolean>;
  /** The person wants it left as it is: from now on it is theirs, and never given back. False: it had been given back before. */
  keep(): Promise<boolean>;
}

export interface Journal {
  /**
   * Writes down how to undo, then changes, uses and undoes. The change is never made before the
   * note is durable. `keepsMs`: how long the use may take at most. Throws where it was given back meanwhile.
   */
  during<T>(undo: Undo, target: string, keepsMs: number, change: () => Promise<void>, use: () => Promise<T>): Promise<T>;
  /** Writes down a change that is about to be made. */
  begin(undo: Undo, target: string, keepsMs: number): Promise<Held>;
  /** Several at once, by one write. */
  beginAll(changes: readonly { undo: Undo; target: string }[], keepsMs: number): Promise<readonly Held[]>;
  /** Undoes several side by side; for each what its `release` would say. */
  releaseAll(held: readonly Held[]): Promise<readonly boolean[]>;
  /** Gives back all that is not in use in this life of the worker or has outlived its deadline, and checks what was given back before. `isAll`: also what is in use. */
  returnEverything(options?: { isAll?: boolean }): Promise<void>;
  /** The person took back what they wanted to keep: the newest kept entry of what `undo` undoes is given back from now on. False: there is none. */
  takeBack(undo: Undo): Promise<boolean>;
  /** All known changes, oldest first. Never waits for a change under way. */
  changes(): Promise<readonly Change[]>;
}

/** Changes given back side by side. */
const AT_ONCE = 16;

/** A change that is in use in this life of the worker. */
interface Use {
  /** The change while it is being made. */
  changing: Promise<unknown>;
  isOver: boolean;
}

export function createJournal(doors: JournalDoors): Journal {
  const inUse = new Map<string, Use>();
  const { isFinished, giveBack, nextLookAt } = createGivingBack(doors);
  let chain: Promise<unknown> = Promise.resolve();

  /** One reader-writer at a time; a failure does not break the chain. */
  const locked = <T>(
    work: (entries: JournalEntry[], put: (entries: readonly JournalEntry[]) => Promise<void>) => Promise<T>,
  ): Promise<T> => {
    const next = chain.then(async () => {
      const stored = await doors.read();
      const foreign = foreignEntries(stored);
      return work(parseEntries(stored), async (entries) => {
        const kept = bounded(entries, isFinished);
        await doors.write([...foreign, ...kept]);
        doors.noted?.(kept);
      });
    });
    chain = next.catch(() => undefined);
    return next;
  };

  /** Asks to be woken when the next of them is due. */
  const arm = async (entries: readonly JournalEntry[]) => {
    const life = await doors.life();
    const times = entries.filter((entry) => !isFinished(entry)).map((entry) => nextLookAt(entry, life, inUse.has(entry.id)));
    if (times.length > 0) doors.wakeAt(Math.min(...times));
  };

  const hold = (id: string, use: Use): Held => ({
    id,
    change(make) {
      if (use.isOver) return Promise.reject(new Error('given back before it was over'));
      const work = make();
      use.changing = Promise.allSettled([use.changing, work]);
      return work;
    },
    async amend(undo) {
      await locked(async (entries, put) => {
        const mine = entries.find((one) => one.id === id);
        if (!mine) return;
        mine.undo = undo;
        await put(entries);
      });
    },
    async release() {
      const [wasHeld] = await releaseAll([id]);
      return wasHeld === true;
    },
    async keep() {
      try {
        return await locked(async (entries, put) => {
          const mine = entries.find((one) => one.id === id);
          if (mine?.state !== 'changed') return false;
          use.isOver = true;
          for (const entry of entries) {
            // What was given back a moment ago is not looked at again either: found changed it is the person's word.
            if (subject(entry.undo) !== subject(mine.undo) || (entry !== mine && entry.state !== 'returned')) continue;
            entry.state = entry === mine ? 'kept' : 'confirmed';
            entry.returnedAtMs ??= doors.now();
          }
          await put(entries);
          return true;
        });
      } finally {
        use.isOver = true;
        inUse.delete(id);
      }
    },
  });

  const releaseAll = async (ids: readonly string[]): Promise<readonly boolean[]> => {
    try {
      return await locked(async (entries, put) => {
        const mine = ids.map((id) => entries.find((one) => one.id === id && one.state === 'changed'));
        for (const entry of mine) {
          const use = entry && inUse.get(entry.id);
          if (use) use.isOver = true;
        }
        // One write for all: killed before it, each is found as it was and settled then.
        for (let index = 0; index < mine.length; index += AT_ONCE)
          await Promise.all(mine.slice(index, index + AT_ONCE).map((entry) => entry && giveBack(entry)));
        await put(entries);
        for (const id of ids) inUse.delete(id);
        await arm(entries);
        return mine.map((entry) => entry !== undefined);
      });
    } finally {
      for (const id of ids) {
        const use = inUse.get(id);
        if (use) use.isOver = true;
        inUse.delete(id);
      }
    }
  };

  const journal: Journal = {
    async begin(undo, target, keepsMs) {
      const [held] = await journal.beginAll([{ undo, target }], keepsMs);
      if (!held) throw new Error('nothing to hold');
      return held;
    },
    async beginAll(changes, keepsMs) {
      const changedInLife = await doors.life();
      const now = doors.now();
      const made = changes.map(({ undo, target }): JournalEntry => {
        return { id: doors.newId(), undo, target, changedAtMs: now, deadlineAtMs: now + keepsMs, state: 'changed', changedInLife };
      });
      const held = made.map(({ id }) => {
        const use: Use = { changing: Promise.resolve(), isOver: false };
        inUse.set(id, use);
        return hold(id, use);
      });
      try {
        await locked(async (entries, put) => {
          const all = [...entries, ...made];
          await put(all);
          await arm(all);
        });
      } catch (error) {
        for (const { id } of made) inUse.delete(id);
        throw error;
      }
      return held;
    },
    async during(undo, target, keepsMs, change, use) {
      const held = await journal.begin(undo, target, keepsMs);
      let wasHeld = false;
      let value: Awaited<ReturnType<typeof use>>;
      try {
        await held.change(change);
        value = await use();
      } finally {
        wasHeld = await held.release();
      }
      if (!wasHeld) throw new Error('given back before it was over');
      return value;
    },
    releaseAll: (held) => releaseAll(held.map(({ id }) => id)),
    returnEverything(options = {}) {
      return locked(async (entries, put) => {
        const now = doors.now();
        const isBusy = (entry: JournalEntry) => options.isAll !== true && inUse.has(entry.id) && now <= entry.deadlineAtMs;
        // Something changed again on purpose must not be taken for an earlier change come back.
        const busy = new Set(entries.filter((entry) => entry.state === 'changed' && isBusy(entry)).map((entry) => subject(entry.undo)));
        const due = entries.filter((entry) => !isFinished(entry) && !busy.has(subject(entry.undo)));
        // What stands changed comes before what is only looked at again.
        const isStanding = ({ state }: JournalEntry) => state === 'changed';
        for (const entry of [...due.filter(isStanding), ...due.filter((one) => !isStanding(one))]) {
          const use = entry.state === 'changed' ? inUse.get(entry.id) : undefined;
          if (use) {
            use.isOver = true;
            await patiently(use.changing).catch(() => undefined);
          }
          const before = JSON.stringify(entry);
          await giveBack(entry);
          // Written one by one: a kill in between must not lose what was already given back, nor believe what was not.
          if (JSON.stringify(entry) !== before) await put(entries);
        }
        await arm(entries);
      });
    },
    takeBack(undo) {
      return locked(async (entries, put) => {
        const mine = entries.findLast((one) => one.state === 'kept' && subject(one.undo) === subject(undo));
        if (!mine) return false;
        mine.state = 'returned';
        mine.returnedAtMs = doors.now();
        mine.returnedInLife = await doors.life();
        await put(entries);
        await arm(entries);
        return true;
      });
    },
    async changes() {
      return parseEntries(await doors.read()).map(({ id, undo, target, changedAtMs, state, returnedAtMs }) => ({
        id,
        what: undo.what,
        target,
        changedAtMs,
        state,
        ...(returnedAtMs === undefined ? {} : { returnedAtMs }),
      }));
    },
  };
  return journal;
}
