/** A storage area as far as it is used. */
export interface StorageArea {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(keys: string | string[]): Promise<void>;
}

/** One value kept in storage, of which this worker is the only writer. Nothing here ever throws. */
export interface StoredValue<Value> {
  read(): Promise<Value>;
  /** Changes are made one after the other, each on the outcome of the one before; resolves when it is written. */
  update(change: (value: Value) => Value): Promise<Value>;
}

/** Prefix of keys that keep what could not be read, for whoever has to find out why. */
export const QUARANTINE_PREFIX = 'quarantine:';
/** Larger than this, characters of JSON, is not kept. */
const QUARANTINE_LIMIT = 100_000;

/** Puts aside a stored value of a wrong shape. */
export async function quarantine(area: StorageArea, key: string, value: unknown): Promise<void> {
  try {
    const isSmall = (JSON.stringify(value) ?? '').length <= QUARANTINE_LIMIT;
    await area.set({ [QUARANTINE_PREFIX + key]: isSmall ? value : 'too large to keep' });
    await area.remove(key);
  } catch {
    // Storage is full or broken; the empty value that takes its place is all there is to do.
  }
}

/** Keeps one value under `key`; `parse` gives undefined for a wrong shape, which is then put aside. */
export function createStoredValue<Value>(options: {
  area: StorageArea;
  key: string;
  parse(stored: unknown): Value | undefined;
  empty: Value;
}): StoredValue<Value> {
  const { area, key, parse, empty } = options;
  let cached: Value | undefined;
  let chain: Promise<unknown> = Promise.resolve();

  const load = async (): Promise<Value> => {
    if (cached !== undefined) return cached;
    const stored = await area.get(key).then(
      (found) => found[key],
      () => undefined,
    );
    if (stored === undefined) return empty;
    const value = parse(stored);
    if (value === undefined) await quarantine(area, key, stored);
    return value ?? empty;
  };
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = chain.then(work);
    chain = next.catch(() => undefined);
    return next;
  };
  return {
    read: () =>
      inTurn(async () => {
        cached = await load();
        return cached;
      }),
    update: (change) =>
      inTurn(async () => {
        const before = await load();
        const after = change(before);
        cached = after;
        // Nothing is written that did not change: most events of a normal day change nothing.
        if (after !== before) await area.set({ [key]: after }).catch(() => undefined);
        return after;
      }),
  };
}
