import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ZipFile } from 'yazl';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const DIST = join(ROOT, 'dist');
export const TARGETS = ['chromium', 'firefox'] as const;
export type Target = (typeof TARGETS)[number];

/** The zip of one browser: what ships, and what the tests install. */
export function packedExtension(target: Target): string {
  return join(DIST, `unreset-${target}.zip`);
}

/** Most bytes gzipped: what a click reads first, what every wake-up reads, and what the worker reads once a page of ours speaks. */
const BUDGETS = { popup: 45_000, worker: 35_000, laboratory: 60_000 } as const;

/** First-load scripts of one build, gzipped bytes. */
export interface Sizes {
  popup: number;
  worker: number;
  laboratory: number;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Changes whenever anything that goes into the build does. */
function sourceHash(): string {
  const hash = createHash('sha256');
  const single = ['manifest.json', 'vite.config.ts', 'package-lock.json', 'tsconfig.json', 'test/start/build.ts'].map((name) =>
    join(ROOT, name),
  );
  for (const file of [...single, ...filesUnder(join(ROOT, 'src')), ...filesUnder(join(ROOT, 'public'))]) {
    hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Same bytes for the same files, wherever and whenever: sorted, one date, one mode. */
export async function pack(folder: string, zip: string): Promise<void> {
  const archive = new ZipFile();
  for (const file of filesUnder(folder)) {
    archive.addBuffer(readFileSync(file), relative(folder, file).split(sep).join('/'), {
      // Local time, as the zip's own clock is, so that the zone does not show.
      mtime: new Date(2020, 0, 1),
      forceDosTimestamp: true,
      mode: 0o100644,
      compressionLevel: 9,
    });
  }
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(zip));
}

/** Scripts that `entries` pull in before anything runs, static imports followed. */
function staticScripts(folder: string, entries: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const queue = entries.map((entry) => join(folder, entry));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file) || !existsSync(file)) continue;
    seen.add(file);
    for (const match of readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+)["']/g)) {
      queue.push(join(dirname(file), match[1] as string));
    }
  }
  return seen;
}

function gzippedBytes(files: Iterable<string>): number {
  let total = 0;
  for (const file of files) total += gzipSync(readFileSync(file), { level: 9 }).length;
  return total;
}

function pageScripts(folder: string, page: string): string[] {
  const html = readFileSync(join(folder, page), 'utf8');
  return [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map((match) => {
    const source = match[1] as string;
    return source.startsWith('/') ? source.slice(1) : join(dirname(page), source);
  });
}

/** What the popup and the worker read before their first line runs. */
export function measureSizes(folder: string): Sizes {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    action: { default_popup: string };
    background: { service_worker?: string; scripts?: string[] };
  };
  const worker = staticScripts(folder, manifest.background.scripts ?? [manifest.background.service_worker ?? '']);
  return {
    popup: gzippedBytes(staticScripts(folder, pageScripts(folder, manifest.action.default_popup))),
    worker: gzippedBytes(worker),
    laboratory: gzippedBytes([join(folder, 'laboratory.js')]),
  };
}

function refuseRemoteCode(folder: string): void {
  for (const file of filesUnder(folder)) {
    if (!/\.(js|html)$/.test(file)) continue;
    const text = readFileSync(file, 'utf8');
    if (/<script[^>]+src="https?:|\bimport\s*\(?\s*["']https?:|\beval\s*\(|new Function\s*\(/.test(text)) {
      throw new Error(`code from elsewhere in ${relative(folder, file)}`);
    }
  }
}

async function withBuildLock<T>(use: () => Promise<T>): Promise<T> {
  await mkdir(DIST, { recursive: true });
  const lock = join(DIST, '.lock');
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const age = await stat(lock).then(
        (entry) => Date.now() - entry.mtimeMs,
        () => 0,
      );
      // Its owner was killed: a build takes seconds.
      if (age > 120_000) await rm(lock, { recursive: true, force: true });
      else await new Promise((done) => setTimeout(done, 100));
    }
  }
  try {
    return await use();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/**
 * Leaves `dist/chromium`, `dist/firefox` and their zips, complete or not at all; does nothing when
 * they are already there for these very sources. Safe to call from several processes at once.
 */
export async function ensureBuilt(options: { isForced?: boolean } = {}): Promise<void> {
  const stamp = join(DIST, '.built');
  const isCurrent = () =>
    existsSync(stamp) && TARGETS.every((target) => existsSync(packedExtension(target))) && readFileSync(stamp, 'utf8') === sourceHash();
  if (options.isForced !== true && isCurrent()) return;
  await withBuildLock(async () => {
    if (options.isForced !== true && isCurrent()) return;
    const hash = sourceHash();
    const { build } = await import('vite');
    const work = await mkdtemp(join(DIST, '.new-'));
    try {
      for (const target of TARGETS) {
        const folder = join(work, target);
        await build({ configFile: join(ROOT, 'vite.config.ts'), mode: target, logLevel: 'warn', build: { outDir: folder } });
        await rm(join(folder, '.vite'), { recursive: true, force: true });
        refuseRemoteCode(folder);
        await pack(folder, `${folder}.zip`);
      }
      await rm(stamp, { force: true });
      for (const target of TARGETS) {
        await rm(join(DIST, target), { recursive: true, force: true });
        await rename(join(work, target), join(DIST, target));
        await rename(join(work, `${target}.zip`), packedExtension(target));
      }
      writeFileSync(stamp, hash);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

async function main(): Promise<void> {
  await ensureBuilt({ isForced: !process.argv.includes('--check') });
  let isOver = false;
  for (const target of TARGETS) {
    const sizes = measureSizes(join(DIST, target));
    for (const part of ['popup', 'worker', 'laboratory'] as const) {
      const isTooLarge = sizes[part] > BUDGETS[part];
      isOver ||= isTooLarge;
      const verdict = isTooLarge ? 'OVER its budget of' : 'of at most';
      process.stdout.write(`${target} ${part}: ${(sizes[part] / 1000).toFixed(1)} kB gzipped, ${verdict} ${BUDGETS[part] / 1000} kB\n`);
    }
    const digest = createHash('sha256')
      .update(readFileSync(packedExtension(target)))
      .digest('hex');
    process.stdout.write(`${relative(ROOT, packedExtension(target))} sha256 ${digest}\n`);
  }
  if (isOver) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
