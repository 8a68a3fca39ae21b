import { mostRounds, STEADY_LOADS } from '../model/experiment';

/**
 * Finds which of several things make a page fail, by trying it with some of them on and the others off.
 * Pure: what to try next follows from what was tried so far, so a search that was broken off goes on from its tries.
 *
 * One culprit of n is found in ⌈log2 n⌉ + 2 rounds: all off, halving, one more. What a round rules out does not
 * go the same way for the rest of the search: those off while it failed are on from then on, those on while it
 * worked are off. So by the end every other one was on once while the page worked (it does not break it by itself)
 * and off once while it failed (it is no needed partner), which no two culprits can imitate. Where the last round
 * contradicts, there is not one culprit, and the smallest sets that fail are looked for one after the other
 * (QuickXplain: Junker 2004).
 *
 * One load a round is enough only for a page that fails each time, and some that look so fail nine times of ten. So
 * before anybody is named, the page is loaded a few times more without the culprits: one that fails then was no
 * steady one, and the search goes on with as many loads a round as such a page needs.
 */

/** One reload and what it said. */
export interface Try {
  /** Those that were on, by id. */
  on: readonly string[];
  result: 'works' | 'fails';
  /** No round: made with all on, to learn how steadily it fails, or without the culprits, to be sure of them. */
  isMeasure?: true;
}

/** All that the search knows. */
export interface Search {
  /** Those that may be it, by id, in a fixed order. */
  candidates: readonly string[];
  /** In the order they were made; one that was unclear is none. */
  tries: readonly Try[];
  /** Reloads with all on, before the search began. */
  before: { fails: number; works: number };
}

/** What a search comes to. */
export type Verdict =
  /** Each of these sets makes it fail by itself, and no part of it does. */
  | { kind: 'found'; culprits: readonly (readonly string[])[] }
  /** It fails with all off. */
  | { kind: 'cleared' }
  /** It does not fail any more, though nothing is off. */
  | { kind: 'works-now' }
  /** It fails too seldom to be searched for in a bearable time. */
  | { kind: 'too-rare' }
  /** The tries contradict each other. */
  | { kind: 'contradiction' };

/** Where a search stands. */
export type Next = {
  /** Rounds begun: different sets tried, measurements not counted. */
  rounds: number;
  /** Surely not it. */
  cleared: readonly string[];
} & (
  | { kind: 'try'; on: readonly string[]; part: 'measure' | 'all-off' | 'halve' | 'confirm' | 'several'; left: number; isMeasure?: true }
  | Verdict
);

/** Reloads that worked in a row, with all on, from which it does not fail any more. */
const WORKS_NOW = 12;
/** Fewest reloads with all on by which the rate of an unsteady failure is told, and failures among them. */
const MEASURED_TRIES = 30;
const MEASURED_FAILURES = 6;
/** Reloads with all on after which too few failures are too few. */
const LONGEST_MEASUREMENT = 45;
/** Reloads of one round after which its answer is not waited for. */
const LONGEST_ROUND = 120;
/** Odds from which a round is decided. */
const STEADY_ODDS = 200;
const UNSTEADY_ODDS = 10_000;
/** Share of failures with the culprit on and off, where it is steady. */
const STEADY_RATE = { on: 0.998, off: 0.002 };
/** What is taken for granted of failures that nobody here causes: one in 200 tries. */
const STRAY = { failures: 0.05, tries: 10 };

type Answer = 'works' | 'fails';
interface Tally {
  fails: number;
  works: number;
}

/** The set that must be tried next; thrown where the tries do not answer it. */
class Need {
  constructor(
    readonly mask: bigint,
    readonly part: 'measure' | 'all-off' | 'halve' | 'confirm' | 'several',
    readonly left: number,
  ) {}
}
/** The answers cannot all be true. */
class Contradiction {}
/** A round that cannot be decided. */
class Undecidable {}

const isWithin = (one: bigint, other: bigint): boolean => (one & other) === one;
const bitsOf = (count: number): number => Math.ceil(Math.log2(Math.max(1, count)));

