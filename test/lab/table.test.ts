import { describe, expect, it } from 'vitest';
import { whyLeftOut } from './programs';
import type { Scenario } from './scenario';
import { causeTable } from './table';

const scenario = (more: Partial<Scenario>): Scenario => ({
  name: 'some',
  about: 'Something is wrong.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'no-fault' },
  configure: () => ({ url: 'https://shop.example/' }),
  ...more,
});

describe('the table of the lab', () => {
  it('has a line for each scenario, by cause, with each browser beside it', () => {
    const table = causeTable(
      [
        { name: 'refused', browser: 'firefox', isFirstRight: true, got: 'not-a-reset', seconds: 6 },
        { name: 'overload', browser: 'chromium', isFirstRight: true, got: 'cause server-overload', seconds: 7.2 },
        { name: 'refused', browser: 'chromium', isFirstRight: false, got: 'cause transient', seconds: 5 },
      ],
      (name) => (name === 'overload' ? { verdict: 'cause', causes: ['server-overload'], owner: 'site' } : { verdict: 'not-a-reset' }),
      new Map([['forged-reset', 'needs nft, not installed here']]),
    );
    expect(table.split('\n')).toEqual([
      'cause            scenario  chromium                     firefox',
      'not-a-reset      refused   WRONG (cause transient) 5 s  right 6 s',
      'server-overload  overload  right 7.2 s                  —',
      '',
      'chromium: 1 of 2 right, 12 s',
      'firefox: 1 of 1 right, 6 s',
      'left out: forged-reset, needs nft, not installed here',
    ]);
  });
});

describe('a scenario', () => {
  it('is left out where what it needs is not there, and says what', () => {
    expect(whyLeftOut(scenario({}), false)).toBeUndefined();
    expect(whyLeftOut(scenario({ needs: 'namespace' }), true)).toBeUndefined();
    expect(whyLeftOut(scenario({ needs: 'namespace' }), false)).toMatch(/namespace/);
    expect(whyLeftOut(scenario({ programs: ['no-such-program-here'] }), true)).toMatch(/no-such-program-here/);
  });
});
