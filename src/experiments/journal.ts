import type { Change } from '../model/session';

/** What must be known to undo a change; JSON-safe. */
export type Undo =
  | { what: 'proxy-setting'; before: unknown }
  | { what: 'extension-switch'; extensionId: string; wasEnabled: boolean }
  /** A block of rules of our own, by the first id of the block. */
  | { what: 'header-rules'; ruleId: number }
  /**
   * A tab of our own. `tabId` is -1 until it is there; `mark` ends its address as a fragment, by
   * which a browser that restores its tabs after a crash shows it again.
   */
  | { what: 'probe-tab'; tabId: number; mark?: string; openerTabId?: number }
  /** A private window of our own; `windowId` is -1 until it is there, `mark` ends the address of its only tab. */
  | { what: 'private-window'; windowId: number; mark: string };

/** One change, from before it is made until it is surely given back. */
export interface JournalEntry {
  id: string;
  undo: Undo;
  /** Its name for people: an extension's name, or empty. */
  target: string;
  changedAtMs: number;
  /** When whoever changed it should long have given it back, ms since the epoch. */
  deadlineAtMs: number;
  state: Change['state'];
  returnedAtMs?: number;
  /** The browser's lives (from start to exit) in which it was changed and returned. */
  changedInLife?: string;
  returnedInLife?: string;
  /** Left to another, and ours beneath is surely gone from the disk too. */
  isSure?: boolean;
}

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

export interface JournalDoors {
  read(): Promise<unknown>;
  /** Resolves when it is durable. */
  write(entries: readonly unknown[]): Promise<void>;
  undoer(what: Undo['what']): Undoer;
  now(): number;
  newId(): string;
  /** Same text from the browser's start to its exit. */
  life(): Promise<string>;
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
/** Entries that are kept: a search among a hundred extensions tells each of them. */
const KEPT_ENTRIES = 250;
const STATES: readonly Change['state'][] = ['changed', 'returned', 'confirmed', 'left-to-another', 'kept'];
/** Changes given back side by side. */
const AT_ONCE = 16;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isUndo(value: unknown): value is Undo {
  if (!isRecord(value)) return false;
  switch (value.what) {
    case 'proxy-setting':
      return true;
    case 'extension-switch':
      return typeof value.extensionId === 'string' && typeof value.wasEnabled === 'boolean';
    case 'header-rules':
      return typeof value.ruleId === 'number';
    case 'probe-tab':
      return typeof value.tabId === 'number';
    case 'private-window':
      return typeof value.windowId === 'number' && typeof value.mark === 'string';
    default:
      return false;
  }
}

/** Entries of a stored value, whatever its shape; what cannot be an entry is dropped. */
export function parseEntries(value: unknown): JournalEntry[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one): one is JournalEntry =>
      isRecord(one) &&
      typeof one.id === 'string' &&
      typeof one.target === 'string' &&
      typeof one.changedAtMs === 'number' &&
      typeof one.deadlineAtMs === 'number' &&
      STATES.includes(one.state as Change['state']) &&
      isUndo(one.undo),
  );
}

/** Entries of a kind that this version does not know: a newer one wrote them, and it will know how to undo. */
function foreignEntries(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [];
  const known = new Set<unknown>(parseEntries(value));
  const isNote = (one: unknown) => isRecord(one) && typeof one.id === 'string' && isRecord(one.undo) && typeof one.undo.what === 'string';
  return value.filter((one) => !known.has(one) && isNote(one)).slice(-KEPT_ENTRIES);
}

/** Keeps all unfinished entries and the newest finished ones. */
function bounded(entries: readonly JournalEntry[], isFinished: (entry: JournalEntry) => boolean): JournalEntry[] {
  const surplus = Math.max(0, entries.length - KEPT_ENTRIES);
  let dropped = 0;
  return entries.filter((entry) => {
    if (dropped >= surplus || !isFinished(entry)) return true;
    dropped += 1;
    return false;
  });
}

/** Waits for the browser's answer, but not for ever. */
async function patiently<T>(work: Promise<T>): Promise<T> {
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

/** A change that is in use in this life of the worker. */
interface Use {
  /** The change while it is being made. */
  changing: Promise<unknown>;
  isOver: boolean;
}

export function createJournal(doors: JournalDoors): Journal {
  const inUse = new Map<string, Use>();
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

  /** Whether nothing more will be done about it. */
  function isFinished(entry: JournalEntry): boolean {
    if (entry.state === 'confirmed' || entry.state === 'kept') return true;
    if (entry.state !== 'left-to-another') return false;
    const { isOursAlone, unsureMs } = doors.undoer(entry.undo.what);
    return entry.isSure === true || !isOursAlone || unsureMs(true, entry.undo) === 0;
  }

  const isOfLife = (entry: JournalEntry, life: string) => entry.changedInLife === life;

  const settle = (entry: JournalEntry, undoer: Undoer, found: Exclude<Found, 'changed'>, life: string) => {
    entry.returnedAtMs = doors.now();
    entry.returnedInLife = life;
    if (found === 'anothers') entry.state = 'left-to-another';
    else entry.state = undoer.unsureMs(isOfLife(entry, life), entry.undo) > 0 ? 'returned' : 'confirmed';
  };

  /** Looks, undoes where it is still ours, looks again. Mutates the entry. */
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

  /** When an entry that is not finished is to be looked at next, ms since the epoch. */
  const nextLookAt = (entry: JournalEntry, life: string): number => {
    const now = doors.now();
    const everMoreRarely = (ageMs: number) => now + Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, Math.round(ageMs / 4)));
    if (entry.state === 'changed') {
      if (inUse.has(entry.id) && now <= entry.deadlineAtMs) return entry.deadlineAtMs + 1000;
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
  /** Asks to be woken when the next of them is due. */
  const arm = async (entries: readonly JournalEntry[]) => {
    const life = await doors.life();
    const times = entries.filter((entry) => !isFinished(entry)).map((entry) => nextLookAt(entry, life));
    if (times.length > 0) doors.wakeAt(Math.min(...times));
  };

  const subject = (undo: Undo) =>
    undo.what === 'extension-switch'
      ? `${undo.what} ${undo.extensionId}`
      : undo.what === 'proxy-setting'
        ? undo.what
        : `${undo.what} ${undo.what === 'header-rules' ? undo.ruleId : undo.what === 'probe-tab' ? undo.tabId : undo.mark}`;

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
