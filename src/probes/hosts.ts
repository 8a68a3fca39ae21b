/** Address of an IP-literal host without brackets, or undefined for a name. */
export function literalAddress(host: string): { address: string; family: 4 | 6 } | undefined {
  if (host.startsWith('[') && host.endsWith(']')) return { address: host.slice(1, -1), family: 6 };
  const parts = host.split('.');
  if (parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return { address: host, family: 4 };
  return undefined;
}

/** Family of an address in text, by its shape. */
export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** An address as a URL's host: IPv6 in brackets, a zone left away. */
export function addressAsHost(address: string): string {
  return familyOf(address) === 6 ? `[${address.split('%')[0]}]` : address;
}

/** Loopback, RFC 1918, link-local, shared (RFC 6598) and unique-local addresses. */
export function isPrivateAddress(address: string): boolean {
  if (familyOf(address) === 6) {
    const text = address.toLowerCase();
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text);
    if (mapped?.[1]) return isPrivateAddress(mapped[1]);
    return text === '::1' || text === '::' || /^f[cd]/.test(text) || /^fe[89ab]/.test(text);
  }
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 127 ||
    a === 10 ||
    a === 0 ||
    (a === 192 && b === 168) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127)
  );
}

const PRIVATE_SUFFIXES = ['.local', '.internal', '.localhost', '.lan', '.home.arpa', '.home', '.corp', '.intranet'];

/** Names and literals that mean this device or a private network: probed one request at a time and never told to anybody outside. */
export function isPrivateHost(host: string): boolean {
  const literal = literalAddress(host);
  if (literal) return isPrivateAddress(literal.address);
  const name = host.toLowerCase().replace(/\.$/, '');
  return !name.includes('.') || PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/** Whether a host, as the URL parser gives it, is this very device (RFC 6761, RFC 1122, RFC 4291). */
export function isLoopbackHost(host: string): boolean {
  const address = literalAddress(host)?.address;
  return address === undefined ? /(?:^|\.)localhost\.?$/i.test(host) : address.startsWith('127.') || address === '::1';
}

/** Second-level labels that registries use below country codes (`co.uk`, `com.au`): the registrable domain has three labels there. */
const REGISTRY_LABELS = new Set([
  'co',
  'com',
  'net',
  'org',
  'gov',
  'edu',
  'ac',
  'or',
  'ne',
  'go',
  'gob',
  'gouv',
  'mil',
  'nom',
  'ltd',
  'plc',
  'sch',
  'nhs',
  'id',
]);

/** The registrable domain by simple rules, without a public-suffix list: wrong now and then on shared hosting, where a sibling then simply does not answer. */
export function registrableDomain(host: string): string | undefined {
  if (literalAddress(host) || isPrivateHost(host)) return undefined;
  const labels = host.replace(/\.$/, '').split('.');
  const last = labels.at(-1) ?? '';
  const second = labels.at(-2) ?? '';
  const wanted = last.length === 2 && REGISTRY_LABELS.has(second) ? 3 : 2;
  return labels.length >= wanted ? labels.slice(-wanted).join('.') : undefined;
}

/** Other hostnames of the same site worth trying, best first, at most two: www against bare, then the parent domains. */
export function siblingHosts(host: string): readonly string[] {
  const domain = registrableDomain(host);
  if (!domain) return [];
  const candidates = host === domain ? [`www.${host}`] : host === `www.${domain}` ? [domain] : [domain, `www.${domain}`];
  return candidates.filter((candidate) => candidate !== host).slice(0, 2);
}
