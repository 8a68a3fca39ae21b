import type { Expectation } from './scenario';

/** What the table says of one run. */
export interface TableRun {
  name: string;
  browser: string;
  /** The first cause is one of those expected; where none may be named, none is. */
  isFirstRight?: boolean;
  got: string;
  seconds: number;
}

/** What a scenario shows: its best cause, or its verdict where no cause may be named. */
export function subjectOf(expect: Expectation): string {
  return expect.causes?.[0] ?? expect.verdict;
}

/** Cause × browser × right or wrong × seconds, one line a scenario, sorted by cause; scenarios left out stand below with the reason. */
export function causeTable(
  runs: readonly TableRun[],
  expectationOf: (name: string) => Expectation,
  leftOut: ReadonlyMap<string, string> = new Map(),
): string {
  const browsers = [...new Set(runs.map(({ browser }) => browser))].sort();
  const names = [...new Set(runs.map(({ name }) => name))];
  const cell = (run: TableRun | undefined): string => {
    if (run === undefined) return '—';
    return `${run.isFirstRight === true ? 'right' : `WRONG (${run.got})`} ${run.seconds} s`;
  };
  const rows = names
    .map((name) => [
      subjectOf(expectationOf(name)),
      name,
      ...browsers.map((browser) => cell(runs.find((run) => run.name === name && run.browser === browser))),
    ])
    .sort(([a = '', one = ''], [b = '', other = '']) => a.localeCompare(b) || one.localeCompare(other));
  const all = [['cause', 'scenario', ...browsers], ...rows];
  const widths = browsers.concat('', '').map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const sums = browsers.map((browser) => {
    const ofBrowser = runs.filter((run) => run.browser === browser);
    const seconds = ofBrowser.reduce((sum, run) => sum + run.seconds, 0);
    return `${browser}: ${ofBrowser.filter((run) => run.isFirstRight === true).length} of ${ofBrowser.length} right, ${Math.round(seconds)} s`;
  });
  return [...lines, '', ...sums, ...[...leftOut].map(([name, why]) => `left out: ${name}, ${why}`)].join('\n');
}
