/** Longest text kept of anything measured, characters. */
const TEXT_LIMIT = 8_192;
/** Longest list kept of anything measured. */
const LIST_LIMIT = 200;
const DEPTH_LIMIT = 12;

/**
 * A copy that storage, ports and the report take alike: bytes, functions and `undefined` are left out,
 * numbers that JSON does not have become null, and nothing is endless.
 */
export function toJsonSafe(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.slice(0, TEXT_LIMIT);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object' || depth > DEPTH_LIMIT) return undefined;
  if (Array.isArray(value)) return value.slice(0, LIST_LIMIT).map((one) => toJsonSafe(one, depth + 1) ?? null);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      const safe = toJsonSafe(one, depth + 1);
      return safe === undefined ? [] : [[key, safe]];
    }),
  );
}
