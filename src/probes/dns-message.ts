/** Record types asked for (RFC 1035, RFC 3596). */
export const TYPE_A = 1;
export const TYPE_AAAA = 28;

/** A query in wire format (RFC 1035 §4), id 0 as RFC 8484 §4.1 asks. Throws on a name that does not fit. */
export function encodeQuery(host: string, type: number): Uint8Array {
  const bytes: number[] = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  const labels = host.replace(/\.$/, '').split('.');
  for (const label of labels) {
    const text = new TextEncoder().encode(label);
    if (text.length === 0 || text.length > 63) throw new Error('not a host name');
    bytes.push(text.length, ...text);
  }
  bytes.push(0, 0, type, 0, 1);
  if (bytes.length > 12 + 255 + 4) throw new Error('not a host name');
  return Uint8Array.from(bytes);
}

/** base64url without padding, as RFC 8484 writes a query into the URL. */
export function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** What an answer says; `undefined` when it is no answer at all. */
export interface DnsReply {
  /** RCODE: 0 no error, 3 no such name. */
  code: number;
  addresses: readonly string[];
}

/** End of the name at `at`, or undefined where it leaves the message. Pointers end a name. */
function skipName(view: DataView, at: number): number | undefined {
  let position = at;
  while (position < view.byteLength) {
    const length = view.getUint8(position);
    if (length === 0) return position + 1;
    if (length >= 0xc0) return position + 2 <= view.byteLength ? position + 2 : undefined;
    if (length > 63) return undefined;
    position += length + 1;
  }
  return undefined;
}

/** IPv6 as RFC 5952 writes it. */
function ipv6Text(groups: readonly number[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === 0) length += 1;
    if (length > best.length) best = { at, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.at < 0) return hex.join(':');
  return `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}`;
}

/** Reads a reply in wire format; A and AAAA records only. Whatever does not hold together gives undefined. */
export function parseReply(message: Uint8Array): DnsReply | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (view.byteLength < 12) return undefined;
  const flags = view.getUint16(2);
  if ((flags & 0x8000) === 0) return undefined;
  let at = 12;
  for (let left = view.getUint16(4); left > 0; left--) {
    const end = skipName(view, at);
    if (end === undefined || end + 4 > view.byteLength) return undefined;
    at = end + 4;
  }
  const addresses: string[] = [];
  for (let left = view.getUint16(6); left > 0; left--) {
    const end = skipName(view, at);
    if (end === undefined || end + 10 > view.byteLength) return undefined;
    const type = view.getUint16(end);
    const length = view.getUint16(end + 8);
    const data = end + 10;
    if (data + length > view.byteLength) return undefined;
    if (type === TYPE_A && length === 4) addresses.push([0, 1, 2, 3].map((offset) => view.getUint8(data + offset)).join('.'));
    if (type === TYPE_AAAA && length === 16)
      addresses.push(ipv6Text([0, 2, 4, 6, 8, 10, 12, 14].map((offset) => view.getUint16(data + offset))));
    at = data + length;
  }
  return { code: flags & 0x000f, addresses };
}
