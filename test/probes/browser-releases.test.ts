import { describe, expect, it } from 'vitest';
import { browserAgeDays } from '../../src/probes/browser-releases';

const at = (day: string) => Date.parse(day);

describe('browserAgeDays', () => {
  it.each([
    ['chromium', 140, undefined, '2025-09-02', 0],
    ['chromium', 140, undefined, '2025-12-01', 90],
    // Between two releases of the list the days are spread evenly: 135 was released on 2025-04-01.
    ['chromium', 135, undefined, '2025-04-01', 7],
    // Beyond the list: every two weeks.
    ['chromium', 156, undefined, '2026-11-21', 32],
    ['gecko', 153, undefined, '2026-11-21', 123],
    // A long-term release is as old as its newest update.
    ['gecko', 153, 4, '2026-11-21', 11],
    ['gecko', 128, undefined, '2024-07-09', 0],
    // Older than the list: at least this old.
    ['chromium', 49, undefined, '2022-03-30', 1],
    // Newer than anybody knows.
    ['chromium', 400, undefined, '2026-11-21', 0],
  ] as const)('%s %i.%s on %s', (engine, browserVersion, browserUpdate, day, days) => {
    const age = browserAgeDays({ engine, browserVersion, ...(browserUpdate === undefined ? {} : { browserUpdate }) }, at(day));
    expect(Math.abs((age ?? -1) - days)).toBeLessThanOrEqual(day === '2025-04-01' ? 10 : 0);
  });

  it('does not guess at a version that is not known', () => {
    expect(browserAgeDays({ engine: 'chromium', browserVersion: 0 }, at('2026-11-21'))).toBeUndefined();
  });
});
