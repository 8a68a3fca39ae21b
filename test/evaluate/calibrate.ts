import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FactValues, MODEL } from '../../src/diagnosis/rank';
import { type Case, parseCases } from './cases';
import { blended, countedOnly, drawn, toldUnasked } from './counted';
import {
  claimsOf,
  errorOfPerfect,
  FACTORS,
  heldOut,
  heldOutFactor,
  type Quality,
  qualityOf,
  randomFrom,
  type Said,
  saidOf,
} from './cross-validation';
import { binsOf, ceilingOf } from './figures';

/**
 * `npx tsx test/evaluate/calibrate.ts`: how the one fitted number was fitted, what it is worth on clusters that it has not seen,
 * what else was tried, and what is left when facts are missing. The figures of docs/reasoning.md come from here.
 */

const read = (name: string): Case[] => {
  const path = fileURLToPath(new URL(name, import.meta.url));
  return parseCases(readFileSync(path, 'utf8'), name);
};

const COLUMNS = [
  'first',
  'amongThree',
  'owner',
  'given',
  'logLoss',
  'width10',
  'width15',
  'width5',
  'mass10',
] as const satisfies (keyof Quality)[];
const NAMES = ['first', 'in three', 'owner', 'given', 'log loss', 'ECE 10', 'ECE 15', 'ECE 5', 'ECE mass'];

const print = (line = '') => process.stdout.write(`${line}\n`);
const cells = (values: readonly string[]) => values.map((value) => value.padStart(8)).join(' ');
const head = (title: string) => {
  print();
  print(title);
  print(`${''.padEnd(46)} ${cells(NAMES)}`);
};
const show = (name: string, quality: Quality) => print(`${name.padEnd(46)} ${cells(COLUMNS.map((column) => quality[column].toFixed(3)))}`);
const averaged = (all: readonly Quality[]): Quality =>
  Object.fromEntries(
    COLUMNS.map((column) => [column, all.reduce((sum, each) => sum + each[column], 0) / all.length]),
  ) as unknown as Quality;

const withFacts = (one: Case, keep: (id: string) => boolean): Case => ({
  ...one,
  observations: Object.fromEntries(Object.entries(one.observations).filter(([id]) => keep(id))) as FactValues,
});

const reliability = (said: readonly Said[]) => {
  const claims = said.flatMap(({ one, chances }) =>
    [...chances]
      .filter(([, chance]) => chance >= 0.05)
      .map(([cause, probability]) => ({ probability, isTrue: cause === one.cause, weight: 1 })),
  );
  for (const { from, to, weight, given, right } of binsOf(claims)) {
    print(
      `  ${(100 * from).toFixed(0).padStart(3)} to ${(100 * to).toFixed(0).padStart(3)} %: ${String(weight).padStart(4)} causes, given ${(100 * given).toFixed(0)} %, right ${(100 * right).toFixed(0)} %`,
    );
  }
};

const known = read('../diagnosis/cases.jsonl');
const fresh = read('fresh-cases.jsonl');
const isLate = new Set(
  readFileSync(fileURLToPath(new URL('fresh-cases.jsonl', import.meta.url)), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; set: string })
    .filter(({ set }) => set === 'late')
    .map(({ id }) => id),
);
const late = fresh.filter(({ id }) => isLate.has(id));

head(`The evidence factor on the ${known.length} known cases (in use: ${MODEL.factor})`);
for (const factor of FACTORS) show(`factor ${factor}`, qualityOf(saidOf(known, { ...MODEL, factor })));

const { said, chosen } = heldOutFactor(known, MODEL);
head('Fitted by log loss without the cluster that is judged');
show('held out', qualityOf(said));
print(`  chosen: ${[...chosen].map(([factor, count]) => `${factor} in ${count}`).join(', ')} clusters`);
print(`  ECE 10 to be expected of these cases if every probability were exact: ${errorOfPerfect(claimsOf(said)).toFixed(3)}`);
print('  Of all causes given so much, so many were right (held out, 5 % and more):');
reliability(said);

head(`${fresh.length} fresh cases, no part of any fit`);
show('all', qualityOf(saidOf(fresh, MODEL)));
show(`the ${late.length} written down before the model saw them`, qualityOf(saidOf(late, MODEL)));
print(`  ECE 10 to be expected if every probability were exact: ${errorOfPerfect(claimsOf(saidOf(fresh, MODEL))).toFixed(3)}`);
show('known and fresh together', qualityOf(saidOf([...known, ...fresh], MODEL)));
print('  Of all causes given so much, so many were right (known and fresh, 5 % and more):');
reliability(saidOf([...known, ...fresh], MODEL));

const blind = read('blind-cases.jsonl');
head(`${blind.length} cases whose facts were written down without knowing the cause`);
show('all', qualityOf(saidOf(blind, MODEL)));
show('the 46 whose mistakes were looked at', qualityOf(saidOf(blind.slice(0, 46), MODEL)));
show('the 46 that nobody looked at', qualityOf(saidOf(blind.slice(46), MODEL)));
const every = [...known, ...fresh, ...blind];
for (const factor of [0.8, 1, 1.2, 1.4, 1.6, 1.8])
  show(`all ${every.length} cases, factor ${factor}`, qualityOf(saidOf(every, { ...MODEL, factor })));
