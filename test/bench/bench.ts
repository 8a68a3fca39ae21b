import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanUpOnExit } from '../browsers/processes';
import { type BrowserName, openIncident, openWorld, STATE, settled } from '../e2e/world';
import { isInNamespace, isNamespacePossible, spawnInNamespace } from '../lab/namespace';
import { ensureBuilt, measureSizes, ROOT } from '../start/build';
import { median, say } from './figures';
import { measureFirstWords } from './first-words';
import { measurePageLoads } from './page-loads';

const CHECK_ROUNDS = 5;
const BLACK_HOLE_ROUNDS = 2;
/** Documentation address (RFC 5737) that nothing in the lab answers at. */
const SILENT_URL = 'http://198.51.100.77/';

/** The whole battery of automatic checks, from the click until nothing runs any more, ms. */
async function measureChecks(name: BrowserName): Promise<{ loopbackMs: number; blackHoledMaxMs: number; slowestInTheDark: string[] }> {
  const world = await openWorld(name, 'filter-server-name');
  try {
    const checks: number[] = [];
    for (let round = 0; round < CHECK_ROUNDS; round += 1) {
      const url = new URL(world.lab.url);
      url.pathname = `/bench-${round}`;
      const tab = await world.browser.openTab();
      await tab.goto(url.href, 20_000);
      const startedAt = performance.now();
      const popup = await openIncident(world, tab);
      await settled(popup);
      checks.push(performance.now() - startedAt);
      await popup.close();
      await tab.page.close();
    }
    const silent: number[] = [];
    let slowestInTheDark: string[] = [];
    for (let round = 0; round < BLACK_HOLE_ROUNDS; round += 1) {
      const startedAt = performance.now();
      const page = await world.browser.openExtensionPage(`src/popup/index.html?url=${encodeURIComponent(`${SILENT_URL}${round}`)}`);
      await page.page.waitFor(`${STATE} === 'done'`, 60_000, 'the checks in the dark');
      silent.push(performance.now() - startedAt);
      slowestInTheDark = await page.page.evaluate<string[]>(
        `(globalThis.browser ?? chrome).storage.local.get(null).then((all) => {
          const [newest] = Object.entries(all).filter(([key]) => key.startsWith('session:')).map(([, value]) => value).sort((a, b) => b.startedAtMs - a.startedAtMs);
          return Object.entries(newest.runs).flatMap(([id, run]) => run.durationMs > 1000 ? [[id, run]] : []).sort(([, a], [, b]) => b.durationMs - a.durationMs)
            .map(([id, run]) => id + ' ' + run.status + ' ' + run.durationMs + ' ms' + (run.atMs ? ', over at ' + (run.atMs - newest.startedAtMs) + ' ms' : ''));
        })`,
      );
      await page.page.close();
    }
    return { loopbackMs: median(checks), blackHoledMaxMs: Math.round(Math.max(...silent)), slowestInTheDark };
  } finally {
    await world.close();
  }
}

const PARTS = ['words', 'checks', 'loads'] as const;

/** The design's speed figures; everything but the JSON goes to standard error. Arguments choose browsers and parts; none: all. */
async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  if (!isInNamespace() && isNamespacePossible()) {
    await ensureBuilt();
    const child = spawnInNamespace(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...wanted], {
      stdio: 'inherit',
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
  }
  cleanUpOnExit();
  await ensureBuilt();
  const chosen = <Name extends string>(all: readonly Name[]) => {
    const some = all.filter((one) => wanted.includes(one));
    return some.length === 0 ? all : some;
  };
  const parts = chosen(PARTS);
  const result: Record<string, unknown> = {};
  for (const name of chosen(['chromium', 'firefox'] as const)) {
    const sizes = measureSizes(join(ROOT, 'dist', name));
    const figures: Record<string, unknown> = { popupGzipBytes: sizes.popup, workerGzipBytes: sizes.worker };
    if (parts.includes('words')) {
      say(`${name}: first words…`);
      figures.firstWords = await measureFirstWords(name);
    }
    if (parts.includes('checks')) {
      say(`${name}: checks…`);
      figures.checks = await measureChecks(name);
    }
    if (parts.includes('loads')) {
      say(`${name}: page loads…`);
      figures.pageLoads = await measurePageLoads(name);
    }
    result[name] = figures;
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return 0;
}

process.exit(await main());
