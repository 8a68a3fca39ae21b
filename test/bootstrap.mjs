// The one door of every command. Plain Node without dependencies, because it runs before they are there.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseOptions } from './start/options.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const [command = 'start', ...args] = process.argv.slice(2);

/** Where each command goes on, what it needs of the system, and its exit code when that is missing. */
const COMMANDS = {
  start: { entry: 'test/start/start.ts', missing: 3 },
  test: { entry: 'test/e2e/all.ts', missing: 1 },
  build: { entry: 'test/start/build.ts', missing: 1 },
  bench: { entry: 'test/bench/bench.ts', missing: 1 },
  lab: { entry: 'test/lab/main.ts', missing: 1 },
  evaluate: { entry: 'test/evaluate/main.ts', missing: 1 },
};

/** Programs of the system, each with the names it goes by and Debian's package. */
const TOOLS = {
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    override: 'UNRESET_CHROMIUM',
    package: 'chromium',
  },
  firefox: { names: ['firefox-esr', 'firefox'], override: 'UNRESET_FIREFOX', package: 'firefox-esr' },
  certutil: { names: ['certutil'], package: 'libnss3-tools' },
  ip: { names: ['ip'], package: 'iproute2' },
  nft: { names: ['nft'], package: 'nftables' },
  haproxy: { names: ['haproxy'], package: 'haproxy' },
};

function say(text) {
  process.stderr.write(`${text}\n`);
}

function isThere(tool) {
  if (tool.override !== undefined && process.env[tool.override]) return true;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/sbin', '/snap/bin'];
  return tool.names.some((name) =>
    folders.some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
}

/** Runs `use` while nobody else does; several commands may be started side by side on a fresh clone. */
async function alone(name, use) {
  const lock = join(
    tmpdir(),
    `unreset-${process.getuid?.() ?? 0}-${createHash('sha256').update(`${ROOT}${name}`).digest('hex').slice(0, 12)}.lock`,
  );
  const giveUpAt = Date.now() + 600_000;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      let age = 0;
      try {
        age = Date.now() - statSync(lock).mtimeMs;
      } catch {
        continue;
      }
      // Its owner was killed.
      if (age > 300_000) {
        try {
          rmdirSync(lock);
        } catch {
          // Somebody else was quicker.
        }
        continue;
      }
      if (Date.now() > giveUpAt) throw new Error(`another run holds ${lock}; remove it if there is none`);
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  try {
    return await use();
  } finally {
    rmdirSync(lock);
  }
}

const LOCK_FILE = join(ROOT, 'package-lock.json');
const STAMP = join(ROOT, 'node_modules', '.unreset-lock');

function lockHash() {
  return createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex');
}

function arePackagesCurrent() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash()) return true;
  return statSync(installed).mtimeMs >= statSync(LOCK_FILE).mtimeMs - 1000;
}

async function installPackages() {
  if (arePackagesCurrent()) return true;
  return alone('packages', () => {
    if (arePackagesCurrent()) return true;
    say('Installing packages (npm ci)…');
    const npm = process.env.npm_execpath;
    const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
    const run = spawnSync(program, [...first, 'ci', '--no-audit', '--no-fund', '--include=dev'], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
    });
    if (run.status !== 0) return false;
    writeFileSync(STAMP, lockHash());
    return true;
  });
}

function neededTools(options) {
  if (command === 'build' || command === 'evaluate') return [];
  if (command === 'start' && options.url !== undefined) return [options.browser];
  if (command === 'start') return [options.browser, 'ip', 'certutil'];
  if (command === 'lab') return args.includes('--table') ? ['chromium', 'firefox', 'certutil', 'ip'] : ['ip', 'certutil'];
  return ['chromium', 'firefox', 'certutil', 'ip'];
}

/** What single scenarios of the lab are built with: installed where that may be, and never waited for; they are left out without it. */
function wantedTools() {
  return command === 'lab' || command === 'test' ? ['nft', 'haproxy'] : [];
}

async function installTools(needed, wanted) {
  const missingOf = (names) => names.map((name) => TOOLS[name]).filter((tool) => !isThere(tool));
  const mayInstall = process.getuid?.() === 0 && isThere({ names: ['apt-get'] });
  if (mayInstall && missingOf([...needed, ...wanted]).length > 0) {
    await alone('tools', () => {
      const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      let isUpdated = false;
      // One after the other: what is merely wanted must not keep back what is needed.
      for (const names of [needed, wanted]) {
        const packages = missingOf(names).map((tool) => tool.package);
        if (packages.length === 0) continue;
        say(`Installing ${packages.join(', ')} (apt-get)…`);
        if (!isUpdated) spawnSync('apt-get', ['update', '-q'], { stdio: ['ignore', 2, 2], env: environment });
        isUpdated = true;
        spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
          stdio: ['ignore', 2, 2],
          env: environment,
        });
      }
    });
  }
  const left = missingOf(needed);
  if (left.length === 0) return true;
  say(`Please install ${left.map((tool) => tool.package).join(', ')} with your system's package manager, then run this again.`);
  return false;
}

/** Hands over to TypeScript in one child, passing signals and the exit code through. */
function handOver(entry) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', 'tsx', join(ROOT, entry), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, UNRESET_INVOKED_FROM: process.env.INIT_CWD ?? process.cwd() },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}

const target = COMMANDS[command];
if (target === undefined) {
  say(`There is no command "${command}"; use npm start, npm test, npm run build, npm run bench, npm run lab or npm run evaluate.`);
  process.exitCode = 2;
} else {
  const parsed = command === 'start' ? parseOptions(args, process.env.INIT_CWD ?? process.cwd()) : { options: {} };
  if ('error' in parsed) {
    say(`npm start: ${parsed.error}`);
    process.exitCode = 2;
  } else if (!(await installPackages())) {
    say('The packages could not be installed; see above. Unreset needs Node 20.19 or later and npm with its registry.');
    process.exitCode = target.missing;
  } else if (!(await installTools(neededTools(parsed.options), wantedTools()))) {
    process.exitCode = target.missing;
  } else {
    handOver(target.entry);
  }
}
