/** What several tries of one situation said. */
export interface Tally {
  fails: number;
  works: number;
}

/** How likely these tries are in a situation of which the others are tries too; every rate of failing is taken to be equally likely at first. Logarithm. */
function logChance(tries: Tally, others: Tally): number {
  const a = 1 + others.fails;
  const b = 1 + others.works;
  // B(a + fails, b + works) / B(a, b)
  let sum = 0;
  for (let k = 0; k < tries.fails; k += 1) sum += Math.log(a + k);
  for (let k = 0; k < tries.works; k += 1) sum += Math.log(b + k);
  for (let k = 0; k < tries.fails + tries.works; k += 1) sum -= Math.log(a + b + k);
  return sum;
}

/** How many times likelier the tries are if the situation is like `works` than if it is like `fails`. */
export function oddsOfWorking(tries: Tally, works: Tally, fails: Tally): number {
  return Math.exp(logChance(tries, works) - logChance(tries, fails));
}

/** How many times likelier both are if their rates of failing differ than if they are one. */
export function oddsOfDifference(one: Tally, other: Tally): number {
  return Math.exp(logChance(one, { fails: 0, works: 0 }) - logChance(one, other));
}

/** Whether one has failed each time and the other never. */
export function isSteady(fails: Tally, works: Tally): boolean {
  return fails.works === 0 && works.fails === 0;
}

/** Loads of a page that all fail, after which it counts as one that fails each time. */
export const FEWEST_LOADS = 5;
/** The same where our own requests have met it working and failing. */
export const FEWEST_LOADS_WHERE_MIXED = 8;
/** Loads after a change at most. */
export const MOST_LOADS = 8;
/** The same of a page that comes and goes. */
export const MOST_LOADS_WHERE_MIXED = 40;
/** Loads by which it is told how often a page that comes and goes fails, and failures among them: of one that fails more seldom, luck could not be told from a mend. */
export const MEASURED_LOADS = 16;
export const FEWEST_FAILURES = 5;
/** Loads that say nothing which are borne until something is clear. */
export const MOST_UNCLEAR_LOADS = 2;
/** What is said to mend a page must be this much likelier than luck. */
const MENDING_ODDS = 500;
/** What is said to leave it failing, which blames nothing. */
const FAILING_ODDS = 20;
/** What a mended page does: it works. */
const MENDED: Tally = { fails: 0, works: 30 };

/** What loads after a change say of the page, by how it failed before; undefined: not clear yet. */
export function sinceChange(tries: Tally, before: Tally): 'works' | 'fails' | undefined {
  const odds = oddsOfWorking(tries, MENDED, before);
  if (odds >= MENDING_ODDS) return 'works';
  return odds <= 1 / FAILING_ODDS ? 'fails' : undefined;
}