print('  Of all causes given so much, so many were right (all cases, 5 % and more):');
reliability(saidOf(every, MODEL));

const collected = read('collected-cases.jsonl');
head(`${collected.length} cases collected after the tables were written`);
show('all', qualityOf(saidOf(collected, MODEL)));
show('homes and offices', qualityOf(saidOf(collected.slice(0, 47), MODEL)));
show('developers and operators', qualityOf(saidOf(collected.slice(47), MODEL)));
print(`  ECE 10 to be expected if every probability were exact: ${errorOfPerfect(claimsOf(saidOf(collected, MODEL))).toFixed(3)}`);
show('every case there is', qualityOf(saidOf([...every, ...collected], MODEL)));

head('Other models, each judged on clusters that it has not seen; the tables here were written by people who had read the cases');
show('the tables as they are', qualityOf(saidOf(known, MODEL)));
show('counts alone (naive Bayes, Laplace)', qualityOf(heldOut(known, (others) => countedOnly(others))));
for (const tables of [30, 15, 8])
  show(`counts added to tables worth ${tables} cases`, qualityOf(heldOut(known, (others) => blended(MODEL, others, { tables }))));
for (const priors of [10, 4])
  show(`counts added to priors worth ${priors} cases`, qualityOf(heldOut(known, (others) => blended(MODEL, others, { priors }))));
head('The same, made from all known cases and judged on the fresh ones');
show('the tables as they are', qualityOf(saidOf(fresh, MODEL)));
show('counts alone (naive Bayes, Laplace)', qualityOf(saidOf(fresh, countedOnly(known))));
for (const tables of [30, 15, 8])
  show(`counts added to tables worth ${tables} cases`, qualityOf(saidOf(fresh, blended(MODEL, known, { tables }))));
for (const priors of [10, 4])
  show(`counts added to priors worth ${priors} cases`, qualityOf(saidOf(fresh, blended(MODEL, known, { priors }))));

const read191 = [...known, ...fresh, ...blind.slice(0, 46)];
head(`The same over all ${read191.length} cases that were looked at, each cluster judged without itself`);
show('the tables as they are', qualityOf(saidOf(read191, MODEL)));
for (const tables of [60, 30])
  show(`counts added to tables worth ${tables} cases`, qualityOf(heldOut(read191, (others) => blended(MODEL, others, { tables }))));
show('counts added to priors worth 10 cases', qualityOf(heldOut(read191, (others) => blended(MODEL, others, { priors: 10 }))));
show('rows drawn to their owner by 0.1', qualityOf(saidOf(read191, drawn(MODEL, { owners: 0.1 }))));
show('rows drawn to all by 0.2, factor 1.8', qualityOf(saidOf(read191, drawn({ ...MODEL, factor: 1.8 }, { all: 0.2 }))));
const unsure = saidOf(read191, MODEL).map(({ one, chances }) => {
  const prior = MODEL.priorOf(one.observations);
  return { one, chances: new Map([...chances].map(([cause, chance]) => [cause, 0.98 * chance + 0.02 * (prior.get(cause) ?? 0)])) };
});
show('mixed with 2 % of the prior', qualityOf(unsure));
const withTemperature = read191.flatMap((one) => saidOf([one], { ...MODEL, factor: 2 / (1 + Object.keys(one.observations).length / 15) }));
show('a factor that falls with the number of facts', qualityOf(withTemperature));
show('which facts are told at all, worth 15', qualityOf(heldOut(read191, (others) => toldUnasked(MODEL, others, 15))));
show('… on the 46 that nobody looked at', qualityOf(saidOf(blind.slice(46), toldUnasked(MODEL, read191, 15))));

head('With facts missing (known and fresh)');
const both = [...known, ...fresh];
const random = randomFrom(7);
show('as told', qualityOf(saidOf(both, MODEL)));
show(
  'every fact left out once',
  qualityOf(
    both
      .flatMap((one) => Object.keys(one.observations).map((gone) => withFacts(one, (id) => id !== gone)))
      .flatMap((one) => saidOf([one], MODEL)),
  ),
);
show(
  'half of the facts left out, mean of 20',
  averaged(
    Array.from({ length: 20 }, () =>
      qualityOf(
        saidOf(
          both.map((one) => withFacts(one, () => random() < 0.5)),
          MODEL,
        ),
      ),
    ),
  ),
);

const scoredFor = (cases: readonly Case[]) => cases.map((one) => ({ one, weight: 1 }));
print();
print('Ceilings: cases with identical facts and different causes');
print(
  `  known: ${(100 * ceilingOf(scoredFor(known), ({ observations }) => observations)).toFixed(1)} %; with everything that asking would bring ${(100 * ceilingOf(scoredFor(known), (one) => ({ ...one.observations, ...one.confirming }))).toFixed(1)} %; fresh: ${(100 * ceilingOf(scoredFor(fresh), ({ observations }) => observations)).toFixed(1)} %`,
);
