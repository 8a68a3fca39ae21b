import type { Authority } from './authority';
import { answerQuery } from './dns';
import type { Internet, Request, Response } from './internet';
import { httpHandler, httpsHandler } from './internet';
import type { Zone } from './zone';

/** What a control host answers for a path; undefined: 404. */
type Answer = { status: number; type?: string; body?: string };
type Answers = Readonly<Record<string, Answer>>;

interface Vendor {
  name: string;
  hosts: Readonly<Record<string, Answers>>;
}

const NO_CONTENT: Answer = { status: 204 };
const APPLE_SUCCESS: Answer = {
  status: 200,
  type: 'text/html',
  body: '<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>',
};
const GENERATE_204: Answers = { '/generate_204': NO_CONTENT, '/gen_204': NO_CONTENT };

/** The connectivity addresses of browser and system vendors, with their published answers. */
const VENDORS: readonly Vendor[] = [
  {
    name: 'google',
    hosts: {
      'connectivitycheck.gstatic.com': GENERATE_204,
      'www.gstatic.com': GENERATE_204,
      'clients3.google.com': GENERATE_204,
      'www.google.com': { ...GENERATE_204, '/': { status: 200, type: 'text/html', body: '<title>Search</title>' } },
    },
  },
  {
    name: 'cloudflare',
    hosts: {
      'cp.cloudflare.com': { '/generate_204': NO_CONTENT, '/': NO_CONTENT },
      'www.cloudflare.com': { '/': { status: 200, type: 'text/html', body: '<title>Welcome</title>' } },
    },
  },
  {
    name: 'apple',
    hosts: {
      'captive.apple.com': { '/hotspot-detect.html': APPLE_SUCCESS, '/': APPLE_SUCCESS },
      'www.apple.com': { '/library/test/success.html': APPLE_SUCCESS },
    },
  },
  {
    name: 'mozilla',
    hosts: {
      'detectportal.firefox.com': {
        '/success.txt': { status: 200, type: 'text/plain', body: 'success\n' },
        '/canonical.html': {
          status: 200,
          type: 'text/html',
          body: '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
        },
      },
    },
  },
  {
    name: 'microsoft',
    hosts: {
      'www.msftconnecttest.com': { '/connecttest.txt': { status: 200, type: 'text/plain', body: 'Microsoft Connect Test' } },
      'edge-http.microsoft.com': { '/captiveportal/generate_204': NO_CONTENT },
    },
  },
];

/** Independent resolvers speaking DNS over HTTPS, at their well-known addresses. */
const RESOLVERS = [
  {
    vendor: 'google',
    names: ['dns.google', 'dns.google.com'],
    a: ['8.8.8.8', '8.8.4.4'],
    wirePath: '/dns-query',
    jsonPath: '/resolve',
    isOpenToPages: true,
  },
  {
    vendor: 'cloudflare',
    names: ['cloudflare-dns.com', 'one.one.one.one', 'mozilla.cloudflare-dns.com', 'chrome.cloudflare-dns.com'],
    a: ['1.1.1.1', '1.0.0.1'],
    wirePath: '/dns-query',
    jsonPath: '/dns-query',
    isOpenToPages: true,
  },
  {
    vendor: 'quad9',
    names: ['dns.quad9.net', 'dns9.quad9.net'],
    a: ['9.9.9.9', '149.112.112.112'],
    wirePath: '/dns-query',
    jsonPath: undefined,
    isOpenToPages: false,
  },
] as const;

/** Names of all vendors that have a root of their own. */
export const VENDOR_NAMES: readonly string[] = [...new Set([...VENDORS.map(({ name }) => name), ...RESOLVERS.map(({ vendor }) => vendor)])];

/** What a scenario may want to know of a vendor. */
export interface VendorPlaces {
  name: string;
  hosts: readonly string[];
  addresses: readonly string[];
}

function respond(response: Response, answer: Answer): void {
  const body = answer.body ?? '';
  response.statusCode = answer.status;
  response.setHeader('content-type', answer.type ?? 'text/plain');
  response.setHeader('cache-control', 'no-store');
  if (answer.status !== 204) response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}

/** Host that a request is for, without port, in either HTTP version. */
export function hostOf(request: Request): string {
  const authority = 'authority' in request && request.authority ? request.authority : request.headers.host;
  return (authority ?? '').replace(/:\d+$/, '').toLowerCase();
}

interface Listening {
  internet: Internet;
  authority: Authority;
  names: readonly string[];
  addresses: readonly string[];
}

