import type messages from '../../public/_locales/en/messages.json';

/** Name of a text in `public/_locales`. A missing text is a type error. */
export type MessageId = keyof typeof messages;

/**
 * A sentence for people that is not yet in a language: pure code returns these, and the edges
 * (pages, report) render them with the browser's `i18n.getMessage`.
 * `args` fill `$1`…`$9`; an argument may itself be a message.
 */
export interface Message {
  id: MessageId;
  args?: readonly (string | Message)[];
}
