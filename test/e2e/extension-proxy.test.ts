import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page, Tab } from '../browsers/driver';
import { addProxy } from '../lab/proxy';
import type { Scenario } from '../lab/scenario';
import { addHealthySiblings, addSite, drawNames } from '../lab/site';
import { failIn, openWorld, settled, type World } from './world';

/** A proxy that another extension holds: one click tries without it, and the person chooses whether it stays so. */

let proxy: { host: string; port: number };
const scenario: Scenario = {
  name: 'extension-proxy-by-hand',
  about: 'Another extension sends requests to a proxy that resets one site.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-extension'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    const place = addProxy(internet, { where: 'elsewhere', treats: (name) => (name === host ? 'reset' : 'pass') });
    proxy = internet.reach(place);
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'set-proxy', proxy: place }] };
  },
};

let world: World;
let other: Page;
let tab: Tab;
beforeAll(async () => {
  world = await openWorld('chromium', scenario, { permissions: 'all', otherExtensions: [] });
  const id = await world.browser.installNow?.(world.lab.browser.extensions.chromium[0] as string);
  const hand = await world.browser.openTab();
  await hand.goto(`chrome-extension://${id}/manifest.json`, 10_000);
  other = hand.page;
  await other.waitFor('chrome.proxy !== undefined', 5_000, 'a page of the other extension');
  await other.evaluate(
    `chrome.proxy.settings.set({ value: { mode: 'fixed_servers', rules: { singleProxy: { scheme: 'http', ...${JSON.stringify(proxy)} } } } }).then(() => true)`,
  );
  await hand.page.close();
  tab = await failIn(world);
});
afterAll(() => world?.close());

test('is switched off by one click, named, given back, and kept off where the person wants it', { timeout: 120_000 }, async () => {
  const { page } = await world.browser.openExtensionPage(`src/popup/index.html?tab=${await world.browser.extensionTabId(tab)}`);
  expect(await settled(page)).toBe('done');
  const state = () =>
    page.evaluate<string>(
      `Promise.all([chrome.proxy.settings.get({}), chrome.management.getAll()]).then(([{ levelOfControl }, all]) => JSON.stringify([levelOfControl, all.filter(({ id }) => id !== chrome.runtime.id).map(({ id, enabled }) => [id, enabled]).sort()]))`,
    );
  const before = await state();
  expect(before).toContain('controlled_by_other_extensions');
  const name = await page.evaluate<string>('chrome.management.getAll().then((all) => all.find(({ id }) => id !== chrome.runtime.id).name)');

  const button = '[data-action="remove-proxy"]';
  const isThere = `document.querySelector('${button}') !== null`;
  if (!(await page.evaluate<boolean>(isThere))) {
    // Not the next step by itself: it stands among the others.
    const words = await page.evaluate<string>(`chrome.i18n.getMessage('step_disable_extensions_title')`);
    await page.evaluate(
      `[...document.querySelectorAll('button.link')].find((one) => one.textContent.includes(${JSON.stringify(words)}))?.click()`,
    );
    await page.waitFor(isThere, 5_000, 'the way out of the proxy');
  }
  await page.click(button);
  const card = `document.querySelector('[data-experiment="extension-search"]')`;
  await page.waitFor(`${card}?.dataset.status === 'done'`, 60_000, 'the search');
  expect(await page.evaluate<string>(`${card}.innerText`)).toContain(name);
  expect(await state()).toBe(before);

  await page.click('[data-action="keep-off"]');
  const level = () => page.evaluate<string>('chrome.proxy.settings.get({}).then(({ levelOfControl }) => levelOfControl)');
  await expect.poll(level, { timeout: 10_000 }).toBe('controllable_by_this_extension');
});
