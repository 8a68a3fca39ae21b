import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import jsQR from 'jsqr';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserUnderTest, Page, Tab } from '../browsers/driver';
import { launchBrowser } from '../browsers/launch';
import { removeDirectory, temporaryDirectory } from '../browsers/processes';
import { EXPERIMENT_VIEWS } from '../popup/gallery/experiment-views';
import { packedExtension } from '../start/build';

/**
 * The cards of experiments in every state, painted by the gallery in a real Chromium: nothing for axe to find, nothing sticks
 * out, no button lies where it would be read out, and the code for a phone can be read.
 * With `UNRESET_PICTURES=<folder>` each is photographed.
 */

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const PICTURES = process.env.UNRESET_PICTURES;

let folder: string;
let server: Server;
let browser: BrowserUnderTest;
let tab: Tab;
let page: Page;
beforeAll(async () => {
  folder = temporaryDirectory('gallery');
  const root = join(import.meta.dirname, '../popup/gallery');
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://gallery').pathname;
    const file = join(folder, path === '/' ? 'index.html' : path);
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    try {
      response.end(readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  browser = await launchBrowser('chromium', { extension: packedExtension('chromium'), isHeadless: true });
  tab = await browser.openTab();
  page = tab.page;
  if (PICTURES) mkdirSync(PICTURES, { recursive: true });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
  if (folder) removeDirectory(folder);
});

interface Look {
  colorScheme: 'light' | 'dark';
  widthPx: 320 | 800;
  dir: 'ltr' | 'rtl';
}
const LOOKS: readonly Look[] = [
  { colorScheme: 'light', widthPx: 320, dir: 'ltr' },
  { colorScheme: 'dark', widthPx: 800, dir: 'ltr' },
  { colorScheme: 'dark', widthPx: 320, dir: 'rtl' },
  { colorScheme: 'light', widthPx: 800, dir: 'rtl' },
];

/** Shows a view of the gallery, its card painted and every fold open. */
async function show(name: string, more = ''): Promise<void> {
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?case=${name}${more}`, 10_000);
  const wanted = name.startsWith('phone') ? '.phone-code' : name === 'done' ? '.done' : '.experiment';
  await page.waitFor(`document.querySelector(${JSON.stringify(wanted)}) !== null`, 8000, `${name} to be painted`);
  await page.evaluate(`document.querySelectorAll('details').forEach((fold) => { fold.open = true; })`);
  await page.evaluate(`${AXE}; true`);
}
async function lookAs({ colorScheme, widthPx, dir }: Look): Promise<void> {
  await tab.emulate({ colorScheme, widthPx });
  await page.evaluate(`document.documentElement.dir = '${dir}'`);
}

/** Everything wrong with what is shown, in words. */
async function faults(): Promise<string[]> {
  return page.evaluate<string[]>(`(async () => {
    // What surrounds the cards is looked at elsewhere.
    const include = ['.experiment', '.step', '.banner', '.done'].filter((one) => document.querySelector(one)).map((one) => [one]);
    const { violations } = await window.axe.run({ include }, { resultTypes: ['violations'] });
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const spoken = [...document.querySelectorAll('[aria-live], [role="status"], [role="alert"]')];
    const cut = [...document.querySelectorAll('.experiment button, .experiment label, .experiment li, .phone label, .done')].filter((one) => one.scrollWidth > one.clientWidth + 1);
    return [
      ...violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))),
      ...(wide > 0 ? ['sticks out by ' + wide + ' px'] : []),
      ...spoken.flatMap((one) => [...one.querySelectorAll('button, a, input, textarea, summary, [tabindex]')].map((inner) => 'read out with the sentence: ' + inner.outerHTML.slice(0, 80))),
      ...cut.map((one) => 'cut off: ' + one.textContent.slice(0, 60)),
    ];
  })()`);
}

async function photograph(name: string): Promise<void> {
  if (!PICTURES) return;
  await page.evaluate(`document.querySelector('.experiment, .phone, .done')?.scrollIntoView(), null`);
  writeFileSync(join(PICTURES, `${name}.png`), await page.screenshot());
}

/** Looks at what is shown in all widths, colours and directions. */
async function lookAround(name: string): Promise<void> {
  for (const look of LOOKS) {
    await lookAs(look);
    await photograph(`${name}-${look.colorScheme}-${look.widthPx}-${look.dir}`);
    expect(await faults(), JSON.stringify(look)).toEqual([]);
  }
}

describe.each(Object.keys(EXPERIMENT_VIEWS))('%s', (name) => {
  test('is sound in both widths, colours and directions', { timeout: 60_000 }, async () => {
    await show(name);
    await lookAround(name);
  });
});

test('a permission that was refused is said, and no button is read out with it', { timeout: 60_000 }, async () => {
  await show('search-offered', '&refuse');
  await page.click('[data-action="start-search"]');
  await page.waitFor(`document.querySelector('.experiment [aria-live] .note') !== null`, 3000, 'the word that it was refused');
  await lookAround('search-refused');
});

describe.each(['kept', 'cookies-kept'])('deleted cookies: %s', (name) => {
  const card = (what: string) => page.evaluate<string>(`document.querySelector('[data-kept-cookies]').${what}`);
  const note = `document.querySelector('[data-kept-cookies] [aria-live] .note')?.textContent`;

  test('a permission that was refused leaves them there, and is said with the time that is left', { timeout: 60_000 }, async () => {
    await show(name, '&refuse');
    expect(await page.click('[data-action="bring-back"]')).toBe(true);
    expect(await page.waitFor<string>(note, 3000, 'the word that it was refused')).toMatch(
      /^You did not give the permission, so nothing was brought back yet\. .*until .*\d:\d\d.*; until then you can try again\.$/,
    );
    expect(await card(`querySelectorAll('[data-action="bring-back"]').length`)).toBe(2);
    await lookAround(`${name}-refused`);
  });

  test('the last return is said under a title that promises none, and the focus does not get lost', { timeout: 60_000 }, async () => {
    await show(name);
    for (const left of [1, 0]) {
      await page.evaluate(`document.querySelector('[data-action="bring-back"]').focus()`);
      expect(await page.click('[data-action="bring-back"]')).toBe(true);
      await page.waitFor(`document.querySelector('[data-kept-cookies="${left}"]') !== null && ${note}`, 3000, 'the word of the return');
      expect(await page.evaluate<string>('document.activeElement.id')).toBe('kept-cookies-title');
    }
    expect(await card(`querySelector('h2').textContent`)).toBe('Deleted cookies');
    expect(await card(`querySelector('.note').textContent`)).toBe('Brought back as before.');
    await lookAround(`${name}-returned`);
  });
});

describe('the code for a phone', () => {
  /** What a phone's camera would read from the screen, or null. */
  async function readCode(): Promise<string | null> {
    const box = await page.evaluate<{ x: number; y: number; width: number; height: number }>(
      `(() => { const code = document.querySelector('.phone-code'); code.scrollIntoView({ block: 'center' }); const { x, y, width, height } = code.getBoundingClientRect(); return { x, y, width, height }; })()`,
    );
    const picture = Buffer.from(await page.screenshot()).toString('base64');
    const seen = await page.evaluate<{ pixels: string; width: number; height: number }>(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${picture}';
      await image.decode();
      const canvas = document.createElement('canvas');
      const scale = image.width / innerWidth;
      // With what surrounds it, as a camera sees it.
      const [x, y, width, height] = [${box.x} - 8, ${box.y} - 8, ${box.width} + 16, ${box.height} + 16].map((one) => Math.round(one * scale));
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext('2d');
      context.drawImage(image, -x, -y);
      const { data } = context.getImageData(0, 0, width, height);
      let text = '';
      for (const byte of data) text += String.fromCharCode(byte);
      return { pixels: btoa(text), width, height };
    })()`);
    const pixels = new Uint8ClampedArray(Buffer.from(seen.pixels, 'base64'));
    return jsQR(pixels, seen.width, seen.height, { inversionAttempts: 'dontInvert' })?.data ?? null;
  }
  const addressOf = () => page.evaluate<string>(`document.querySelector('.phone-address bdi').textContent`);

  test.each(LOOKS)('is read from the screen: $colorScheme, $widthPx px, $dir', { timeout: 60_000 }, async (look) => {
    for (const name of ['phone', 'phone-short', 'phone-query', 'phone-long']) {
      await show(name);
      await lookAs(look);
      const { pageUrl } = EXPERIMENT_VIEWS[name]?.state.incident ?? { pageUrl: '' };
      expect(await addressOf()).toBe(name === 'phone-long' ? 'https://news.example.org/' : pageUrl);
      expect(await readCode(), name).toBe(await addressOf());
    }
    // The person would rather not tell the phone what is personal.
    await show('phone-query');
    expect(await page.click('.phone .choice input')).toBe(true);
    await page.waitFor(
      `document.querySelector('.phone-address bdi').textContent === 'https://news.example.org/'`,
      3000,
      'the shorter address',
    );
    expect(await readCode()).toBe('https://news.example.org/');
  });
});
