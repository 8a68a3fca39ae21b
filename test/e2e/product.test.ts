import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/model/report';
import type { Page, Tab } from '../browsers/driver';
import { poll } from '../browsers/processes';
import { isInNamespace } from '../lab/namespace';
import { ROOT } from '../start/build';
import { type BrowserName, failIn, openIncident, openReport, openWorld, STATE, settled, type World } from './world';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCENARIO = 'filter-server-name';

const validateReport = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'public/report.schema.json'), 'utf8')) as object,
);

interface AxeViolation {
  id: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(`${AXE}; true`);
  const violations = await page.evaluate<AxeViolation[]>(
    `window.axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target, failureSummary }) => ({ target: target.map(String), failureSummary })) })))`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

function hostOf(world: World): string {
  return new URL(world.lab.url).hostname;
}

/** Which element has the focus, in a few words. */
const FOCUSED = `(() => { const element = document.activeElement; if (!element || element === document.body) return ''; return [element.tagName.toLowerCase(), ...Object.entries(element.dataset).map(([name, value]) => name + '=' + value)].join(' '); })()`;

async function tabTo(page: Page, word: string): Promise<string[]> {
  const way: string[] = [];
  for (let step = 0; step < 80; step += 1) {
    await page.press('Tab');
    const focused = await page.evaluate<string>(FOCUSED);
    way.push(focused);
    if (focused.includes(word)) return way;
  }
  throw new Error(`Tab never reached ${word}; it went over ${way.join(', ')}`);
}

describe.each<BrowserName>(['chromium', 'firefox'])('%s', (name) => {
  describe('on a page that is reset', () => {
    let world: World;
    let tab: Tab;

    beforeAll(async () => {
      world = await openWorld(name, SCENARIO, { permissions: 'none' });
      tab = await failIn(world);
    });
    afterAll(() => world?.close());

    test('the popup names host and error, and every check ends in an outcome', async () => {
      const startedAt = performance.now();
      const popup = await openIncident(world, tab);
      await popup.waitFor(`document.querySelector('main').innerText.includes(${JSON.stringify(hostOf(world))})`, 5000, 'the host');
      process.stdout.write(
        `${name}: popup with the host after ${Math.round(performance.now() - startedAt)} ms, the driver's own time included\n`,
      );
      expect(await settled(popup)).toBe('done');
      const outcomes = await popup.evaluate<(string | undefined)[]>(
        `[...document.querySelectorAll('[data-check]')].map((row) => row.dataset.outcome)`,
      );
      expect(outcomes.length).toBeGreaterThan(10);
      for (const outcome of outcomes)
        expect(['implicated', 'cleared', 'inconclusive', 'not-applicable', 'not-run', 'error']).toContain(outcome);
      expect(await popup.evaluate(`document.querySelector('[data-verdict]')?.dataset.verdict`)).toMatch(/^(cause|cannot-tell)$/);
      expect(await popup.evaluate(`document.querySelectorAll('button[data-consent]').length`)).toBeGreaterThan(0);
    });

    test('closed and opened again, the popup goes on with the same walk', async () => {
      const popup = await openIncident(world, tab);
      await settled(popup);
      const verdict = await popup.evaluate<string>(`document.querySelector('[data-verdict]').innerText`);
      const walks = `(globalThis.browser ?? chrome).storage.local.get(null).then((all) => Object.keys(all).filter((key) => key.startsWith('session:')).sort())`;
      const before = await world.browser.inBackground<string[]>(walks);
      expect(before.length).toBeGreaterThan(0);
      await popup.close();
      const again = await openIncident(world, tab);
      expect(await settled(again)).toBe('done');
      expect(await again.evaluate(`document.querySelector('[data-verdict]').innerText`)).toBe(verdict);
      expect(await world.browser.inBackground<string[]>(walks)).toEqual(before);
    });

    test('the exported JSON follows the published schema', async () => {
      const popup = await openIncident(world, tab);
      await settled(popup);
      await openReport(popup);
      const file = await world.browser.download(() => popup.click('button[data-export="json"]'), 10_000);
      const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
      expect(validateReport(report), JSON.stringify(validateReport.errors)).toBe(true);
      expect(report.incident.host).toBe(hostOf(world));
      expect(report.isRedacted).toBe(true);
      expect(readFileSync(file, 'utf8')).not.toContain(world.lab.url.split('?')[1] ?? '\0');
    });

    test('the exported HTML stands alone', async () => {
      const popup = await openIncident(world, tab);
      await settled(popup);
      await openReport(popup);
      const file = await world.browser.download(() => popup.click('button[data-export="html"]'), 10_000);
      const html = readFileSync(file, 'utf8');
      expect(html).toContain(hostOf(world));
      expect(html).not.toMatch(/<script|<link[^>]+href="http|src="http/i);
    });

    test('by keyboard alone: to the report, and a file saved', async () => {
      const popup = await openIncident(world, tab);
      await settled(popup);
      await tabTo(popup, 'action=report');
      await popup.press('Enter');
      await popup.waitFor(`document.querySelector('button[data-export="json"]') !== null`, 5000, 'the report view');
      await popup.waitFor(
        `document.querySelector('button[data-export="json"]:not([aria-disabled="true"])') !== null`,
        5000,
        'the export button',
      );
      await tabTo(popup, 'export=json');
      const file = await world.browser.download(() => popup.press('Enter'), 10_000);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('schemaVersion', 1);
    });

    test('a tab shows the same walk; axe finds nothing in light, dark, 320 and 800 px', async () => {
      const tabId = await world.browser.extensionTabId(tab);
      const page = await world.browser.openExtensionPage(`src/popup/index.html?tab=${tabId}`);
      expect(await settled(page.page)).toBe('done');
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const widthPx of [800, 320]) {
          await page.emulate({ colorScheme, widthPx });
          expect(await axe(page.page), `${colorScheme} ${widthPx} px`).toEqual([]);
          expect(
            await page.page.evaluate('document.documentElement.scrollWidth - innerWidth'),
            `overflow at ${widthPx} px`,
          ).toBeLessThanOrEqual(0);
        }
      }
      await openReport(page.page);
      expect(await axe(page.page), 'report view').toEqual([]);
      await page.page.close();
    });

    test('axe finds nothing in the popup', async () => {
      const popup = await openIncident(world, tab);
      await settled(popup);
      expect(await axe(popup)).toEqual([]);
    });

    test('a stopped worker is woken by a reset', async () => {
      await world.browser.stopBackground();
      expect(await world.browser.isBackgroundRunning()).toBe(false);
      const url = new URL(world.lab.url);
      url.pathname = '/woken';
      await tab.goto(url.href, 20_000);
      await poll(() => world.browser.isBackgroundRunning(), 5000, 'the worker to wake');
      const popup = await openIncident(world, tab);
      expect(await settled(popup)).toBe('done');
    });

    test('a worker stopped amid the checks ends in a clear outcome', async () => {
      const url = new URL(world.lab.url);
      url.pathname = '/stopped-amid';
      await tab.goto(url.href, 20_000);
      const popup = await openIncident(world, tab);
      await world.browser.stopBackground();
      await popup.close();
      expect(await settled(await openIncident(world, tab))).toBe('done');
    });

    test('host access taken away amid the checks ends in a clear outcome', async () => {
      const url = new URL(world.lab.url);
      url.pathname = '/revoked';
      await tab.goto(url.href, 20_000);
      const popup = await openIncident(world, tab);
      await world.browser.setHostAccess('withheld');
      expect(await settled(popup.isOpen() ? popup : await openIncident(world, tab))).toBe('done');
      await world.browser.setHostAccess('all');
    });

    test('the tab closed amid the checks ends in a clear outcome', async () => {
      const doomed = await failIn(world);
      const tabId = await world.browser.extensionTabId(doomed);
      const page = await world.browser.openExtensionPage(`src/popup/index.html?tab=${tabId}`);
      await page.page.waitFor(`['running', 'done', 'no-incident'].includes(${STATE})`, 10_000, 'the page');
      await doomed.page.close();
      expect(await settled(page.page)).toMatch(/^(done|no-incident)$/);
      await page.page.close();
    });

    test("the browser's own pages have no incident, and any address may be tested", async () => {
      const own = await world.browser.openTab();
      for (const url of ['about:blank', name === 'chromium' ? 'chrome://version/' : 'about:support']) {
        await own.goto(url, 10_000);
        const popup = await world.browser.openPopupFor(own);
        expect(await settled(popup)).toBe('no-incident');
        expect(await popup.evaluate(`document.querySelector('[data-field="url"]') !== null`)).toBe(true);
        await popup.close();
      }
    });

    test.each([
      ['an international name', 'http://bücher.example/'],
      ['a host of 2,000 characters', `http://${'a'.repeat(2000)}.example/`],
      ['no address at all', 'not an address'],
    ])('%s ends in a clear outcome', async (_, address) => {
      const page = await world.browser.openExtensionPage('src/popup/index.html?home=1');
      await page.page.waitFor(`${STATE} === 'no-incident'`, 10_000, 'the home page');
      await page.page.fill('[data-field="url"]', address);
      await page.page.click('[data-action="test-url"]');
      expect(await settled(page.page)).toMatch(/^(done|no-incident)$/);
      expect(await page.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await page.page.close();
    });

    test('stored state of a wrong shape loses nothing but itself', async () => {
      await world.browser.inBackground(
        `(globalThis.browser ?? chrome).storage.local.get(null).then((all) => (globalThis.browser ?? chrome).storage.local.set({ ...Object.fromEntries(Object.keys(all).map((key, index) => [key, [17, 'x', null, [{}], { schema: 0, id: 5 }][index % 5]])), incidents: { old: true }, sessions: 'none', settings: [1] })).then(() => true)`,
      );
      await world.browser.stopBackground();
      const fresh = await failIn(world);
      const popup = await openIncident(world, fresh);
      expect(await settled(popup)).toBe('done');
    });

    test('killed and started again, the incident is still there', async () => {
      await world.browser.killAndRelaunch();
      const page = await world.browser.openExtensionPage('src/popup/index.html?home=1');
      await page.page.waitFor(`${STATE} === 'no-incident'`, 10_000, 'the home page');
      await page.page.waitFor(`document.body.innerText.includes(${JSON.stringify(hostOf(world))})`, 5000, 'the incident in the list');
      tab = await failIn(world);
      expect(await settled(await openIncident(world, tab))).toBe('done');
    });
  });

  test('with host access withheld a reset is still seen, and the popup asks for access', async () => {
    const world = await openWorld(name, SCENARIO, { hostAccess: 'withheld' });
    try {
      const popup = await openIncident(world, await failIn(world));
      expect(await settled(popup)).toBe('done');
      expect(await popup.evaluate(`document.querySelector('main').innerText.includes(${JSON.stringify(hostOf(world))})`)).toBe(true);
      expect(await popup.evaluate(`document.querySelector('button[data-consent="host-access"]') !== null`)).toBe(true);
    } finally {
      await world.close();
    }
  });

  test('a private window leaves no trace', async () => {
    const world = await openWorld(name, SCENARIO, { isPrivateAllowed: true });
    try {
      const tab = await failIn(world, { isPrivate: true });
      await world.browser.openPopupFor(tab).then(settled);
      const stored = await world.browser.inBackground<string>(
        `(globalThis.browser ?? chrome).storage.local.get(null).then((all) => JSON.stringify(all))`,
      );
      expect(stored).not.toContain(hostOf(world));
    } finally {
      await world.close();
    }
  });

  test.runIf(isInNamespace())('offline is said, and nobody is blamed', async () => {
    const world = await openWorld(name, 'healthy');
    try {
      spawnSync('ip', ['link', 'set', 'lan0', 'down']);
      const tab = await world.browser.openTab();
      // The lab's own addresses are this machine's and would answer still.
      await tab.goto('http://198.51.100.77/', 20_000);
      const popup = await openIncident(world, tab);
      expect(await settled(popup)).toBe('done');
      expect(await popup.evaluate(`document.querySelectorAll('[data-cause]').length`)).toBe(0);
    } finally {
      spawnSync('ip', ['link', 'set', 'lan0', 'up']);
      await world.close();
    }
  });
});
