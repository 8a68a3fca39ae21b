import * as v from 'valibot';
import type { Requests, RequestType } from './protocol';
import { REQUEST_SCHEMAS } from './schemas';

/** Answer of the worker to any request. */
export type Answer<Value> = { ok: true; value: Value } | { ok: false; error: string };

/** One handler for each request of the protocol. A throw becomes an answer that is not ok. */
export type Handlers = { [Type in RequestType]: (request: Requests[Type]['request']) => Promise<Requests[Type]['answer']> };

/** Who sent a message, as far as it is checked. */
export interface Sender {
  id?: string;
  url?: string;
  origin?: string;
}

/** How the worker knows its own pages. */
export interface Own {
  /** `runtime.id`. */
  id: string;
  /** `runtime.getURL('')`. */
  baseUrl: string;
}

/** Whether a sender is a page of this extension; content scripts and other extensions are not. */
export function isOwnPage(sender: Sender | undefined, own: Own): boolean {
  return sender?.id === own.id && sender.url !== undefined && sender.url.startsWith(own.baseUrl);
}

const isRequestType = (type: unknown): type is RequestType => typeof type === 'string' && Object.hasOwn(REQUEST_SCHEMAS, type);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** Checks the sender and the shape of a message and hands it to its handler; never rejects. */
export async function answer(message: unknown, sender: Sender | undefined, own: Own, handlers: Handlers): Promise<Answer<unknown>> {
  if (!isOwnPage(sender, own)) return { ok: false, error: 'refused: not a page of this extension' };
  if (typeof message !== 'object' || message === null) return { ok: false, error: 'refused: not a request' };
  const { type, ...rest } = message as { type?: unknown };
  if (!isRequestType(type)) return { ok: false, error: `refused: unknown request ${String(type).slice(0, 60)}` };
  const parsed = v.safeParse(REQUEST_SCHEMAS[type] as v.GenericSchema<unknown>, rest);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { ok: false, error: `refused: ${type}: ${v.getDotPath(issue) ?? ''} ${issue.message}`.slice(0, 300) };
  }
  try {
    const handle = handlers[type] as (request: unknown) => Promise<unknown>;
    return { ok: true, value: await handle(parsed.output) };
  } catch (error) {
    return { ok: false, error: reasonOf(error) };
  }
}
