import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isNamespacePossible, spawnInNamespace } from '../lab/namespace';
import { ensureBuilt, ROOT } from '../start/build';
import { markAll } from './scenario-mark';
import { runScenarios } from './scenarios';

interface Stage {
  name: string;
  passed: number;
  failed: number;
  seconds: number;
}

const RESULTS = join(ROOT, 'dist', 'e2e');
const BIN = join(ROOT, 'node_modules', '.bin');

function run(program: string, args: readonly string[], hasOwnNetwork = false): Promise<number> {
  const options = { cwd: ROOT, stdio: 'inherit' } as const;
  const child = hasOwnNetwork ? spawnInNamespace(program, [...args], options) : spawn(program, [...args], options);
  return new Promise((done) => {
    child.once('error', () => done(1));
    child.once('exit', (code) => done(code ?? 1));
  });
}

/** A command that passes or fails as a whole. */
async function command(program: string, args: readonly string[]): Promise<[number, number]> {
  return (await run(program, args)) === 0 ? [1, 0] : [0, 1];
}

/** Vitest, counted by its own report; a file that did not load counts as failed. */
async function vitest(config: string, name: string, hasOwnNetwork: boolean): Promise<[number, number]> {
  const file = join(RESULTS, `${name}.vitest.json`);
  rmSync(file, { force: true });
  const code = await run(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--config',
      config,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    hasOwnNetwork,
  );
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number;
      numPendingTests: number;
      numTotalTests: number;
    };
    // Whatever is not passed is failed, but for what this system cannot show and says so (a policy of the machine's without root).
    const failed = report.numTotalTests - report.numPassedTests - report.numPendingTests;
    return [report.numPassedTests, failed === 0 && code !== 0 ? 1 : failed];
  } catch {
    return [0, 1];
  }
}

const hasNamespace = isNamespacePossible();
mkdirSync(RESULTS, { recursive: true });

const STAGES: readonly [string, () => Promise<[number, number]>][] = [
  ['types', () => command(join(BIN, 'tsc'), ['--noEmit'])],
  ['lint', () => command(join(BIN, 'biome'), ['check', '--error-on-warnings', '.'])],
  ['unit', () => vitest(join(ROOT, 'vitest.config.ts'), 'unit', false)],
  [
    'build',
    async () => {
      await ensureBuilt();
      return command(process.execPath, [...process.execArgv, join(ROOT, 'test/start/build.ts'), '--check']);
    },
  ],
  ['store lint', () => command(process.execPath, [...process.execArgv, join(ROOT, 'test/e2e/store-lint.ts')])],
  [
    'scenarios',
    async () => {
      const runs = await runScenarios({ names: [], browsers: ['chromium', 'firefox'], allows: ['all'], seed: undefined });
      const { passed, failed, forgiven } = markAll(runs);
      if (forgiven > 0) process.stdout.write(`${forgiven} named another first cause, within what random draws are allowed\n`);
      return [passed, failed];
    },
  ],
  ['product', () => vitest(join(ROOT, 'test/e2e/vitest.config.ts'), 'product', hasNamespace)],
];

const chosen = process.argv.slice(2);
const stages: Stage[] = [];
for (const [name, work] of STAGES) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  const startedAt = performance.now();
  let counts: [number, number];
  try {
    counts = await work();
  } catch (error) {
    process.stdout.write(`${(error as Error).stack ?? String(error)}\n`);
    counts = [0, 1];
  }
  stages.push({ name, passed: counts[0], failed: counts[1], seconds: Math.round((performance.now() - startedAt) / 1000) });
}
process.stdout.write('\n');
for (const stage of stages) {
  process.stdout.write(
    `${stage.name.padEnd(12)} ${String(stage.passed).padStart(5)} passed ${String(stage.failed).padStart(4)} failed ${String(stage.seconds).padStart(5)} s\n`,
  );
}
const passed = stages.reduce((sum, stage) => sum + stage.passed, 0);
const failed = stages.reduce((sum, stage) => sum + stage.failed, 0);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
