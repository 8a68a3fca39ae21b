import type { Message, MessageId } from '../model/message';

/** `i18n.getMessage`: empty where the text is missing. */
export type GetMessage = (id: string, substitutions: string[]) => string;

/** Renders sentences in the browser's language. */
export interface Texts {
  /** A message with its arguments, arguments that are messages rendered first. */
  render(message: Message): string;
  /** The text of an id, `$1`… filled by `args`. A missing text gives its id. */
  text(id: MessageId, ...args: (string | Message)[]): string;
}

/** Makes the renderer from `i18n.getMessage`, handed in. */
export function createTexts(getMessage: GetMessage): Texts {
  const render = ({ id, args = [] }: Message): string =>
    // getMessage gives nothing at all when handed more than nine substitutions.
    getMessage(
      id,
      args.slice(0, 9).map((arg) => (typeof arg === 'string' ? arg : render(arg))),
    ) || id;
  return { render, text: (id, ...args) => render({ id, args }) };
}
