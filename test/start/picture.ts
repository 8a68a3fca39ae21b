/**
 * `npx tsx test/start/picture.ts`: the picture of the README, which is the real popup
 * over a page of the lab that is really reset. Written to `docs/images/popup.png`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '../browsers/driver';
import { launchBrowser } from '../browsers/launch';
import { cleanUpOnExit, temporaryDirectory } from '../browsers/processes';
import { startLab } from '../lab/lab';
import { isInNamespace, isNamespacePossible, runInNamespace } from '../lab/namespace';
import { loadScenarios } from '../lab/scenarios/index';
import { ensureBuilt, packedExtension, ROOT } from './build';

/** The same names each time: a picture should change only when the product does. */
const SEED = 3;
const MAX_BYTES = 150_000;
const SCENARIO = 'filter-server-name';
/** The consents that a person would give here, in the order in which they are offered. */
const GIVEN = ['read-browser-dns', 'ask-resolvers'];
const STATE = `document.querySelector('main')?.dataset.state`;
const FILE = join(ROOT, 'docs/images/popup.png');

async function settled(popup: Page): Promise<void> {
  await popup.waitFor(`${STATE} === 'done'`, 40_000, 'the checks');
}

async function take(): Promise<Uint8Array> {
  const scenario = (await loadScenarios()).get(SCENARIO);
  if (scenario === undefined) throw new Error(`There is no scenario ${SCENARIO}`);
  const lab = await startLab({ seed: SEED, mode: isInNamespace() ? 'namespace' : 'loopback', scenario });
  try {
    const home = temporaryDirectory('home');
    const trust = join(home, '.pki', 'nssdb');
    mkdirSync(trust, { recursive: true });
    await lab.trustIn(trust);
    const browser = await launchBrowser('chromium', {
      extension: packedExtension('chromium'),
      isHeadless: true,
      home,
      // A screen that leaves the popup its full height, drawn finer.
      browserArguments: [
        ...lab.browser.chromiumArgs,
        '--screen-info={1600x1400}',
        '--window-size=1500,1300',
        '--force-device-scale-factor=1.5',
      ],
      permissions: 'all',
    });
    try {
      const tab = await browser.openTab();
      await lab.trigger();
      await tab.goto(lab.url, 20_000);
      const popup = await browser.openPopupFor(tab);
      await settled(popup);
      for (const consent of GIVEN) {
        const button = `button[data-consent="${consent}"]`;
        if (!(await popup.click(button))) continue;
        await popup.waitFor(`document.querySelector(${JSON.stringify(button)}) === null`, 5000, consent);
        await settled(popup);
      }
      await popup.evaluate('document.activeElement?.blur(), scrollTo(0, 0), null');
      return await popup.screenshot();
    } finally {
      await browser.close();
    }
  } finally {
    await lab.close();
  }
}

cleanUpOnExit();
await ensureBuilt();
if (!isInNamespace() && isNamespacePossible()) {
  process.exitCode = await runInNamespace(process.execPath, [...process.execArgv, ...process.argv.slice(1)]);
} else {
  const picture = await take();
  if (picture.length > MAX_BYTES) throw new Error(`The picture has ${picture.length} bytes, at most ${MAX_BYTES} are wanted`);
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, picture);
  process.stdout.write(`docs/images/popup.png: ${picture.length} bytes\n`, () => process.exit(0));
}
