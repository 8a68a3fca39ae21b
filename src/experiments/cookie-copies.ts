import { addressOf, type Cookie, type CookieJar, keyOf } from './cookie-jar';

/** How long a deleted cookie can be brought back, ms. Its copy is a credential, so no longer. */
export const COPY_KEPT_MS = 24 * 3_600_000;
/** Browsers write cookies to the disk up to 30 s late: what was done is believed only after this long, ms. */
export const SURE_AFTER_MS = 45_000;
/** What is remembered of former deletions, without any value. */
const REMEMBERED = 20;

/** One deletion. The values are there only as long as they may be needed. */
export interface CookieCopy {
  id: string;
  /** Host of the page for which they were deleted. */
  host: string;
  names: readonly string[];
  atMs: number;
  /**
   * `removing` and `restoring` stand on the disk before the jar is touched, so that whoever wakes next can go on:
   * a deletion that was broken off is taken back, a return is carried on.
   */
  state: 'removing' | 'removed' | 'restoring' | 'restored';
  /** Browser's life in which the state was reached, and when. */
  inLife: string;
  sinceMs: number;
  /** What is on the disk is what we did. */
  isSure?: boolean;
  /** The deletion was broken off, and taken back. */
  wasBrokenOff?: boolean;
  /** How many were not brought back: the site had set them anew, or their time was over. */
  leftAlone?: number;
  returnedAtMs?: number;
  /** The deleted ones. */
  cookies: readonly Cookie[];
}

/** What may be told of a deletion. */
export type CookieDeletion = Omit<CookieCopy, 'cookies' | 'inLife'> & {
  /** Whether it can still be undone. */
  isUndoable: boolean;
};

export interface CookieCopyDoors {
  read(): Promise<unknown>;
  /** Resolves when it is durable. */
  write(copies: readonly unknown[]): Promise<void>;
  jar: CookieJar;
  now(): number;
  newId(): string;
  /** Same text from the browser's start to its exit. */
  life(): Promise<string>;
  /** Asks to be woken by `tidy` at that time. */
  wakeAt(atMs: number): void;
  /** Told after every change. */
  noted?(deletions: readonly CookieDeletion[]): void;
}

export interface CookieCopies {
  /** A name for a deletion, to be written down wherever it must be found again before anything is deleted. */
  newId(): string;
  /** Keeps a copy, then deletes. Throws where the jar refuses; what was taken out by then is put back, or `tidy` does it. */
  remove(id: string, host: string, cookies: readonly Cookie[]): Promise<CookieDeletion>;
  /** Brings a deletion back, as far as nobody set the same cookies anew. Undefined: it is too late, or there is no such copy. */
  bringBack(id: string): Promise<CookieDeletion | undefined>;
  /** To be called at every start of the worker, by the alarm and when a permission has come: ends what was broken off, makes sure of the disk, and throws away what is too old. */
  tidy(): Promise<void>;
  deletions(): Promise<readonly CookieDeletion[]>;
}

const STATES: readonly CookieCopy['state'][] = ['removing', 'removed', 'restoring', 'restored'];
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCookie = (value: unknown): value is Cookie =>
  isRecord(value) && ['name', 'value', 'domain', 'path', 'storeId', 'sameSite'].every((field) => typeof value[field] === 'string');

const isCopy = (one: unknown): one is CookieCopy =>
  isRecord(one) &&
  typeof one.id === 'string' &&
  typeof one.host === 'string' &&
  typeof one.inLife === 'string' &&
  typeof one.atMs === 'number' &&
  typeof one.sinceMs === 'number' &&
  STATES.includes(one.state as CookieCopy['state']) &&
  Array.isArray(one.names) &&
  Array.isArray(one.cookies) &&
  one.cookies.every(isCookie);

/** Copies of a stored value, whatever its shape. */
export const parseCopies = (value: unknown): CookieCopy[] => (Array.isArray(value) ? value.filter(isCopy) : []);

