import { api } from '../platform/api';
import type { Requests, RequestType } from './protocol';
import type { Answer } from './serve';

/** Sends a request to the worker. Rejects with the worker's reason when it refuses, or when it cannot be reached. */
export async function send<Type extends RequestType>(type: Type, request: Requests[Type]['request']): Promise<Requests[Type]['answer']> {
  const answer = await api.runtime.sendMessage<unknown, Answer<Requests[Type]['answer']> | undefined>({ ...request, type });
  if (!answer) throw new Error(`no answer to ${type}`);
  if (!answer.ok) throw new Error(answer.error);
  return answer.value;
}
