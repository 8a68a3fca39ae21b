import type { Readable, Writable } from 'node:stream';

interface Answer {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}
type Listener = (params: Record<string, unknown>) => void;

/** A target that hangs or is just going away may never answer, ms. Whole navigations take longer and bring their own limit. */
const ANSWER_LIMIT_MS = 20_000;

/** Chromium's own protocol over the pipe of `--remote-debugging-pipe`: messages end with a zero byte. */
export class CdpConnection {
  isClosed = false;
  private nextId = 1;
  private rest: Buffer[] = [];
  private readonly waiting = new Map<
    number,
    { sessionId: string | undefined; resolve: (value: Record<string, unknown>) => void; reject: (error: Error) => void }
  >();
  private readonly sessions = new Map<string, CdpSession>();
  readonly browser = new CdpSession(this, undefined);

  constructor(
    private readonly input: Writable,
    output: Readable,
  ) {
    output.on('data', (data: Buffer) => this.receive(data));
    output.on('close', () => this.close());
    output.on('error', () => this.close());
    input.on('error', () => this.close());
  }

  send(method: string, params: object, sessionId: string | undefined): Promise<Record<string, unknown>> {
    if (this.isClosed) return Promise.reject(new Error(`${method}: the browser is gone`));
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      const timer =
        method === 'Page.navigate'
          ? undefined
          : setTimeout(() => {
              this.waiting.delete(id);
              reject(new Error(`${method}: no answer`));
            }, ANSWER_LIMIT_MS);
      this.waiting.set(id, {
        sessionId,
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  session(id: string): CdpSession {
    const known = this.sessions.get(id);
    if (known !== undefined) return known;
    const session = new CdpSession(this, id);
    this.sessions.set(id, session);
    return session;
  }

  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { reject } of this.waiting.values()) reject(new Error('the browser is gone'));
    this.waiting.clear();
    for (const session of this.sessions.values()) session.isDetached = true;
  }

  private receive(data: Buffer): void {
    let from = 0;
    for (let end = data.indexOf(0); end >= 0; end = data.indexOf(0, from)) {
      this.rest.push(data.subarray(from, end));
      this.dispatch(JSON.parse(Buffer.concat(this.rest).toString('utf8')) as Answer);
      this.rest = [];
      from = end + 1;
    }
    this.rest.push(data.subarray(from));
  }

  private dispatch(message: Answer): void {
    if (message.id !== undefined) {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error !== undefined) waiting?.reject(new Error(message.error.message));
      else waiting?.resolve(message.result ?? {});
      return;
    }
    const params = message.params ?? {};
    if (message.method === 'Target.detachedFromTarget') {
      const id = String(params.sessionId);
      const session = this.sessions.get(id);
      if (session !== undefined) session.isDetached = true;
      this.sessions.delete(id);
      for (const [order, waiting] of this.waiting) {
        if (waiting.sessionId !== id) continue;
        this.waiting.delete(order);
        waiting.reject(new Error('the page is gone'));
      }
    }
    const session = message.sessionId === undefined ? this.browser : this.sessions.get(message.sessionId);
    session?.emit(message.method ?? '', params);
  }
}

/** One attached target, or the browser itself. */
export class CdpSession {
  isDetached = false;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(
    private readonly connection: CdpConnection,
    private readonly id: string | undefined,
  ) {}

  async send<T = Record<string, unknown>>(method: string, params: object = {}): Promise<T> {
    return (await this.connection.send(method, params, this.id)) as T;
  }

  on(event: string, listener: Listener): () => void {
    const all = this.listeners.get(event) ?? new Set();
    all.add(listener);
    this.listeners.set(event, all);
    return () => all.delete(listener);
  }

  emit(event: string, params: Record<string, unknown>): void {
    for (const listener of this.listeners.get(event) ?? []) listener(params);
  }
}
