import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const folders = new Set<string>();
const children = new Set<BrowserProcess>();

/** A folder of our own that is gone when this process ends, however it ends. */
export function temporaryDirectory(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `unreset-${name}-`));
  folders.add(folder);
  return folder;
}

export function removeDirectory(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  folders.delete(folder);
}

function cleanUp(): void {
  for (const child of children) child.killNow();
  for (const folder of [...folders]) {
    try {
      removeDirectory(folder);
    } catch {
      // A process that is just dying still writes there.
    }
  }
}

let isWatching = false;
/** Leaves nothing behind on exit, signals and the death of whoever started us. */
export function cleanUpOnExit(): void {
  if (isWatching) return;
  isWatching = true;
  process.on('exit', cleanUp);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => process.exit(code));
  }
  const parent = process.ppid;
  setInterval(() => {
    // Whoever started us was killed without a word.
    if (process.ppid !== parent) process.exit(143);
  }, 1000).unref();
}

/** A program's path, by its names; `override` names a variable that wins. */
export function findProgram(names: readonly string[], override: string): string | undefined {
  const chosen = process.env[override];
  if (chosen !== undefined && chosen !== '') return chosen;
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/snap/bin'];
  for (const name of names) {
    for (const place of places) {
      const path = join(place, name);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}

/** A browser as a process group of its own, so that nothing of it outlives us. */
export class BrowserProcess {
  /** Last words on its standard error, for messages. */
  lastWords = '';
  readonly exited: Promise<void>;
  private readonly child: ChildProcess;

  constructor(program: string, args: readonly string[], environment: NodeJS.ProcessEnv, hasPipe: boolean) {
    cleanUpOnExit();
    this.child = spawn(program, [...args], {
      detached: true,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe', ...(hasPipe ? (['pipe', 'pipe'] as const) : [])],
    });
    children.add(this);
    this.child.stderr?.on('data', (data: Buffer) => {
      // What a machine without a desktop makes Chromium say each time.
      const words = data.toString().replace(/^.*(dbus|unexpected operator).*\n?/gm, '');
      this.lastWords = `${this.lastWords}${words}`.slice(-2000);
    });
    this.exited = new Promise((done) => {
      this.child.once('exit', () => done());
      this.child.once('error', (error) => {
        this.lastWords = error.message;
        done();
      });
    });
    void this.exited.then(() => children.delete(this));
  }

  get hasExited(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** File descriptors 3 (to it) and 4 (from it). */
  get pipe(): { input: Writable; output: Readable } {
    return { input: this.child.stdio[3] as Writable, output: this.child.stdio[4] as Readable };
  }

  /** SIGKILL to the whole group, now. */
  killNow(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }

  /** Waits for it to leave by itself, then makes it. */
  async leave(patienceMs: number): Promise<void> {
    const timer = setTimeout(() => this.killNow(), patienceMs);
    await this.exited;
    clearTimeout(timer);
    // Helpers of its group that stayed.
    this.killNow();
  }

  async kill(): Promise<void> {
    this.killNow();
    await this.exited;
  }
}

/** Waits for `condition` by asking again and again, for what has no event to wait for. */
export async function poll<T>(
  condition: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  timeoutMs: number,
  what: string,
  everyMs = 40,
): Promise<T> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false && value !== null) return value;
    if (performance.now() > giveUpAt) throw new Error(`waited ${Math.round(timeoutMs / 1000)} s in vain for ${what}`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

export async function within<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`waited ${Math.round(timeoutMs / 1000)} s in vain for ${what}`)), timeoutMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
