import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type LabMode, startLab } from './lab';
import { isInNamespace, isNamespacePossible, runInNamespace } from './namespace';
import { whyLeftOut } from './programs';
import { loadScenarios } from './scenarios/index';
import { causeTable } from './table';

/** A forgotten lab ends by itself after this long, s. */
const MAX_LIFETIME_S = 3_600;

const USAGE = `Usage: npm run lab -- --scenario NAME [--seed NUMBER] [--loopback] [--seconds N] [-- COMMAND…]
       npm run lab -- --list
       npm run lab -- --table [--browser chromium|firefox] [--allow all|none] [--seed NUMBER] [PART OF A NAME…]

Brings the lab up for one scenario, prints the page's address and how a browser is to be started,
and serves until it is killed (at most ${MAX_LIFETIME_S} s). With a command it runs that inside the lab,
with LAB_URL set, and ends with it. Try: -- curl -sS -v "$LAB_URL"
--table has scenarios diagnosed in real browsers and tells which were judged rightly.
`;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Has scenarios diagnosed by the built extension in real browsers; 0 where all were judged rightly. */
async function table(
  names: readonly string[],
  { browser, seed, allow = 'all' }: { browser?: string; seed?: string; allow?: string },
): Promise<number> {
  if (browser !== undefined && browser !== 'chromium' && browser !== 'firefox') {
    process.stderr.write(`--browser is chromium or firefox, not ${browser}.\n`);
    return 2;
  }
  if (allow !== 'all' && allow !== 'none') {
    process.stderr.write(`--allow is all or none, not ${allow}.\n`);
    return 2;
  }
  const { ensureBuilt } = await import('../start/build');
  const { runScenarios } = await import('../e2e/scenarios');
  await ensureBuilt();
  const scenarios = await loadScenarios();
  const runs = await runScenarios({
    names,
    browsers: browser === undefined ? ['chromium', 'firefox'] : [browser],
    allows: [allow],
    seed: seed === undefined ? undefined : Number(seed),
  });
  const hasNamespace = isNamespacePossible();
  const leftOut = new Map<string, string>();
  for (const [name, scenario] of scenarios) {
    const why = whyLeftOut(scenario, hasNamespace);
    if (why !== undefined && (names.length === 0 || names.some((part) => name.includes(part)))) leftOut.set(name, why);
  }
  const expectationOf = (name: string) => scenarios.get(name)?.expect ?? { verdict: 'cannot-tell' as const };
  say(`\n${causeTable(runs, expectationOf, leftOut)}`);
  return runs.length > 0 && runs.every(({ isFirstRight }) => isFirstRight === true) ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scenario: { type: 'string' },
      seed: { type: 'string' },
      loopback: { type: 'boolean', default: false },
      seconds: { type: 'string', default: String(MAX_LIFETIME_S) },
      list: { type: 'boolean', default: false },
      table: { type: 'boolean', default: false },
      browser: { type: 'string' },
      allow: { type: 'string' },
    },
  });
  if (values.table) return table(positionals, values);
  const scenarios = await loadScenarios();
  if (values.list) {
    for (const { name, about } of scenarios.values()) say(`${name.padEnd(30)} ${about}`);
    return 0;
  }
  const scenario = scenarios.get(values.scenario ?? '');
  if (!scenario) {
    process.stderr.write(
      `${values.scenario === undefined ? 'Which scenario?' : `No scenario ${values.scenario}.`} --list names them all.\n\n${USAGE}`,
    );
    return 2;
  }
  const why = whyLeftOut(scenario, !values.loopback && isNamespacePossible());
  if (why !== undefined) {
    process.stderr.write(`${scenario.name} ${why}.\n`);
    return 1;
  }
  if (!values.loopback && !isInNamespace() && isNamespacePossible()) {
    return runInNamespace(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
  }
  const mode: LabMode = isInNamespace() ? 'namespace' : 'loopback';
  const lab = await startLab({ mode, scenario, ...(values.seed === undefined ? {} : { seed: Number(values.seed) }) });
  say(JSON.stringify({ scenario: scenario.name, seed: lab.seed, mode, url: lab.url, browser: lab.browser }, null, 2));
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), Math.min(Number(values.seconds), MAX_LIFETIME_S) * 1_000);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort());
  let code = 0;
  const [command, ...commandArguments] = positionals;
  if (command !== undefined) {
    await lab.trigger();
    const { spawn } = await import('node:child_process');
    const child = spawn(command, commandArguments, { stdio: 'inherit', env: { ...process.env, LAB_URL: lab.url } });
    code = await new Promise<number>((resolve) => child.once('exit', (status) => resolve(status ?? 1)).once('error', () => resolve(127)));
  } else {
    await new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  clearTimeout(timer);
  for (const line of lab.log()) process.stderr.write(`${line}\n`);
  await lab.close();
  return code;
}

process.exitCode = await main();
