import type { Environment } from '../model/environment';

/** A version and the day on which it was released. */
type Release = readonly [version: number, day: string];

/**
 * Some releases of each engine, oldest first, by their makers' calendars; between two of them the days are
 * spread evenly. Sources: https://chromiumdash.appspot.com/schedule, https://whattrainisitnow.com/release/
 */
const RELEASES: Readonly<Record<Environment['engine'], readonly Release[]>> = {
  chromium: [
    [100, '2022-03-29'],
    [109, '2023-01-10'],
    [120, '2023-12-05'],
    [130, '2024-10-15'],
    [140, '2025-09-02'],
    [145, '2026-02-10'],
    [153, '2026-09-08'],
  ],
  gecko: [
    [102, '2022-06-28'],
    [115, '2023-07-04'],
    [128, '2024-07-09'],
    [140, '2025-06-24'],
    [147, '2026-01-13'],
    [153, '2026-07-21'],
  ],
};
/** Days from one release to the next after the last one listed: Chromium's every two weeks since 153, Firefox's every four. */
const DAYS_APART: Readonly<Record<Environment['engine'], number>> = { chromium: 14, gecko: 28 };
/** Firefox's long-term releases count their updates in the second number, one with every ordinary release. */
const DAYS_PER_UPDATE = 28;
const DAY_MS = 86_400_000;

/**
 * About how old a browser's version is, days since its release; undefined for a version that is not known.
 * Estimated from calendars, without asking anybody: exact to some weeks, which is enough to tell a browser that is kept up to date.
 */
export function browserAgeDays(
  { engine, browserVersion, browserUpdate = 0 }: Pick<Environment, 'engine' | 'browserVersion' | 'browserUpdate'>,
  nowMs: number,
): number | undefined {
  const releases = RELEASES[engine];
  const first = releases[0];
  const last = releases.at(-1);
  if (!first || !last || browserVersion <= 0) return undefined;
  const dayMs = (at: number): number => {
    const found = releases.findIndex(([version], index) => at >= version && at < (releases[index + 1]?.[0] ?? Number.POSITIVE_INFINITY));
    const from = releases[Math.max(0, found)] ?? first;
    const to = releases[found + 1];
    if (found < 0) return Date.parse(first[1]);
    const step = to ? (Date.parse(to[1]) - Date.parse(from[1])) / (to[0] - from[0]) : DAYS_APART[engine] * DAY_MS;
    return Date.parse(from[1]) + (at - from[0]) * step;
  };
  const releasedMs = dayMs(browserVersion) + browserUpdate * DAYS_PER_UPDATE * DAY_MS;
  return Math.max(0, Math.floor((nowMs - releasedMs) / DAY_MS));
}
