import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserUnderTest, Tab } from '../browsers/driver';
import { launchBrowser } from '../browsers/launch';
import type { BrowserName } from '../e2e/world';
import { packedExtension } from '../start/build';
import { median, ratio } from './figures';
import { errorListener, nothing } from './plain-extensions';

const PARTS = 2000;
const ROUNDS = 9;
/** Parts asked for in one go before it is the next browser's turn: what else the machine does hits all alike. */
const SLICE = 100;
const SLICES = 60;
/** A near server's answer over a network, ms after it was asked. */
const NETWORK_MS = 30;
/** Hosts that a page's parts come from, as those of large pages do; the loopback range has enough. */
const HOSTS = 8;
const NETWORK_ROUNDS = 7;
/** Kernel clock ticks, ms. */
const TICK_MS = 10;

/** How a page of many parts loads with Unreset, against the same browser with an extension that does nothing. */
export interface PageLoads {
  count: number;
  /** Times the worker was started by the parts of a page, all of which succeed. */
  workerStartsByParts: number;
  /** Times it was started by five whole page loads, each after it was stopped: top-level navigations may. */
  workerStartsByPages: number;
  /** From the navigation to its load event. */
  load: Ratios;
  /** The same with parts from eight hosts that answer as a near server does, each after 30 ms. */
  loadOverNetwork: Ratios;
  /** Processor time of all processes of the browser for the same. */
  cpu: Ratios;
  /** Parts alone, asked for by a page that stays, a hundred at a time. */
  parts: Ratios;
  /** What a part takes without an extension, ms; the server is on this machine and answers at once. */
  partMs: number;
}

/** Medians against those without an extension, all measured in turns. */
interface Ratios {
  ours: number;
  /** Nothing but one listener for errors on all sites. */
  floor: number;
  /** Without an extension once more: as far from 1 as the machine's own unrest. */
  noise: number;
}

/** User and system time of a browser's processes, ms. Undefined where there is no /proc. */
function processorTime(profileDirectory: string): number {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return Number.NaN;
  }
  const all = names.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in parentheses may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const isRoot = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(profileDirectory);
      return [{ id: name, parent: fields[1] as string, isRoot, timeMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS }];
    } catch {
      // Just gone.
      return [];
    }
  });
  const ours = new Set(all.filter(({ isRoot }) => isRoot).map(({ id }) => id));
  for (let before = -1; before !== ours.size; ) {
    before = ours.size;
    for (const { id, parent } of all) if (ours.has(parent)) ours.add(id);
  }
  return all.reduce((sum, { id, timeMs }) => sum + (ours.has(id) ? timeMs : 0), 0);
}

interface Run {
  browser: BrowserUnderTest;
  tab: Tab;
  loadMs: number[];
  networkMs: number[];
  cpuMs: number[];
  sliceMs: number[];
}

export async function measurePageLoads(name: BrowserName): Promise<PageLoads> {
  const server = createServer((request, response) => {
    const isNetwork = request.url === '/network';
    if (request.url === '/page' || isNetwork) {
      const at = (index: number) => (isNetwork ? `http://127.0.0.${2 + (index % HOSTS)}:${port}/late-${index}.js` : `/part-${index}.js`);
      const parts = Array.from({ length: PARTS }, (_, index) => `<script async src="${at(index)}"></script>`);
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><title>page</title><body>${parts.join('')}`);
      return;
    }
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Type', 'text/javascript');
    if (request.url?.startsWith('/late-')) setTimeout(() => response.end('1;'), NETWORK_MS);
    else response.end('1;');
  });
  server.keepAliveTimeout = 60_000;
  // All of the loopback range and nothing else is reachable by these names.
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
  const { port } = server.address() as AddressInfo;
  const page = `http://127.0.0.1:${port}/page`;
  const overNetwork = `http://127.0.0.1:${port}/network`;
  const runs: Run[] = [];
  const start = async (extension: string): Promise<Run> => {
    const browser = await launchBrowser(name, { extension, isHeadless: true });
    const run = { browser, tab: await browser.openTab(), loadMs: [], networkMs: [], cpuMs: [], sliceMs: [] };
    runs.push(run);
    return run;
  };
  const load = async ({ tab }: Run, url = page): Promise<number> => {
    await tab.goto(url, 60_000);
    return tab.page.waitFor<number>(
      `(() => { const [entry] = performance.getEntriesByType('navigation'); return entry.loadEventEnd > 0 && entry.loadEventEnd; })()`,
      60_000,
      'the load',
    );
  };
  try {
    const ours = await start(packedExtension(name));
    const base = await start(nothing(name));
    const again = await start(nothing(name));
    const floor = await start(errorListener(name));

    await load(ours);
    await ours.browser.stopBackground();
    const workerStartsByParts = await ours.browser.countBackgroundStarts(() =>
      ours.tab.page.evaluate(
        `(async () => { for (let at = 0; at < ${PARTS}; at += 50) await Promise.all(Array.from({ length: 50 }, (_, index) => fetch('/sub-' + (at + index)).then((answer) => answer.text()))); return true; })()`,
      ),
    );
    let workerStartsByPages = 0;
    for (let round = 0; round < 5; round += 1) {
      await ours.browser.stopBackground();
      workerStartsByPages += await ours.browser.countBackgroundStarts(() => load(ours));
    }

    for (const run of runs) await load(run);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const run of round % 2 === 0 ? runs : [...runs].reverse()) {
        const before = processorTime(run.browser.profileDirectory);
        run.loadMs.push(await load(run));
        run.cpuMs.push(processorTime(run.browser.profileDirectory) - before);
      }
    }
    for (const run of runs) await load(run, overNetwork);
    for (let round = 0; round < NETWORK_ROUNDS; round += 1) {
      for (const run of round % 2 === 0 ? runs : [...runs].reverse()) run.networkMs.push(await load(run, overNetwork));
    }
    for (let round = 0; round < SLICES; round += 1) {
      for (const run of round % 2 === 0 ? runs : [...runs].reverse()) {
        run.sliceMs.push(
          await run.tab.page.evaluate<number>(
            `(async () => { const from = performance.now(); await Promise.all(Array.from({ length: ${SLICE} }, (_, index) => fetch('/slice-' + index).then((answer) => answer.text()))); return performance.now() - from; })()`,
          ),
        );
      }
    }
    const ratios = (of: (run: Run) => number[]): Ratios => ({
      ours: ratio(of(ours), of(base)),
      floor: ratio(of(floor), of(base)),
      noise: ratio(of(again), of(base)),
    });
    return {
      count: PARTS,
      workerStartsByParts,
      workerStartsByPages,
      load: ratios((run) => run.loadMs),
      loadOverNetwork: ratios((run) => run.networkMs),
      cpu: ratios((run) => run.cpuMs),
      parts: ratios((run) => run.sliceMs),
      partMs: Math.round((median(base.sliceMs) / SLICE) * 1000) / 1000,
    };
  } finally {
    for (const { browser } of runs) await browser.close();
    server.close();
  }
}
