/** Longest host shown in one piece, characters. */
const SHOWN_LENGTH = 48;

/** How a host is shown: always its true (ASCII) form, and what it reads like where it is an internationalised name. */
export interface HostName {
  /** The host as the URL parser gives it. */
  full: string;
  /** Bounded for a heading: the middle left out where long. */
  short: string;
  isShortened: boolean;
  /** Unicode form of an internationalised name; absent where there is none or it could not be shown safely. */
  reads?: string;
  /** Letters of more than one writing system in one label: the classic disguise. */
  isMixed: boolean;
}

/** Leaves out the middle of a text longer than `max` characters. */
export function shortenMiddle(text: string, max: number): string {
  const characters = Array.from(text);
  if (characters.length <= max) return text;
  const tail = Math.floor((max - 1) / 2);
  const head = max - 1 - tail;
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('')}`;
}

/** Prepares a host for showing. */
export function nameHost(host: string): HostName {
  const short = shortenMiddle(host, SHOWN_LENGTH);
  const labels = host.slice(0, 253).split('.');
  const decoded = labels.map((label) => (label.startsWith('xn--') ? decodePunycode(label.slice(4)) : label));
  const isShown = labels.some((label) => label.startsWith('xn--')) && decoded.every((label) => label !== undefined && isSafe(label));
  const base = { full: host, short, isShortened: short !== host };
  if (!isShown) return { ...base, isMixed: false };
  return { ...base, reads: decoded.join('.'), isMixed: decoded.some((label) => scriptsOf(label ?? '') > 1) };
}

/** Invisible, direction-changing and control characters never reach the heading. */
function isSafe(label: string): boolean {
  return !/[\p{C}\p{Z}]|^\p{M}/u.test(label);
}

const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Devanagari}/u,
  /\p{Script=Thai}/u,
  // Japanese and Korean names mix these by nature, so they count as one.
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u,
];

function scriptsOf(label: string): number {
  return SCRIPTS.filter((script) => script.test(label)).length;
}

/** RFC 3492 section 6.2; undefined where the text is no punycode. */
export function decodePunycode(input: string): string | undefined {
  const split = input.lastIndexOf('-');
  const output = split > 0 ? Array.from(input.slice(0, split), (character) => character.codePointAt(0) ?? 0) : [];
  let code = 128;
  let index = 0;
  let bias = 72;
  for (let at = split > 0 ? split + 1 : 0; at < input.length; ) {
    const before = index;
    let weight = 1;
    for (let k = 36; ; k += 36) {
      const digit = digitOf(input.charCodeAt(at));
      at += 1;
      if (digit === undefined) return undefined;
      index += digit * weight;
      if (!Number.isSafeInteger(index)) return undefined;
      const threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    const count = output.length + 1;
    bias = adapt(index - before, count, before === 0);
    code += Math.floor(index / count);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    index %= count;
    output.splice(index, 0, code);
    index += 1;
  }
  return String.fromCodePoint(...output);
}

function digitOf(unit: number): number | undefined {
  if (unit >= 48 && unit <= 57) return unit - 22;
  if (unit >= 97 && unit <= 122) return unit - 97;
  if (unit >= 65 && unit <= 90) return unit - 65;
  return undefined;
}

function adapt(delta: number, count: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / 700) : delta >> 1;
  rest += Math.floor(rest / count);
  let k = 0;
  while (rest > 455) {
    rest = Math.floor(rest / 35);
    k += 36;
  }
  return k + Math.floor((36 * rest) / (rest + 38));
}
