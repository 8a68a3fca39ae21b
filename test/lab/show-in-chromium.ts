import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { findProgram, within } from '../browsers/processes';
import { type Lab, startLab } from './lab';
import { isInNamespace } from './namespace';
import { whyLeftOut } from './programs';
import { loadScenarios } from './scenarios/index';

/** What Chromium made of a scenario: a net error without `net::`, or `loaded`. */
export interface Showing {
  scenario: string;
  seed: number;
  shown: string;
  expected: readonly string[];
  log: readonly string[];
}

const WAIT_MS = 8_000;

/** The part of `chrome.proxy.settings` that is read. */
interface ProxySetting {
  get(details: object): Promise<{ value: { mode: string } }>;
}

function browserArguments(lab: Lab): string[] {
  const extensions = lab.browser.extensions.chromium.join(',');
  return [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--no-first-run',
    ...lab.browser.chromiumArgs,
    ...(extensions === '' ? [] : [`--disable-extensions-except=${extensions}`, `--load-extension=${extensions}`]),
  ];
}

/** Waits until another extension's proxy is in effect. */
async function settleExtensions(context: BrowserContext, lab: Lab): Promise<void> {
  if (lab.browser.extensions.chromium.length === 0) return;
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker', { timeout: WAIT_MS }));
  await worker.evaluate(async () => {
    const { proxy } = (globalThis as unknown as { chrome: { proxy?: { settings: ProxySetting } } }).chrome;
    while (proxy && (await proxy.settings.get({})).value.mode !== 'fixed_servers') await new Promise((resolve) => setTimeout(resolve, 20));
  });
}

/** What a navigation ended in, by the main frame's own error: `goto` rejects with it, a break in the body only fails the request. */
async function open(context: BrowserContext, lab: Lab): Promise<string> {
  const page = context.pages()[0] ?? (await context.newPage());
  for (const { url, untilTitle } of lab.browser.visitBefore) {
    await page.goto(url);
    await page.waitForFunction((title) => document.title === title, untilTitle, { timeout: WAIT_MS });
  }
  await lab.trigger();
  let failure: string | undefined;
  page.on('requestfailed', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) failure ??= request.failure()?.errorText;
  });
  try {
    if (lab.browser.act === undefined) await page.goto(lab.url, { timeout: WAIT_MS });
    else {
      const failed = page.waitForEvent('requestfailed', { timeout: WAIT_MS });
      await page.evaluate(lab.browser.act);
      await failed;
    }
  } catch (error) {
    failure ??= /net::\w+/.exec(String(error))?.[0] ?? String(error);
  }
  return failure?.replace('net::', '') ?? 'loaded';
}

async function show(lab: Lab): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'home-'));
  try {
    await lab.trustIn(join(home, '.pki', 'nssdb'));
    const context = await chromium.launchPersistentContext(join(home, 'profile'), {
      executablePath: findProgram(['chromium'], 'UNRESET_CHROMIUM'),
      headless: true,
      args: browserArguments(lab),
      ignoreDefaultArgs: ['--disable-extensions'],
      env: { ...process.env, HOME: home } as Record<string, string>,
    });
    await settleExtensions(context, lab);
    const shown = await open(context, lab);
    await context.close();
    return shown;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Opens scenarios in headless Chromium, one line of JSON each. Arguments: a seed or `random`, then names; none: all. */
async function main([seed = 'random', ...names]: readonly string[]): Promise<void> {
  const scenarios = await loadScenarios();
  for (const scenario of scenarios.values()) {
    if (names.length > 0 && !names.includes(scenario.name)) continue;
    if (whyLeftOut(scenario, isInNamespace()) !== undefined) continue;
    const mode = isInNamespace() ? 'namespace' : 'loopback';
    const lab = await startLab({ mode, scenario, ...(seed === 'random' ? {} : { seed: Number(seed) }) });
    const shown = await show(lab).catch((error: Error) => `broken: ${error.message}`);
    // Its routers tell at the end what they did; its sockets may be in the browser's hands to the last.
    await within(lab.close(), 5_000, 'the lab to close').catch(() => undefined);
    const line: Showing = { scenario: scenario.name, seed: lab.seed, shown, expected: scenario.shows, log: lab.log() };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

await main(process.argv.slice(2));