/** ln of (α)(α+1)…: the mean of rate^fails × (1 − rate)^works where the rate is known from tries only. */
function lnMean(tally: Tally, known: Tally): number {
  let sum = 0;
  const alpha = known.fails + 0.5;
  const beta = known.works + 0.5;
  for (let index = 0; index < tally.fails; index += 1) sum += Math.log(alpha + index);
  for (let index = 0; index < tally.works; index += 1) sum += Math.log(beta + index);
  for (let index = 0; index < tally.fails + tally.works; index += 1) sum -= Math.log(alpha + beta + index);
  return sum;
}

/** Tallies of all sets tried, and of all tries with all on. */
function tallies({ tries, before }: Search, maskOf: (ids: readonly string[]) => bigint, all: bigint) {
  const known: Tally = { ...before };
  const fresh: Tally = { fails: 0, works: 0 };
  const bySet = new Map<bigint, Tally>();
  const rounds = new Set<bigint>();
  for (const { on, result, isMeasure } of tries) {
    const mask = maskOf(on);
    if (mask === all) {
      known[result] += 1;
      fresh[result] += 1;
    }
    // With all on after others were off is a round: it says that it fails again once they are back.
    if (isMeasure && mask === all) continue;
    if (!isMeasure) rounds.add(mask);
    const tally = bySet.get(mask) ?? { fails: 0, works: 0 };
    tally[result] += 1;
    bySet.set(mask, tally);
  }
  return { known, fresh, bySet, rounds: rounds.size };
}

/** Whether every set always said the same, and no set failed within one that worked. */
function isConsistent(bySet: ReadonlyMap<bigint, Tally>): boolean {
  const entries = [...bySet];
  if (entries.some(([, { fails, works }]) => fails > 0 && works > 0)) return false;
  return !entries.some(([mask, { fails }]) => fails > 0 && entries.some(([other, { works }]) => works > 0 && isWithin(mask, other)));
}

const sumOf = (members: readonly number[]): bigint => members.reduce((mask, at) => mask | (1n << BigInt(at)), 0n);

/** What must still be tried until the culprits are believed, undefined when they are: without one of each set it works. */
function proofOf(culprits: readonly (readonly number[])[], all: bigint, bySet: ReadonlyMap<bigint, Tally>): bigint | 'refuted' | undefined {
  const innocent = all & ~sumOf(culprits.flat());
  const masks = culprits.flatMap((members) => members.map((one) => innocent | sumOf(members.filter((other) => other !== one))));
  const tallyOf = (mask: bigint): Tally => bySet.get(mask) ?? { fails: 0, works: 0 };
  if (masks.some((mask) => tallyOf(mask).fails > 0)) return 'refuted';
  return masks.find((mask) => tallyOf(mask).works < STEADY_LOADS.withoutCulprits);
}

/** The search as one run over the tries; whatever they do not answer is thrown as a `Need`. */
class Run {
  readonly cleared: { mask: bigint } = { mask: 0n };
  /** Answers of this run, in the order they were asked for. */
  private readonly answers: [bigint, Answer][] = [];

  constructor(
    private readonly bySet: ReadonlyMap<bigint, Tally>,
    readonly all: bigint,
    private readonly size: number,
    private readonly rate: { isSteady: boolean; known: Tally },
  ) {}

  private decide(tally: Tally, mask: bigint): Answer | undefined {
    const { isSteady, known } = this.rate;
    if (isSteady) {
      const odds =
        tally.fails * Math.log(STEADY_RATE.on / STEADY_RATE.off) + tally.works * Math.log((1 - STEADY_RATE.on) / (1 - STEADY_RATE.off));
      if (odds >= Math.log(STEADY_ODDS)) return 'fails';
      return odds <= -Math.log(STEADY_ODDS) ? 'works' : undefined;
    }
    const none = mask === 0n ? undefined : this.bySet.get(0n);
    const mean = known.fails / (known.fails + known.works);
    const stray = (STRAY.failures + (none?.fails ?? 0)) / (STRAY.tries + (none?.fails ?? 0) + (none?.works ?? 0));
    const off = Math.min(stray, mean / 2);
    const odds = lnMean(tally, known) - tally.fails * Math.log(off) - tally.works * Math.log(1 - off);
    if (odds >= Math.log(UNSTEADY_ODDS)) return 'fails';
    return odds <= -Math.log(UNSTEADY_ODDS) ? 'works' : undefined;
  }

