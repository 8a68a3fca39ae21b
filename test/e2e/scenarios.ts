import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { isNamespacePossible, spawnInNamespace } from '../lab/namespace';
import { whyLeftOut } from '../lab/programs';
import { loadScenarios } from '../lab/scenarios/index';
import type { ScenarioResult } from './scenario';
import { type Marked, markAll } from './scenario-mark';

const SCENARIO_FILE = `${import.meta.dirname}/scenario.ts`;
/** Two browsers at once are what two cores bear without a deadline of the product running late. */
const AT_ONCE = 2;
const LIMIT_MS = 150_000;

export interface ScenarioRun extends ScenarioResult, Marked {
  name: string;
  browser: 'chromium' | 'firefox';
  allow: 'all' | 'none';
}

export interface ScenarioChoice {
  /** Parts of names; empty: all. */
  names: readonly string[];
  browsers: readonly ('chromium' | 'firefox')[];
  allows: readonly ('all' | 'none')[];
  seed: number | undefined;
}

function runOne(
  name: string,
  browser: 'chromium' | 'firefox',
  allow: 'all' | 'none',
  seed: number,
  hasNamespace: boolean,
  hasCause: boolean,
): Promise<ScenarioRun> {
  const args = [...process.execArgv, SCENARIO_FILE, name, browser, String(seed), allow];
  const child: ChildProcess = hasNamespace
    ? spawnInNamespace(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr?.on('data', (data: Buffer) => {
    complaints = `${complaints}${data.toString()}`.slice(-1500);
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), LIMIT_MS);
  return new Promise((done) => {
    child.once('close', () => {
      clearTimeout(timer);
      const last = output.trim().split('\n').at(-1) ?? '';
      try {
        done({ name, browser, allow, hasCause, ...(JSON.parse(last) as ScenarioResult) });
      } catch {
        done({
          name,
          browser,
          allow,
          hasCause,
          isRight: false,
          expected: '',
          got: 'no result',
          error: '',
          seconds: 0,
          details: [complaints.trim()],
        });
      }
    });
  });
}

function table(runs: readonly ScenarioRun[]): string {
  const rows = runs.map((run) => [
    run.isRight ? 'right' : run.isFirstRight ? 'first' : 'WRONG',
    run.name,
    run.browser,
    run.allow,
    run.expected,
    run.got,
    run.error,
    `${run.seconds} s`,
  ]);
  const header = ['', 'scenario', 'browser', 'allow', 'expected', 'got', 'error', 'time'];
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.min(60, Math.max(...all.map((row) => row[column]?.length ?? 0))));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.slice(0, 60).padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Every chosen scenario in every chosen browser, each in a network of its own, judged by the exported report. */
export async function runScenarios(choice: ScenarioChoice): Promise<readonly ScenarioRun[]> {
  const hasNamespace = isNamespacePossible();
  const baseSeed = choice.seed ?? randomInt(2 ** 30);
  process.stdout.write(`scenarios: seed ${baseSeed}${hasNamespace ? '' : ', without a namespace: names are mapped to loopback'}\n`);
  const jobs: (() => Promise<ScenarioRun>)[] = [];
  for (const [name, scenario] of await loadScenarios()) {
    if (choice.names.length > 0 && !choice.names.some((part) => name.includes(part))) continue;
    const why = whyLeftOut(scenario, hasNamespace);
    if (why !== undefined) {
      process.stdout.write(`${name} is left out: ${why}\n`);
      continue;
    }
    for (const browser of choice.browsers) {
      if (scenario.browsers !== undefined && !scenario.browsers.includes(browser)) continue;
      for (const allow of choice.allows) {
        const seed = baseSeed + jobs.length;
        const hasCause = scenario.expect.causes !== undefined;
        const once = () => runOne(name, browser, allow, seed, hasNamespace, hasCause);
        jobs.push(async () => {
          const first = await once();
          if (first.isFirstRight === true) return first;
          // The same draw again: what a busy machine delayed comes right, what is judged wrongly stays wrong.
          process.stdout.write(`again  ${name}  ${browser}  ${allow}: expected ${first.expected}, got ${first.got}\n`);
          for (const line of first.details) process.stdout.write(`    ${line}\n`);
          return once();
        });
      }
    }
  }
  const runs: ScenarioRun[] = [];
  const queue = jobs.map((job, index) => ({ job, index }));
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const run = await next.job();
        runs[next.index] = run;
        const verdict = run.isRight ? 'right' : run.isFirstRight ? 'first' : 'WRONG';
        process.stdout.write(
          `${verdict}  ${run.name}  ${run.browser}  ${run.allow}: expected ${run.expected}, got ${run.got} (${run.seconds} s)\n`,
        );
        for (const line of run.details) process.stdout.write(`    ${line}\n`);
      }
    }),
  );
  process.stdout.write(`\n${table(runs)}\n`);
  const firstRight = runs.filter((run) => run.isFirstRight).length;
  process.stdout.write(
    `first cause right in ${firstRight} of ${runs.length}, verdict too in ${runs.filter((run) => run.isRight).length}\n`,
  );
  return runs;
}

if (process.argv[1] === import.meta.filename) {
  // npx tsx test/e2e/scenarios.ts [--browser B] [--allow all|none] [--seed N] [part of a name]…
  const { values, positionals } = (await import('node:util')).parseArgs({
    allowPositionals: true,
    options: { browser: { type: 'string' }, allow: { type: 'string' }, seed: { type: 'string' } },
  });
  const { ensureBuilt } = await import('../start/build');
  await ensureBuilt();
  const runs = await runScenarios({
    names: positionals,
    browsers: values.browser === undefined ? ['chromium', 'firefox'] : [values.browser === 'firefox' ? 'firefox' : 'chromium'],
    allows: values.allow === 'none' ? ['none'] : ['all'],
    seed: values.seed === undefined ? undefined : Number(values.seed),
  });
  const { passed, failed } = markAll(runs);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exit(failed === 0 ? 0 : 1);
}
