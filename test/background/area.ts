import type { StorageArea } from '../../src/background/stored-value';

/** A storage area in memory that, like the real one, hands out copies. */
export interface FakeArea extends StorageArea {
  items: Record<string, unknown>;
  writes: number;
  /** Writing fails from now on, as with a full disk. */
  isBroken: boolean;
}

export function createArea(items: Record<string, unknown> = {}): FakeArea {
  const area: FakeArea = {
    items,
    writes: 0,
    isBroken: false,
    async get(key) {
      return key in area.items ? { [key]: structuredClone(area.items[key]) } : {};
    },
    async set(next) {
      if (area.isBroken) throw new Error('QUOTA_BYTES quota exceeded');
      area.writes += 1;
      Object.assign(area.items, structuredClone(next));
    },
    async remove(keys) {
      for (const key of [keys].flat()) delete area.items[key];
    },
  };
  return area;
}