  /** What the page does with these on, by the tries of this very set or of others that decide it too. */
  private ask(wanted: bigint, part: Need['part'], left: number, isOnlyBySelf = false): Answer {
    const mask = wanted | this.cleared.mask;
    const tally = this.bySet.get(mask);
    const answer = (tally && this.decide(tally, mask)) ?? (isOnlyBySelf ? undefined : this.infer(mask));
    if (answer === undefined) {
      if (tally !== undefined && tally.fails + tally.works >= LONGEST_ROUND) throw new Undecidable();
      throw new Need(mask, part, left);
    }
    for (const [other, was] of this.answers) {
      if (answer === 'works' && was === 'fails' && isWithin(other, mask)) throw new Contradiction();
      if (answer === 'fails' && was === 'works' && isWithin(mask, other)) throw new Contradiction();
    }
    this.answers.push([mask, answer]);
    this.noteCleared();
    return answer;
  }

  private infer(mask: bigint): Answer | undefined {
    if (mask === this.all) return 'fails';
    for (const [other, answer] of this.answers) {
      if (answer === 'fails' && isWithin(other, mask)) return 'fails';
      if (answer === 'works' && isWithin(mask, other)) return 'works';
    }
    return undefined;
  }

  /** On once while it worked, and off once while it failed. */
  private noteCleared(): void {
    let wasOn = 0n;
    let wasOff = 0n;
    for (const [mask, answer] of this.answers) {
      if (answer === 'works') wasOn |= mask;
      else wasOff |= this.all & ~mask;
    }
    this.cleared.mask |= wasOn & wasOff;
  }

  private readonly at = (index: number): bigint => 1n << BigInt(index);

  /** The one culprit, or undefined where there is not just one. Undefined set: it fails with all off. */
  findOne(): number | undefined | 'nobody' {
    const members = Array.from({ length: this.size }, (_, index) => index);
    if (this.ask(0n, 'all-off', mostRounds(this.size)) === 'fails') return 'nobody';
    let suspects = members;
    let context = 0n;
    let last: Answer = 'works';
    while (suspects.length > 1) {
      const half = suspects.slice(0, Math.ceil(suspects.length / 2));
      const rest = suspects.slice(half.length);
      last = this.ask(context | sumOf(half), 'halve', bitsOf(suspects.length) + 1);
      if (last === 'fails') context |= sumOf(rest);
      suspects = last === 'fails' ? half : rest;
    }
    const [found] = suspects;
    if (found === undefined) return undefined;
    const wanted = last === 'works' ? context | this.at(found) : context;
    // The opposite of the last answer is expected; anything else means that not one is to blame.
    return this.ask(wanted, 'confirm', 1, true) === last ? undefined : found;
  }

  /** A smallest set among the members that makes it fail. Together they fail, and none of them works. */
  private findSmallest(members: readonly number[]): readonly number[] {
    let base: readonly number[] = [];
    let pool = members;
    for (;;) {
      if (this.ask(sumOf(base), 'several', bitsOf(pool.length) + 2) === 'fails') {
        // With none of them: one that counted as cleared has a part in it.
        if (base.length === 0) throw new Contradiction();
        return base;
      }
      if (pool.length === 0) throw new Contradiction();
      let low = 0;
      let high = pool.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        const answer = this.ask(sumOf([...base, ...pool.slice(0, middle)]), 'several', bitsOf(high - low) + 2);
        if (answer === 'fails') high = middle;
        else low = middle;
      }
      base = [...base, pool[high - 1] as number];
      pool = pool.slice(0, high - 1);
    }
  }

  /** All sets that make it fail, none of which shares a member with another. */
  findAll(): readonly (readonly number[])[] {
    const found: (readonly number[])[] = [];
    const members = () => {
      const taken = sumOf(found.flat()) | this.cleared.mask;
      return Array.from({ length: this.size }, (_, index) => index).filter((index) => (this.at(index) & taken) === 0n);
    };
    for (let rest = members(); rest.length > 0; rest = members()) {
      if (this.ask(sumOf(rest), 'several', bitsOf(rest.length) + 2) === 'works') break;
      found.push(this.findSmallest(rest));
    }
    if (found.length === 0) throw new Contradiction();
    return found;
  }
}

/** Masks of lists that were asked for before; a long search asks for the same ones again and again. */
const maskers = new WeakMap<readonly string[], (ids: readonly string[]) => bigint>();

