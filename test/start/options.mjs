// Plain JavaScript: read before anything is installed, so that wrong usage is told at once.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const USAGE =
  'npm start -- [--url URL] [--browser chromium|firefox] [--headless] [--report FILE.json] [--browser-arg ARG]… [--with-extension DIR]… [--timeout SECONDS] [--allow all|none]';

class UsageError extends Error {}

/** @param {string} path */
function isDirectory(path) {
  return existsSync(path) && statSync(path).isDirectory();
}

const READERS = {
  '--url': (options, value) => {
    let url;
    try {
      url = new URL(value);
    } catch {
      const guess = /^[a-z0-9.-]+(:\d+)?(\/|$)/i.test(value) ? `; did you mean http://${value} ?` : ', such as http://example.org/';
      throw new UsageError(`--url needs a whole address and got "${value}"${guess}`);
    }
    if (!['http:', 'https:'].includes(url.protocol)) {
      throw new UsageError(`--url must begin with http:// or https:// and got "${value}"; only pages of the web can be reset`);
    }
    options.url = url.href;
  },
  '--browser': (options, value) => {
    if (value !== 'chromium' && value !== 'firefox') throw new UsageError(`--browser is chromium or firefox, not "${value}"`);
    options.browser = value;
  },
  '--report': (options, value, cwd) => {
    const path = resolve(cwd, value);
    if (isDirectory(path)) throw new UsageError(`--report needs a file and "${value}" is a folder; write ${join(value, 'report.json')}`);
    if (!isDirectory(dirname(path))) throw new UsageError(`--report: there is no folder "${dirname(path)}"; make it first`);
    try {
      accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
    } catch {
      throw new UsageError(`--report: "${value}" cannot be written; name a file in a folder of yours`);
    }
    options.report = path;
  },
  '--browser-arg': (options, value) => {
    options.browserArguments.push(value);
  },
  '--with-extension': (options, value, cwd) => {
    const path = resolve(cwd, value);
    if (!existsSync(join(path, 'manifest.json'))) {
      throw new UsageError(`--with-extension needs the folder of an unpacked extension and "${value}" has no manifest.json in it`);
    }
    options.extensions.push(path);
  },
  '--timeout': (options, value) => {
    const seconds = Number(value);
    if (value.trim() === '' || !Number.isFinite(seconds) || seconds <= 0 || seconds > 86_400) {
      throw new UsageError(`--timeout needs seconds above 0, such as --timeout 90, and got "${value}"`);
    }
    options.timeoutMs = seconds * 1000;
  },
  '--allow': (options, value) => {
    if (value !== 'all' && value !== 'none') throw new UsageError(`--allow is all or none, not "${value}"`);
    options.allow = value;
  },
};

export function parseOptions(args, workingDirectory) {
  const options = {
    browser: 'chromium',
    isHeadless: false,
    browserArguments: [],
    extensions: [],
    timeoutMs: 90_000,
  };
  try {
    for (let index = 0; index < args.length; index += 1) {
      const argument = args[index];
      if (argument === '--headless') {
        options.isHeadless = true;
        continue;
      }
      const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
      const name = equals > 0 ? argument.slice(0, equals) : argument;
      const read = READERS[name];
      if (read === undefined) throw new UsageError(`unknown option "${argument}"; use ${USAGE}`);
      let value = argument.slice(equals + 1);
      if (equals <= 0) {
        index += 1;
        value = args[index];
        // An argument for the browser begins with dashes itself; no other value does.
        if (value === undefined || (name !== '--browser-arg' && value.startsWith('--'))) {
          throw new UsageError(`${name} needs a value; use ${USAGE}`);
        }
      }
      if (value === '') throw new UsageError(`${name} needs a value and got an empty one; use ${USAGE}`);
      read(options, value, workingDirectory);
    }
    if (options.url === undefined && options.extensions.length > 0) {
      throw new UsageError('--with-extension goes with --url; the lab brings extensions of its own');
    }
    // In the lab nothing leaves this machine, so the whole job is shown; elsewhere every yes is the person's.
    options.allow ??= options.url === undefined ? 'all' : 'none';
    return { options };
  } catch (error) {
    if (error instanceof UsageError) return { error: error.message };
    throw error;
  }
}
