import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserUnderTest, LaunchError, type LaunchOptions } from '../browsers/driver';
import { launchBrowser } from '../browsers/launch';
import { cleanUpOnExit, temporaryDirectory } from '../browsers/processes';
import { isInNamespace, isNamespacePossible, spawnInNamespace } from '../lab/namespace';
import { ensureBuilt, packedExtension } from './build';
import { describe, diagnose, type Job } from './diagnose';
import { parseOptions, type StartOptions } from './options.mjs';

/** The lab's page when no other is asked for: a filter that reads the server name. */
const DEFAULT_SCENARIO = 'filter-server-name';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function launchOptions(options: StartOptions, isHeadless: boolean): LaunchOptions {
  return {
    extension: packedExtension(options.browser),
    isHeadless,
    browserArguments: options.browserArguments,
    otherExtensions: options.extensions,
    // Before a display the person gives them.
    permissions: options.allow === 'all' && isWholeJob(options, isHeadless) ? 'all' : 'none',
    timeoutMs: Math.min(60_000, options.timeoutMs),
  };
}

/** Without a display, or where a report is asked for, nobody clicks but us. */
function isWholeJob(options: StartOptions, isHeadless: boolean): boolean {
  return isHeadless || options.report !== undefined;
}

/** A display that is named may be gone: then the job is done without one. */
async function launch(
  options: StartOptions,
  launchWith: (isHeadless: boolean) => Promise<BrowserUnderTest>,
): Promise<[BrowserUnderTest, boolean]> {
  const hasDisplay = Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  if (options.isHeadless || !hasDisplay) return [await launchWith(true), true];
  try {
    return [await launchWith(false), false];
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    say('The browser did not come up on this display; going on without one.');
    return [await launchWith(true), true];
  }
}

/** Opens the page, and does the job or leaves it to the person. */
async function run(browser: BrowserUnderTest, job: Job, options: StartOptions, isPersonsTurn: boolean): Promise<void> {
  if (isPersonsTurn) {
    const tab = await browser.openTab();
    for (const visit of job.visitBefore ?? []) {
      await tab.goto(visit.url, 20_000);
      await tab.page.waitFor(`document.title === ${JSON.stringify(visit.untilTitle)}`, 10_000, visit.untilTitle);
    }
    await job.trigger?.();
    await tab.goto(job.url, 20_000);
    say(`${job.url} is open. Click the Unreset icon in the toolbar. Close the browser when you are done.`);
    await browser.exited();
    return;
  }
  const { file, report } = await diagnose(browser, job);
  const target = options.report ?? resolve(process.env.UNRESET_INVOKED_FROM ?? process.cwd(), 'report.json');
  copyFileSync(file, target);
  say(describe(report));
  say(`Report: ${target}`);
}

async function startUrl(options: StartOptions, url: string): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  const [browser, isHeadless] = await launch(options, (headless) => launchBrowser(options.browser, launchOptions(options, headless)));
  try {
    await run(browser, { url, allow: options.allow, deadline }, options, !isWholeJob(options, isHeadless));
  } finally {
    await browser.close();
  }
}

async function startInLab(options: StartOptions): Promise<void> {
  const { startLab } = await import('../lab/lab');
  const { loadScenarios } = await import('../lab/scenarios/index');
  const scenario = (await loadScenarios()).get(DEFAULT_SCENARIO);
  if (scenario === undefined) throw new Error(`the lab has no scenario ${DEFAULT_SCENARIO}`);
  const lab = await startLab({ mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
  try {
    say(`Lab: ${scenario.about} (seed ${lab.seed})`);
    // A home of the lab's own, so that its authority is trusted nowhere else.
    const home = temporaryDirectory('home');
    const trust = join(home, '.pki', 'nssdb');
    mkdirSync(trust, { recursive: true });
    await lab.trustIn(trust);
    const deadline = performance.now() + options.timeoutMs;
    const [browser, isHeadless] = await launch(options, (headless) =>
      launchBrowser(options.browser, {
        ...launchOptions(options, headless),
        home,
        browserArguments: [...lab.browser.chromiumArgs.filter(() => options.browser === 'chromium'), ...options.browserArguments],
        firefoxPreferences: lab.browser.firefoxPrefs,
        otherExtensions: lab.browser.extensions[options.browser],
      }),
    );
    try {
      const job: Job = { url: lab.url, allow: options.allow, deadline, visitBefore: lab.browser.visitBefore, trigger: () => lab.trigger() };
      if (options.allow === 'all' && isWholeJob(options, isHeadless))
        say('Every question that waits behind a button is answered yes: nothing leaves this machine. See --allow none for the rest.');
      await run(browser, job, options, !isWholeJob(options, isHeadless));
    } finally {
      await browser.close();
    }
  } finally {
    await lab.close();
  }
}

/** The same command inside a network of its own. */
function moveIntoNamespace(): Promise<number> {
  const child = spawnInNamespace(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done) => {
    child.once('error', () => done(3));
    child.once('exit', (code) => done(code ?? 143));
  });
}

async function main(): Promise<number> {
  const parsed = parseOptions(process.argv.slice(2), process.env.UNRESET_INVOKED_FROM ?? process.cwd());
  if ('error' in parsed) {
    process.stderr.write(`npm start: ${parsed.error}\n`);
    return 2;
  }
  const { options } = parsed;
  if (!isInNamespace()) await ensureBuilt();
  if (options.url === undefined && !isInNamespace() && isNamespacePossible()) return moveIntoNamespace();
  cleanUpOnExit();
  try {
    if (options.url === undefined) await startInLab(options);
    else await startUrl(options, options.url);
    return 0;
  } catch (error) {
    const { message } = error as Error;
    process.stderr.write(error instanceof LaunchError ? `${message}\n` : `No report came in time: ${message}\n`);
    return 3;
  }
}

process.exit(await main());
