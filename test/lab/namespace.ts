import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Set inside a namespace made by `runInNamespace`. */
const MARK = 'UNRESET_LAB_NAMESPACE';
const SETUP = fileURLToPath(new URL('./namespace.sh', import.meta.url));

/** Whether this process runs inside a namespace of the lab. */
export function isInNamespace(): boolean {
  return process.env[MARK] === '1';
}

function unshareArguments(): string[] {
  return process.getuid?.() === 0 ? ['-nm'] : ['-rnm'];
}

/** Whether this system lets us make a network and mount namespace with all that the lab needs. */
export function isNamespacePossible(): boolean {
  if (isInNamespace()) return true;
  if (process.platform !== 'linux') return false;
  return spawnSync('unshare', [...unshareArguments(), 'sh', SETUP, 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/**
 * Starts a command in a namespace of its own: online to a browser, able to take any public address,
 * names asked at 127.0.0.1. It has no way to the real internet.
 */
export function spawnInNamespace(command: string, commandArguments: readonly string[], options: SpawnOptions = {}): ChildProcess {
  return spawn('unshare', [...unshareArguments(), 'sh', SETUP, command, ...commandArguments], {
    ...options,
    env: { ...(options.env ?? process.env), [MARK]: '1' },
  });
}

/** Runs a command in a namespace with this process's own output, and gives its exit code. */
export async function runInNamespace(command: string, commandArguments: readonly string[], options: SpawnOptions = {}): Promise<number> {
  const child = spawnInNamespace(command, commandArguments, { stdio: 'inherit', ...options });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
