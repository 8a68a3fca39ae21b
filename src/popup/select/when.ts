/** A moment in the person's language: near ones as "3 minutes ago", others by date and time. */
export function formatWhen(atMs: number, nowMs: number, locale: string): string {
  const elapsedS = Math.round((nowMs - atMs) / 1000);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (elapsedS < 45) return relative.format(0, 'second');
  if (elapsedS < 3600) return relative.format(-Math.max(1, Math.round(elapsedS / 60)), 'minute');
  return formatTime(atMs, nowMs, locale);
}

/** A moment, gone or to come, by its time of day, and its date where that is not today's. */
export function formatTime(atMs: number, nowMs: number, locale: string): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return new Intl.DateTimeFormat(locale, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(atMs);
}

/** Exact date and time, for `<time title>`. */
export function formatExactly(atMs: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(atMs);
}
