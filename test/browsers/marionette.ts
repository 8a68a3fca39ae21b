import { createConnection, type Socket } from 'node:net';

/**
 * Firefox's own remote protocol: TCP, each message its length in bytes, a colon and JSON
 * `[0, id, command, parameters]`, answered by `[1, id, error, result]`. It is the only door to the
 * browser's chrome, where the real popup is.
 */
export class Marionette {
  isClosed = false;
  private nextId = 1;
  private received = Buffer.alloc(0);
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data: Buffer) => this.receive(data));
    socket.on('close', () => this.fail());
    socket.on('error', () => this.fail());
  }

  static connect(port: number): Promise<Marionette> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Marionette(socket));
      });
    });
  }

  send<T>(command: string, parameters: object = {}): Promise<T> {
    if (this.isClosed) return Promise.reject(new Error(`${command}: Firefox is gone`));
    const id = this.nextId;
    this.nextId += 1;
    const body = Buffer.from(JSON.stringify([0, id, command, parameters]));
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.socket.write(Buffer.concat([Buffer.from(`${body.length}:`), body]));
    });
  }

  /** Runs an async function body in the browser's chrome, with `args`; answers what it returns. */
  async inChrome<T>(body: string, args: readonly unknown[] = [], timeoutMs = 30_000): Promise<T> {
    // Firefox has one time limit for all scripts of a session.
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`script timeout after ${timeoutMs} ms`)), timeoutMs);
    });
    const answer = this.send<{ value: { ok: T } | { error: string } | null }>('WebDriver:ExecuteAsyncScript', {
      script: `const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1);
        (async () => { ${body} })().then((ok) => done({ ok: ok === undefined ? null : ok }), (error) => done({ error: String(error) + ' ' + (error && error.stack || '') }));`,
      args,
      sandbox: 'system',
      newSandbox: false,
    });
    const { value } = await Promise.race([answer, late]).finally(() => clearTimeout(timer));
    // The window went away under it.
    if (value === null) throw new Error('Browsing context has been discarded');
    if ('error' in value) throw new Error(value.error);
    return value.ok;
  }

  close(): void {
    this.socket.destroy();
    this.fail();
  }

  private fail(): void {
    this.isClosed = true;
    for (const { reject } of this.waiting.values()) reject(new Error('Firefox is gone'));
    this.waiting.clear();
  }

  private receive(data: Buffer): void {
    this.received = Buffer.concat([this.received, data]);
    for (;;) {
      const colon = this.received.indexOf(':');
      if (colon < 0) return;
      const length = Number(this.received.toString('latin1', 0, colon));
      if (this.received.length < colon + 1 + length) return;
      const message = JSON.parse(this.received.toString('utf8', colon + 1, colon + 1 + length)) as unknown;
      this.received = this.received.subarray(colon + 1 + length);
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message as [number, number, { error: string; message: string } | null, unknown];
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === null) waiting?.resolve(result);
      else waiting?.reject(new Error(`${error.error}: ${error.message}`));
    }
  }
}
