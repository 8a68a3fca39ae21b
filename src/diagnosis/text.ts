import type { Message, MessageId } from '../model/message';

/** Name of a text that is put together from ids, as `_locales` spells it. The catalogue tests see that each exists. */
export const textId = (...parts: readonly string[]): MessageId => parts.join('_').replaceAll('-', '_') as MessageId;

/** A sentence by its name put together from ids. */
export const sentence = (parts: readonly string[], ...args: readonly (string | Message)[]): Message =>
  args.length > 0 ? { id: textId(...parts), args } : { id: textId(...parts) };
