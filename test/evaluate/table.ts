import { CAUSES, OWNERS } from '../../src/model/vocabulary';
import { AUTOMATIC_COUNT } from './automatic';
import { allClaims, binsOf, type Claim, type Figures, type Further, firstClaims, isOwnerRight, meanOf, type Scored } from './figures';
import { CAP_MINUTES, SURE } from './walk';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const number = (value: number): string => value.toFixed(1);

/** Columns padded to their widest cell; the first to the left, the others to the right. */
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

const groupRows = (name: string, groups: readonly (readonly [string, readonly Scored[]])[]): string[] =>
  table([
    [name, 'cases', 'first', 'in three', 'owner', 'after dialogue', 'minutes', 'guide'],
    ...groups.map(([label, scored]) => [
      label,
      String(scored.length),
      percent(meanOf(scored, ({ one, ranking }) => Number(ranking[0]?.cause === one.cause))),
      percent(meanOf(scored, ({ one, ranking }) => Number(ranking.slice(0, 3).some(({ cause }) => cause === one.cause)))),
      percent(meanOf(scored, (each) => Number(isOwnerRight(each)))),
      percent(meanOf(scored, ({ one, walked }) => Number(walked.last.cause === one.cause))),
      number(meanOf(scored, ({ walked }) => walked.minutes)),
      number(meanOf(scored, ({ guide }) => guide.minutes)),
    ]),
  ]);

/** Cases by some name, the largest group first. */
const groupBy = (scored: readonly Scored[], nameOf: (each: Scored) => string): [string, Scored[]][] => {
  const groups = new Map<string, Scored[]>();
  for (const each of scored) groups.set(nameOf(each), [...(groups.get(nameOf(each)) ?? []), each]);
  return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
};

/** Who is taken for whom, the most frequent mistakes first. */
const confusions = (scored: readonly Scored[]): string[] => {
  const wrong = groupBy(
    scored.filter(({ one, ranking }) => ranking[0]?.cause !== one.cause),
    ({ one, ranking }) => `${one.cause} → ${ranking[0]?.cause}`,
  );
  if (wrong.length === 0) return ['none'];
  return table([
    ['true → taken for', 'cases', 'given', 'true got', 'which'],
    ...wrong
      .slice(0, 15)
      .map(([label, group]) => [
        label,
        String(group.length),
        percent(meanOf(group, ({ ranking }) => ranking[0]?.probability ?? 0)),
        percent(meanOf(group, ({ one, ranking }) => ranking.find(({ cause }) => cause === one.cause)?.probability ?? 0)),
        group.map(({ one }) => one.id).join(' '),
      ]),
  ]);
};

const calibrationRows = (claims: readonly Claim[]): string[] =>
  table([
    ['given', 'claims', 'mean given', 'right'],
    ...binsOf(claims).map(({ from, to, weight, given, right }) => [
      `${percent(from)} to ${percent(to)}`,
      number(weight),
      percent(given),
      percent(right),
    ]),
  ]);

const row = (name: string, all: string, clusters: string): string[] => [name, all, clusters];