function masksOf(candidates: readonly string[]): (ids: readonly string[]) => bigint {
  const before = maskers.get(candidates);
  if (before) return before;
  const index = new Map(candidates.map((id, at) => [id, 1n << BigInt(at)]));
  const masks = new WeakMap<readonly string[], bigint>();
  const maskOf = (ids: readonly string[]): bigint => {
    const stored = masks.get(ids);
    if (stored !== undefined) return stored;
    const mask = ids.reduce((sum, id) => sum | (index.get(id) ?? 0n), 0n);
    masks.set(ids, mask);
    return mask;
  };
  maskers.set(candidates, maskOf);
  return maskOf;
}

/** What to try next, or what it comes to. */
export function nextOf(search: Search): Next {
  const { candidates } = search;
  const maskOf = masksOf(candidates);
  const idsOf = (mask: bigint) => candidates.filter((_, at) => ((mask >> BigInt(at)) & 1n) === 1n);
  const all = maskOf(candidates);
  const { known, fresh, bySet, rounds } = tallies(search, maskOf, all);
  const stand = (cleared: bigint) => ({ rounds, cleared: idsOf(cleared) });
  if (candidates.length === 0) return { ...stand(0n), kind: 'cleared' };

  const conclude = (isSteady: boolean): Next | 'refuted' => {
    const run = new Run(bySet, all, candidates.length, { isSteady, known });
    try {
      const one = run.findOne();
      if (one === 'nobody') return { ...stand(all), kind: 'cleared' };
      const culprits = one === undefined ? run.findAll() : [[one]];
      const proof = isSteady ? proofOf(culprits, all, bySet) : undefined;
      if (proof === 'refuted') return proof;
      const mask = sumOf(culprits.flat());
      if (proof !== undefined)
        return { ...stand(run.cleared.mask), kind: 'try', on: idsOf(proof), part: 'confirm', left: 1, isMeasure: true };
      return {
        ...stand(all & ~mask),
        kind: 'found',
        culprits: culprits.map((members) => members.map((at) => candidates[at] as string)),
      };
    } catch (thrown) {
      if (thrown instanceof Need)
        return { ...stand(run.cleared.mask), kind: 'try', on: idsOf(thrown.mask), part: thrown.part, left: thrown.left };
      // One lucky load may be what contradicts.
      if (thrown instanceof Contradiction) return isSteady ? 'refuted' : { ...stand(run.cleared.mask), kind: 'contradiction' };
      if (thrown instanceof Undecidable) return { ...stand(run.cleared.mask), kind: 'too-rare' };
      throw thrown;
    }
  };
  const isSteady = fresh.fails > 0 && known.works === 0 && known.fails >= STEADY_LOADS.withAllOn && isConsistent(bySet);
  const steadily = isSteady ? conclude(true) : 'refuted';
  if (steadily !== 'refuted') return steadily;
  const isMeasured = fresh.fails > 0 && known.fails >= MEASURED_FAILURES && known.fails + known.works >= MEASURED_TRIES;
  const inTurns = isMeasured ? conclude(false) : 'refuted';
  if (inTurns !== 'refuted') return inTurns;
  if (fresh.fails === 0 && fresh.works >= WORKS_NOW) return { ...stand(0n), kind: 'works-now' };
  if (!isMeasured && fresh.fails + fresh.works >= LONGEST_MEASUREMENT) return { ...stand(0n), kind: 'too-rare' };
  return { ...stand(0n), kind: 'try', on: [...candidates], part: 'measure', left: mostRounds(candidates.length), isMeasure: true };
}

/**
 * The search without one of its candidates. `stays`: how it stands from now on, for good. Tries that
 * still say something are kept: what failed fails with more on as well, what worked works with less.
 */
export function without(search: Search, id: string, stays: 'on' | 'off'): Search {
  const tries = search.tries.flatMap(({ on, result }): Try[] => {
    const wasOn = on.includes(id);
    const isKept = stays === 'on' ? wasOn || result === 'fails' : !wasOn || result === 'works';
    return isKept ? [{ on: on.filter((one) => one !== id), result }] : [];
  });
  return {
    candidates: search.candidates.filter((one) => one !== id),
    tries,
    before: stays === 'on' ? search.before : { fails: 0, works: 0 },
  };
}