async function listenBoth(
  { internet, authority, names, addresses }: Listening,
  app: (request: Request, response: Response) => void,
): Promise<void> {
  const certificate = await authority.issue([...names, ...addresses]);
  const plain = httpHandler(app);
  const secure = httpsHandler({ certificate, isHttp2: true }, app);
  for (const address of addresses) {
    internet.listen({ address, port: 80 }, plain);
    internet.listen({ address, port: 443 }, secure);
  }
}

/** Brings the vendors' control hosts up; each vendor has addresses and a root of its own. */
export async function addControls(internet: Internet, roots: ReadonlyMap<string, Authority>): Promise<readonly VendorPlaces[]> {
  const places: VendorPlaces[] = [];
  for (const vendor of VENDORS) {
    const authority = roots.get(vendor.name);
    if (!authority) throw new Error(`No root for ${vendor.name}`);
    const v4 = internet.draw.publicV4();
    const v6 = internet.hasIpv6 && internet.isNamespace ? [internet.draw.publicV6()] : [];
    const hosts = Object.keys(vendor.hosts);
    for (const host of hosts) internet.zone.set(host, { a: [v4], aaaa: v6, ttl: internet.draw.int(60, 300) });
    await listenBoth({ internet, authority, names: hosts, addresses: [v4, ...v6] }, (request, response) => {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const host = hostOf(request);
      if (path === '/cdn-cgi/trace' && vendor.name === 'cloudflare') {
        respond(response, { status: 200, body: `h=${host}\nip=${request.socket.remoteAddress}\nloc=DE\nwarp=off\n` });
        return;
      }
      respond(response, vendor.hosts[host]?.[path] ?? { status: 404, body: 'Not found\n' });
    });
    places.push({ name: vendor.name, hosts, addresses: [v4, ...v6] });
  }
  return places;
}

function answerJson(zone: Zone, url: URL): string {
  const name = (url.searchParams.get('name') ?? '').replace(/\.$/, '');
  const asked = (url.searchParams.get('type') ?? 'A').toUpperCase();
  const isSix = asked === 'AAAA' || asked === '28';
  const records = zone.find('independent', name);
  const isAddress = isSix || asked === 'A' || asked === '1';
  const addresses = isAddress ? (records?.[isSix ? 'aaaa' : 'a'] ?? []) : [];
  const type = isSix ? 28 : 1;
  return JSON.stringify({
    Status: records ? 0 : 3,
    TC: false,
    RD: true,
    RA: true,
    AD: false,
    CD: false,
    Question: [{ name: `${name}.`, type }],
    ...(addresses.length > 0 ? { Answer: addresses.map((data) => ({ name: `${name}.`, type, TTL: records?.ttl ?? 60, data })) } : {}),
  });
}

/** Brings the independent resolvers up: RFC 8484 by GET and POST, and the JSON form where the vendor has one. They tell the independent view. */
export async function addResolvers(internet: Internet, roots: ReadonlyMap<string, Authority>): Promise<void> {
  for (const resolver of RESOLVERS) {
    const authority = roots.get(resolver.vendor);
    if (!authority) throw new Error(`No root for ${resolver.vendor}`);
    for (const name of resolver.names) internet.zone.set(name, { a: resolver.a, aaaa: [], ttl: 300 });
    await listenBoth({ internet, authority, names: resolver.names, addresses: resolver.a }, (request, response) => {
      const url = new URL(request.url ?? '/', 'https://resolver.invalid');
      response.setHeader('cache-control', 'max-age=1');
      if (resolver.isOpenToPages) response.setHeader('access-control-allow-origin', '*');
      const wire = (query: Buffer) => {
        const name = query.toString('latin1', 12, Math.min(query.length, 80));
        internet.note(`${resolver.vendor} resolver asked, ${query.length} bytes for ${JSON.stringify(name.replace(/[^a-z0-9-]/gi, '.'))}`);
        response.setHeader('content-type', 'application/dns-message');
        response.end(answerQuery(internet.zone, 'independent', query));
      };
      const dns = url.searchParams.get('dns');
      if (url.pathname === resolver.wirePath && request.method === 'POST') {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => wire(Buffer.concat(chunks)));
      } else if (url.pathname === resolver.wirePath && dns !== null) wire(Buffer.from(dns, 'base64url'));
      else if (url.pathname === resolver.jsonPath && url.searchParams.has('name')) {
        response.setHeader('content-type', 'application/dns-json');
        response.end(answerJson(internet.zone, url));
      } else respond(response, { status: 400, body: 'Bad request\n' });
    });
  }
}
