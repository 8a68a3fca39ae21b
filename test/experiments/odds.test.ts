import { describe, expect, it } from 'vitest';
import messages from '../../public/_locales/en/messages.json';
import { MOST_REQUESTS } from '../../src/experiments/cookie-search';
import {
  isSteady,
  MEASURED_LOADS,
  MOST_LOADS_WHERE_MIXED,
  MOST_UNCLEAR_LOADS,
  oddsOfDifference,
  oddsOfWorking,
} from '../../src/experiments/odds';
import { SITE_DATA_KINDS } from '../../src/model/experiment';

const failing = { fails: 4, works: 0 };
const working = { fails: 0, works: 4 };

describe('what is said before the click', () => {
  it('names the loads and requests that it takes at most', () => {
    const kinds = SITE_DATA_KINDS.length;
    const loads = MEASURED_LOADS + kinds * MOST_LOADS_WHERE_MIXED + (kinds + 1) * MOST_UNCLEAR_LOADS;
    expect(messages.ui_site_data_offer.message).toContain(` ${loads} `);
    expect(messages.ui_cookies_offer.message).toContain(` ${MOST_REQUESTS} `);
  });
});

describe('the odds of tries', () => {
  it('are even without any', () => {
    expect(oddsOfWorking({ fails: 0, works: 0 }, working, failing)).toBeCloseTo(1);
    expect(oddsOfDifference({ fails: 0, works: 0 }, failing)).toBeCloseTo(1);
  });

  it('follow the rule of succession', () => {
    // Of four alike, the next is alike with 5/6.
    expect(oddsOfWorking({ fails: 0, works: 1 }, working, failing)).toBeCloseTo(5);
    expect(oddsOfWorking({ fails: 1, works: 0 }, working, failing)).toBeCloseTo(1 / 5);
  });

  it('grow slowly where the fault is there in half of the tries', () => {
    const half = { fails: 6, works: 6 };
    const steady = { fails: 0, works: 12 };
    expect(oddsOfWorking({ fails: 0, works: 1 }, steady, half)).toBeLessThan(2);
    expect(oddsOfWorking({ fails: 0, works: 9 }, steady, half)).toBeGreaterThan(50);
    expect(oddsOfWorking({ fails: 1, works: 3 }, steady, half)).toBeLessThan(1);
    expect(oddsOfDifference(half, steady)).toBeGreaterThan(15);
    expect(oddsOfDifference({ fails: 1, works: 1 }, { fails: 0, works: 2 })).toBeLessThan(2);
  });

  it('know what is steady', () => {
    expect(isSteady(failing, working)).toBe(true);
    expect(isSteady({ fails: 4, works: 1 }, working)).toBe(false);
    expect(isSteady(failing, { fails: 1, works: 3 })).toBe(false);
  });
});
