import { COPY_KEPT_MS } from '../experiments/cookie-copies';

/** Copies of deleted cookies, in `storage.local`, and the alarm that looks after them. The laboratory alone writes them. */
export const COPIES_KEY = 'cookie-copies';
export const COPIES_ALARM = 'cookie-copies';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whether something must be done about the copies now, or may have to: the worker loads what does it only then. */
export function needTending(stored: unknown, nowMs: number): boolean {
  if (!Array.isArray(stored)) return false;
  return stored.some((copy) => {
    // What another version wrote may hold a credential too, and its time must be watched.
    if (!isRecord(copy) || !Array.isArray(copy.cookies)) return true;
    if (copy.cookies.length === 0) return false;
    const age = nowMs - Number(copy.atMs);
    return copy.state !== 'removed' || copy.isSure !== true || !(age < COPY_KEPT_MS && age > -COPY_KEPT_MS);
  });
}