/** What another version wrote: nothing to act on, but it may hold a credential, so its time is watched. Without a time it goes at once. */
const strangersOf = (value: unknown): (Record<string, unknown> & { atMs: number })[] =>
  (Array.isArray(value) ? value : []).filter(
    (one): one is Record<string, unknown> & { atMs: number } => isRecord(one) && !isCopy(one) && Number.isFinite(one.atMs),
  );

export function createCookieCopies(doors: CookieCopyDoors): CookieCopies {
  const { jar } = doors;
  /** Deletions and returns of this life of the worker that are under way. */
  const inUse = new Set<string>();
  let chain: Promise<unknown> = Promise.resolve();

  /** One at a time; a failure does not break the chain. */
  const locked = <T>(work: (copies: CookieCopy[], put: () => Promise<void>, raw: unknown) => Promise<T>): Promise<T> => {
    const next = chain.then(async () => {
      const raw = await doors.read();
      const copies = parseCopies(raw);
      return work(
        copies,
        async () => {
          // Those with values stay whatever their number.
          const surplus = copies.filter(({ cookies }) => cookies.length === 0).slice(0, Math.max(0, copies.length - REMEMBERED));
          for (const one of surplus) copies.splice(copies.indexOf(one), 1);
          await doors.write([...strangersOf(raw).filter((one) => !isTooOld(one)), ...copies]);
          doors.noted?.(copies.map(toldOf));
        },
        raw,
      );
    });
    chain = next.catch(() => undefined);
    return next;
  };

  const isTooOld = ({ atMs }: { atMs: number }) => {
    const age = doors.now() - atMs;
    // A clock that was put back must not keep a credential for years.
    return age >= COPY_KEPT_MS || age < -COPY_KEPT_MS;
  };
  const toldOf = ({ cookies, inLife: _inLife, ...rest }: CookieCopy): CookieDeletion => ({
    ...rest,
    isUndoable: rest.state === 'removed' && cookies.length > 0,
  });
  const reach = async (copy: CookieCopy, state: CookieCopy['state']) => {
    copy.state = state;
    copy.sinceMs = doors.now();
    copy.inLife = await doors.life();
    delete copy.isSure;
    arm([copy]);
  };
  const arm = (copies: readonly CookieCopy[], strangers: readonly { atMs: number }[] = []) => {
    const times = strangers.map(({ atMs }) => atMs + COPY_KEPT_MS);
    for (const copy of copies)
      times.push(
        ...(copy.cookies.length > 0 ? [copy.atMs + COPY_KEPT_MS] : []),
        ...(copy.isSure === true ? [] : [Math.max(copy.sinceMs + SURE_AFTER_MS, doors.now()) + 1000]),
      );
    if (times.length > 0) doors.wakeAt(Math.min(...times));
  };

  const found = async (cookie: Cookie): Promise<Cookie | undefined> => {
    const key = keyOf(cookie);
    // Asked as https, so that one set anew as Secure is seen too.
    return (await jar.all(addressOf({ ...cookie, secure: true }))).find((one) => keyOf(one) === key);
  };
  const isOver = ({ expirationDate }: Cookie) => expirationDate !== undefined && expirationDate * 1000 <= doors.now();

  /** Puts back what is missing. `isAnew`: in another life of the browser, which ends sessions by itself. */
  const putBack = async (copy: CookieCopy, isAnew: boolean): Promise<number> => {
    let leftAlone = 0;
    const errors: unknown[] = [];
    for (const cookie of copy.cookies) {
      try {
        const there = await found(cookie);
        if (there?.value === cookie.value) continue;
        if (there || isOver(cookie)) leftAlone += 1;
        else if (!isAnew || !cookie.session) await jar.put(cookie);
      } catch (error) {
        // One that the jar refuses must not keep the others out.
        errors.push(error);
      }
    }
    if (errors.length > 0)
      throw new AggregateError(errors, errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; '));
    return leftAlone;
  };

  /** One look at a copy that nobody is using. Mutates it; answers whether anything changed. */
  const settle = async (copy: CookieCopy): Promise<boolean> => {
    const isAnew = copy.inLife !== (await doors.life());
    if (copy.state === 'removing' || copy.state === 'restoring') {
      const leftAlone = await putBack(copy, isAnew);
      if (copy.state === 'removing') copy.wasBrokenOff = true;
      if (leftAlone > 0) copy.leftAlone = leftAlone;
      copy.returnedAtMs = doors.now();
      await reach(copy, 'restored');
      return true;
    }
    if (copy.isSure === true) return false;
    if (!isAnew) {
      if (doors.now() - copy.sinceMs < SURE_AFTER_MS) return false;
      copy.isSure = true;
      if (copy.state === 'restored') copy.cookies = [];
      return true;
    }
    // The browser may have died before the disk knew: what was done is done again.
    if (copy.state === 'restored') await putBack(copy, true);
    else {
      for (const cookie of copy.cookies) if ((await found(cookie))?.value === cookie.value) await jar.remove(cookie);
    }
    await reach(copy, copy.state);
    return true;
  };
  const forget = (copy: CookieCopy) => {
    copy.cookies = [];
    copy.isSure = true;
  };

  return {
    newId: doors.newId,
    async remove(id, host, cookies) {
      inUse.add(id);
      try {
        return await locked(async (copies, put) => {
          const now = doors.now();
          const copy: CookieCopy = {
            id,
            host,
            names: cookies.map(({ name }) => name),
            atMs: now,
            state: 'removing',
            inLife: await doors.life(),
            sinceMs: now,
            cookies,
          };
          copies.push(copy);
          arm([copy]);
          await put();
          try {
            for (const cookie of cookies) await jar.remove(cookie);
          } catch (error) {
            // If this fails too, it stays `removing`, and `tidy` tries again.
            await putBack(copy, false);
            copy.wasBrokenOff = true;
            copy.returnedAtMs = doors.now();
            await reach(copy, 'restored');
            await put();
            throw error;
          }
          await reach(copy, 'removed');
          await put();
          return toldOf(copy);
        });
      } finally {
        inUse.delete(id);
      }
    },
    async bringBack(id) {
      inUse.add(id);
      try {
        return await locked(async (copies, put) => {
          const copy = copies.find((one) => one.id === id);
          if (!copy || copy.cookies.length === 0 || isTooOld(copy)) return undefined;
          if (copy.state === 'restored') return toldOf(copy);
          await reach(copy, 'restoring');
          await put();
          // Asked for by the person: also a session that has ended comes back.
          const leftAlone = await putBack(copy, false);
          if (leftAlone > 0) copy.leftAlone = leftAlone;
          copy.returnedAtMs = doors.now();
          await reach(copy, 'restored');
          await put();
          return toldOf(copy);
        });
      } finally {
        inUse.delete(id);
      }
    },
    tidy() {
      return locked(async (copies, put, raw) => {
        const strangers = strangersOf(raw).filter((one) => !isTooOld(one));
        const isAnyLost = Array.isArray(raw) ? raw.length > copies.length + strangers.length : raw !== undefined;
        if (isAnyLost) await put();
        for (const copy of copies) {
          if (inUse.has(copy.id)) continue;
          if (copy.cookies.length === 0) continue;
          if (isTooOld(copy) && copy.state === 'removed') {
            forget(copy);
            await put();
            continue;
          }
          try {
            if (await settle(copy)) await put();
          } catch {
            // Without the permission nothing can be done; it is tried again when that is back, but no credential waits for ever.
            if (!isTooOld(copy)) continue;
            forget(copy);
            await put();
          }
        }
        arm(
          copies.filter(({ cookies }) => cookies.length > 0),
          strangers,
        );
      });
    },
    deletions: async () => parseCopies(await doors.read()).map(toldOf),
  };
}
