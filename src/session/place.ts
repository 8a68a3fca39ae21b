import type { Place } from '../diagnosis/weights/priors';

/** What kind of address this is, as far as routing goes; `bogus` never belongs to a public site. */
export type AddressKind = 'public' | 'private-network' | 'loopback' | 'bogus';

const PRIVATE_SUFFIXES = ['.local', '.internal', '.lan', '.home.arpa', '.home', '.corp', '.intranet'];

/** Documentation, benchmark, unspecified, multicast and reserved ranges (RFC 6890): favourites of resolvers that sink a name. */
const isBogusV4 = (a: number, b: number, c: number): boolean =>
  a === 0 ||
  a >= 224 ||
  (a === 192 && b === 0 && (c === 2 || c === 0)) ||
  (a === 198 && (b === 18 || b === 19)) ||
  (a === 198 && b === 51 && c === 100) ||
  (a === 203 && b === 0 && c === 113);

/** Family of an address in text, by its shape. */
export const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

const literalOf = (host: string): string | undefined => {
  if (host.startsWith('[') && host.endsWith(']')) return host.slice(1, -1);
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) ? host : undefined;
};

/** Sorts an address without brackets. */
export const addressKind = (address: string): AddressKind => {
  const text = address.toLowerCase().split('%')[0] ?? '';
  if (familyOf(text) === 6) {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
    if (mapped) return addressKind(mapped);
    if (text === '::1') return 'loopback';
    if (text === '::' || text.startsWith('ff') || text.startsWith('2001:db8:') || text.startsWith('100:')) return 'bogus';
    return /^f[cd]/.test(text) || /^fe[89ab]/.test(text) ? 'private-network' : 'public';
  }
  const [a = 0, b = 0, c = 0] = text.split('.').map(Number);
  if (a === 127) return 'loopback';
  if (isBogusV4(a, b, c)) return 'bogus';
  const isPrivate =
    a === 10 ||
    (a === 192 && b === 168) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127);
  return isPrivate ? 'private-network' : 'public';
};

/** Whether two addresses are neighbours: the same /24 (IPv4) or /48 (IPv6), which one operator announces. */
export const areNeighbours = (one: string, other: string): boolean => {
  if (familyOf(one) !== familyOf(other)) return false;
  if (one === other) return true;
  const prefix = (address: string) =>
    familyOf(address) === 4 ? address.split('.').slice(0, 3).join('.') : expand(address).slice(0, 3).join(':');
  return prefix(one) === prefix(other);
};

const expand = (address: string): string[] => {
  const [head = '', tail] = (address.toLowerCase().split('%')[0] ?? '').split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].map((group) => Number.parseInt(group, 16).toString(16));
};

/** Where a host is by its name alone; undefined never: a name that looks public is taken for public. */
export const placeOfHost = (host: string): Place => {
  const literal = literalOf(host);
  if (literal) {
    const kind = addressKind(literal);
    return kind === 'bogus' ? 'public' : kind;
  }
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return 'loopback';
  return !name.includes('.') || PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix)) ? 'private-network' : 'public';
};
