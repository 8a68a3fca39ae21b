import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page, Tab } from '../browsers/driver';
import { poll } from '../browsers/processes';
import { type BrowserName, failIn, openIncident, openReport, openWorld, STATE, settled, type World } from './world';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Both browsers give a popup no more height than this. */
const POPUP_PX = 600;

interface AxeViolation {
  id: string;
  nodes: { target: string[] }[];
}

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(`${AXE}; true`);
  const violations = await page.evaluate<AxeViolation[]>(
    `window.axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target }) => ({ target: target.map(String) })) })))`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

/** Pixels that stick out sideways. */
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** The focused element: what it is, whether a ring shows that it is it, and whether it is in sight. */
interface Focus {
  name: string;
  hasRing: boolean;
  isInSight: boolean;
}
const FOCUS = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const name = [element.tagName.toLowerCase(), ...Object.entries(element.dataset).map((entry) => entry.join('=')), element.innerText?.trim().split('\\n')[0] ?? ''].join(' ');
  return { name, hasRing: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0, isInSight: box.height > 0 && box.bottom > 0 && box.top < innerHeight };
})()`;

async function tabTo(page: Page, is: (name: string) => boolean): Promise<Focus[]> {
  const way: Focus[] = [];
  for (let step = 0; step < 80; step += 1) {
    await page.press('Tab');
    const focus = await page.evaluate<Focus | null>(FOCUS);
    if (focus === null) continue;
    way.push(focus);
    if (is(focus.name)) return way;
  }
  throw new Error(`Tab never reached it; it went over ${way.map(({ name }) => name).join(', ')}`);
}

describe.each<BrowserName>(['chromium', 'firefox'])('%s', (name) => {
  let world: World;
  let tab: Tab;

  beforeAll(async () => {
    world = await openWorld(name, 'filter-server-name', { permissions: 'none' });
    tab = await failIn(world);
  });
  afterAll(() => world?.close());

  test('the first screen of the popup is the answer: what failed, why, and the next step', async () => {
    const popup = await openIncident(world, tab);
    expect(await settled(popup)).toBe('done');
    const bottom = (selector: string) => `document.querySelector(${JSON.stringify(selector)})?.getBoundingClientRect().bottom ?? Infinity`;
    await popup.evaluate('scrollTo(0, 0), null');
    for (const selector of ['#host', '.incident-error', '.path', '#verdict-title', '#step-title']) {
      expect(await popup.evaluate<number | null>(bottom(selector)), selector).toBeLessThanOrEqual(POPUP_PX);
    }
    expect(await popup.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
  });

  test('nothing above the next step moves while checks run', async () => {
    await tab.goto(`${new URL(world.lab.url).origin}/moving`, 20_000);
    const popup = await openIncident(world, tab);
    const place = `Math.round(document.querySelector('.verdict').getBoundingClientRect().top + scrollY)`;
    const before = await popup.evaluate<number>(place);
    expect(await settled(popup)).toBe('done');
    expect(await popup.evaluate<number>(place)).toBe(before);
  });

  test('the whole popup by keyboard: in sight, with a ring, folds opened and a consent reached', async () => {
    const popup = await openIncident(world, tab);
    expect(await settled(popup)).toBe('done');
    const way = await tabTo(popup, (focused) => focused.includes('action=rerun'));
    expect(way.filter(({ hasRing }) => !hasRing).map((focus) => focus.name)).toEqual([]);
    expect(way.filter(({ isInSight }) => !isInSight).map((focus) => focus.name)).toEqual([]);
    expect(way.some((focus) => focus.name.includes('action=report'))).toBe(true);
    // The folded consents: a person opens them and goes on into them.
    const offered = await popup.evaluate<string | null>(`document.querySelector('.fold button[data-consent]')?.dataset.consent ?? null`);
    expect(offered).not.toBeNull();
    await popup.evaluate(`document.querySelector('.fold > summary').focus(), null`);
    await popup.press('Enter');
    expect(await popup.evaluate(`document.querySelector('.fold').open`)).toBe(true);
    const inside = await tabTo(popup, (focused) => focused.includes(`consent=${offered}`));
    expect(inside).toHaveLength(1);
  });

  test('a step chosen from the list takes the focus, and the report gives it back', async () => {
    const popup = await openIncident(world, tab);
    expect(await settled(popup)).toBe('done');
    await popup.evaluate(`document.querySelector('.step .more > summary').focus(), null`);
    await popup.press('Enter');
    const wanted = await popup.evaluate<string>(`document.querySelector('.step .plain-list button').innerText`);
    await tabTo(popup, (focused) => focused.includes(wanted));
    await popup.press('Enter');
    await popup.waitFor(`document.activeElement?.id === 'step-title'`, 3000, 'the focus on the step');
    expect(await popup.evaluate(`document.querySelector('#step-title').innerText`)).toBe(wanted);
    await openReport(popup);
    await popup.waitFor(`document.activeElement?.id === 'report-title'`, 3000, 'the focus on the report');
    await popup.click('[data-action="back"]');
    await popup.waitFor(`document.activeElement?.dataset.action === 'report'`, 3000, 'the focus back on the button');
  });

  test('what was done is told, can be taken back, and leaves the focus in place; steps that are no use say why', async () => {
    const popup = await openIncident(world, tab);
    expect(await settled(popup)).toBe('done');
    expect(await popup.click('.step [data-action="skip"], .step [data-answer=""]')).toBe(true);
    const done = await popup.waitFor<string>(`document.querySelector('[data-done]')?.dataset.done`, 5000, 'the row of what was done');
    expect(await popup.evaluate(`document.querySelector('[data-done]').innerText.trim().length`)).toBeGreaterThan(10);
    await popup.evaluate(`document.querySelector('[data-done] [data-action="withdraw"]').focus(), null`);
    await popup.press('Enter');
    await popup.waitFor(`document.querySelector('[data-done]') === null`, 5000, `the row of ${done} to go`);
    expect(await popup.evaluate('document.activeElement !== null && document.activeElement !== document.body')).toBe(true);
    // Of 37 guided steps a filter by name leaves some without any use.
    const gone = await popup.evaluate<string[]>(
      `[...document.querySelectorAll('.gone-steps li')].map((row) => row.querySelector('.quiet').textContent.trim())`,
    );
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.filter((why) => why === '')).toEqual([]);
    await popup.close();
  });

  test.each([
    ['the list of failures', 'src/popup/index.html?home=1', 'no-incident'],
    ['the welcome page', 'src/popup/welcome.html', 'done'],
  ])('axe finds nothing on %s, and nothing sticks out', async (_, path, state) => {
    const page = await world.browser.openExtensionPage(path);
    await page.page.waitFor(`${STATE} === ${JSON.stringify(state)}`, 10_000, 'the page');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const widthPx of [800, 320]) {
        await page.emulate({ colorScheme, widthPx });
        expect(await axe(page.page), `${colorScheme} ${widthPx} px`).toEqual([]);
        expect(await page.page.evaluate(OVERFLOW), `overflow at ${widthPx} px`).toBeLessThanOrEqual(0);
      }
    }
    await page.page.close();
  });

  test('axe finds nothing in the result with every fold open and in the report, from right to left too', async () => {
    const page = await world.browser.openExtensionPage(`src/popup/index.html?tab=${await world.browser.extensionTabId(tab)}`);
    expect(await settled(page.page)).toBe('done');
    for (const direction of ['ltr', 'rtl']) {
      await page.page.evaluate(`document.documentElement.dir = ${JSON.stringify(direction)}`);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulate({ colorScheme, widthPx: 320 });
        await page.page.evaluate(`document.querySelectorAll('details').forEach((fold) => { fold.open = true; })`);
        expect(await axe(page.page), `${direction} ${colorScheme}`).toEqual([]);
        expect(await page.page.evaluate(OVERFLOW), `overflow ${direction}`).toBeLessThanOrEqual(0);
      }
    }
    await openReport(page.page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulate({ colorScheme, widthPx: 320 });
      await page.page.evaluate(`document.querySelectorAll('details').forEach((fold) => { fold.open = true; })`);
      expect(await axe(page.page), `report ${colorScheme}`).toEqual([]);
      expect(await page.page.evaluate(OVERFLOW), 'overflow of the report').toBeLessThanOrEqual(0);
    }
    await page.page.close();
  });

  test('the popup goes on in the panel beside the page', async () => {
    const popup = await openIncident(world, tab);
    expect(await settled(popup)).toBe('done');
    // The popup closes itself, often before it has answered.
    const isClicked = await popup.click('[data-action="open-panel"]').catch((error: Error) => !popup.isOpen() || error.message);
    expect(isClicked).toBe(true);
    const isOpen =
      name === 'chromium'
        ? `chrome.runtime.getContexts({ contextTypes: ['SIDE_PANEL'] }).then((panels) => panels.some(({ documentUrl }) => documentUrl?.includes('session=')))`
        : 'browser.sidebarAction.isOpen({})';
    await poll(() => world.browser.inBackground<boolean>(isOpen), 8000, 'the panel');
  });
});