/** The whole as text for people: each figure over all cases and with each cluster counted once. */
export const report = (
  scored: readonly Scored[],
  all: { figures: Figures; further: Further },
  once: { figures: Figures; further: Further },
): string => {
  const both = (name: string, pick: (of: { figures: Figures; further: Further }) => string) => row(name, pick(all), pick(once));
  const never = scored.filter(({ walked }) => walked.reachedBy === undefined);
  return [
    `${all.figures.cases} cases, ${all.further.clusters} clusters of near-duplicates`,
    '',
    ...table([
      ['', 'every case', 'every cluster once'],
      both('From what people say at first', () => ''),
      both('  cause first', ({ figures }) => percent(figures.causeTop1)),
      both('  cause among three', ({ figures }) => percent(figures.causeTop3)),
      both('  owner first', ({ figures }) => percent(figures.ownerTop1)),
      both('  mean reciprocal rank', ({ figures }) => figures.mrr.toFixed(3)),
      both('  calibration error, first cause', ({ figures }) => figures.calibrationError.toFixed(3)),
      both('  … by ten bins of as many cases each', ({ further }) => further.calibrationErrorOfEqualBins.toFixed(3)),
      both('  calibration error, all causes given 5 % or more', ({ further }) => further.calibrationErrorOfAll.toFixed(3)),
      both('After the dialogue', () => ''),
      both('  cause first', ({ figures }) => percent(figures.afterDialogueTop1)),
      both('  cause first by answers alone, no repairs', ({ further }) => percent(further.afterAnswersTop1)),
      both(`  reached: first with ${SURE} or more`, ({ further }) => percent(further.reachedSure)),
      both('  reached: mended, the page works', ({ further }) => percent(further.reachedMended)),
      both('  steps to the cause', ({ figures }) => number(figures.stepsToCause)),
      both('  minutes to the cause', ({ figures }) => number(figures.minutesToCause)),
      both('Baselines', () => ''),
      both('  by prior of place and role: first', ({ figures }) => percent(figures.priorTop1)),
      both('  by prior of place and role: among three', ({ figures }) => percent(figures.priorTop3)),
      both('  always the most common cause', ({ further }) => percent(further.constantTop1)),
      both("  guide's order: steps to the cause", ({ figures }) => number(figures.guideStepsToCause)),
      both("  guide's order: minutes to the cause", ({ figures }) => number(figures.guideMinutesToCause)),
      both('Ceilings', () => ''),
      both('  first cause, any ranking of what is said at first', ({ further }) => percent(further.ceilingOfObservations)),
      both('  first cause, any ranking of all facts', ({ further }) => percent(further.ceilingOfEverything)),
      both('  first cause, this ranking of all facts', ({ further }) => percent(further.oracleTop1)),
      both('  among three, this ranking of all facts', ({ further }) => percent(further.oracleTop3)),
    ]),
    '',
    ...groupRows(
      'By owner',
      OWNERS.flatMap((owner) => {
        const group = scored.filter(({ one }) => CAUSES[one.cause].owner === owner);
        return group.length > 0 ? [[owner, group] as const] : [];
      }),
    ),
    '',
    ...groupRows(
      'By cause',
      groupBy(scored, ({ one }) => one.cause),
    ),
    '',
    'Worst confusions, from what people say at first',
    ...confusions(scored),
    '',
    'Calibration of the first cause, from what people say at first',
    ...calibrationRows(firstClaims(scored)),
    '',
    'Calibration of every cause that was given 5 % or more: of all given 80 %, how many were right',
    ...calibrationRows(allClaims(scored)),
    '',
    never.length === 0 ? 'Every cause was reached.' : `Never reached: ${never.map(({ one }) => `${one.id} (${one.cause})`).join(', ')}`,
    '',
    'How to read it',
    `  The dialogue begins with the ${AUTOMATIC_COUNT} probes that run by themselves (one step, 0.1 minutes each) and then takes the product's first next step, again and again.`,
    '  Minutes are those of steps.json. A fact comes out only when its question is asked or its test is run; without an answer in the case it is "don\'t know", and its minutes count.',
    `  Reached: the true cause stands first with ${SURE} or more, or a step that repairs it was done and the page works. Handing the report to a provider, an organisation or a site repairs nothing here.`,
    `  Cases never reached count with the whole dialogue; it ends when the product has nothing to offer that could still help, or after ${CAP_MINUTES} minutes.`,
    '  "After the dialogue" is judged where the product would stop without knowing the truth: when the page works, or when it is sure of a cause and has no repair of it to offer, or at the end.',
    '  The guide reaches a cause at the first row that lists it, also where the row only hands it to somebody else.',
    '',
  ].join('\n');
};
