import type { Message } from '../model/message';
import type { SessionView } from '../model/session';
import { maskPath } from './path';
import type { TextOf } from './words';

/** Words that stand where something was left out. */
export interface Masks {
  address: string;
  privateAddress: string;
  hardwareAddress: string;
  email: string;
  page: string;
  value: string;
  extension: string;
}

/** Cleans whatever goes into a report. Every function may be applied twice with the same result. */
export interface Redactor {
  /** A sentence or name. */
  text(value: string): string;
  /** An address known to be one; `''` where it cannot be read as one. */
  url(value: string): string;
  /** A message, its arguments cleaned; our own words are left as they are. */
  message(message: Message): Message;
  /** Name of an installed extension. */
  extension(name: string): string;
}

/** Masks in the language of `text`. */
export function masksIn(text: TextOf): Masks {
  return {
    address: text('report_masked_address'),
    privateAddress: text('report_masked_private_address'),
    hardwareAddress: text('report_masked_hardware_address'),
    email: text('report_masked_email'),
    page: text('report_masked_page'),
    value: text('report_masked_value'),
    extension: text('report_masked_extension'),
  };
}

const MAX_TEXT_LENGTH = 4_000;
// Controls, the invisible characters that turn or hide text around them, and the two that stand for what is set aside below. Joiners (U+200C, U+200D) are part of words in some scripts.
const INVISIBLE = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ue000\ue001]/gu;

/** Without controls and text-turning characters, and no longer than 4,000 characters. Done to every report, redacted or not. */
export function withoutInvisible(value: string): string {
  const clean = value.replace(/[\t\r\n]+/g, ' ').replace(INVISIBLE, '');
  return clean.length > MAX_TEXT_LENGTH ? `${clean.slice(0, MAX_TEXT_LENGTH - 1).replace(/\p{Cs}$/u, '')}…` : clean;
}

const WEB_SCHEMES = ['http:', 'https:', 'ws:', 'wss:', 'ftp:'];
const ANY_URL = /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s<>"'`´‘’“”«»]+/gi;
const OPAQUE_URL = /\b(?:data|blob|javascript|mailto|view-source|filesystem):[^\s<>"'`]+/gi;
const CHUNK = /[^\s<>"'`]+/g;
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/giu;
const USER_PATH = /([\\/](?:users|home|documents and settings)[\\/])(?:[^\\/:*?"<>|\r\n]+(?=\\)|[^\\/\s"'<>,;]+)/gi;
const SECRET_PAIR =
  /\b((?:access_|refresh_|id_|csrf_?|xsrf_?)?(?:token|code|key|apikey|api_key|sig|signature|session|sessionid|jsessionid|phpsessid|sid|auth|authorization|password|passwd|pwd|secret))(\s*=\s*)[^\s&;,"')]+/gi;
const COOKIE_LINE = /\b((?:set-)?cookie\s*:\s*)[^\r\n]+/gi;
const IPV4 = /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g;
const IPV6 = /(?<![\w:.])\[?(?=[0-9a-f:]*:[0-9a-f]*:)[0-9a-f:]{2,45}(?:\d{1,3}(?:\.\d{1,3}){3})?(?:%[\w.]+)?(?:\]|(?![\w:]))/gi;
const HARDWARE_ADDRESS = /(?<![\w:-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\w:-])/gi;

/** Address in its one spelling, or undefined where it is none. */
function normalAddress(value: string): string | undefined {
  const bare = value.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (bare.includes(':')) {
    const url = URL.canParse(`http://[${bare}]/`) ? new URL(`http://[${bare}]/`) : undefined;
    return url?.hostname.replace(/^\[|\]$/g, '');
  }
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(bare) && bare.split('.').every((part) => Number(part) < 256) ? bare : undefined;
}

type AddressKind = 'nobody' | 'private' | 'public';

/** Loopback and the unspecified address tell nothing about anybody. */
function addressKind(address: string): AddressKind {
  if (address.includes(':')) {
    const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
    if (mapped) {
      const number = (Number.parseInt(mapped[1] ?? '0', 16) << 16) | Number.parseInt(mapped[2] ?? '0', 16);
      return addressKind([24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.'));
    }
    if (address === '::' || address === '::1') return 'nobody';
    return /^(?:f[cd]|fe[89a-f])/.test(address) ? 'private' : 'public';
  }
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 127 || address === '0.0.0.0') return 'nobody';
  const isPrivate =
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128);
  return isPrivate ? 'private' : 'public';
}

/** Whether a label of this host is a bare address. */
function hostAddress(host: string): string | undefined {
  return normalAddress(host);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname || undefined : undefined;
}

/** Strings anywhere within a value that came as JSON. */
function* stringsIn(value: unknown, depth = 0): Generator<[key: string, value: string]> {
  if (depth > 8 || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string') yield [key, inner];
    else if (Array.isArray(inner)) {
      for (const item of inner) {
        if (typeof item === 'string') yield [key, item];
        else yield* stringsIn(item, depth + 1);
      }
    } else yield* stringsIn(inner, depth + 1);
  }
}

/** What a redacted report may name. */
interface Known {
  /** Failing host, as the URL parser gives it. */
  host: string;
  /** Hosts that Unreset itself spoke to, that a redirect led to, or that are set as proxy. */
  hosts: ReadonlySet<string>;
  /** Addresses of the failing site. */
  addresses: ReadonlySet<string>;
}

/** Addresses that the site's name was seen to lead to, as they were measured. */
export function siteAddresses(measurements: SessionView['state']['measurements']): string[] {
  return [
    ...(measurements['browser-dns']?.addresses ?? []),
    ...(measurements['independent-dns']?.answers.flatMap((answer) => answer.addresses) ?? []),
    ...(measurements['bare-address']?.results.map((result) => result.address) ?? []),
  ];
}

function collectKnown(view: SessionView): Known {
  const { incident, measurements } = view.state;
  const hosts = new Set<string>([incident.host]);
  for (const url of [incident.url, ...incident.redirects]) {
    const host = hostOf(url);
    if (host) hosts.add(host);
  }
  for (const [key, value] of stringsIn(measurements)) {
    if (!['url', 'finalUrl', 'redirects', 'location', 'servers', 'host'].includes(key)) continue;
    const host = hostOf(value) ?? hostOf(`http://${value}`);
    if (host) hosts.add(host);
  }
  // The page that the request belongs to is a page of the person's, not of ours.
  const pageHost = hostOf(incident.pageUrl);
  if (pageHost && pageHost !== incident.host) hosts.delete(pageHost);

  const addresses = new Set<string>();
  for (const value of siteAddresses(measurements)) {
    const address = normalAddress(value);
    if (address && addressKind(address) === 'public') addresses.add(address);
  }
  const own = hostAddress(incident.host);
  if (own) addresses.add(own);
  return { host: incident.host, hosts, addresses };
}

function argumentsOf(message: Message): string[] {
  return (message.args ?? []).flatMap((arg) => (typeof arg === 'string' ? [arg] : argumentsOf(arg)));
}

/** Other extensions, by what a report may say of them. */
export interface ExtensionNames {
  /** Named by a check that points to the fault, or by evidence for the likeliest cause. */
  implicated: readonly string[];
  /** Installed, and none of anybody's business. */
  others: readonly string[];
}

/** Which installed extensions the evidence names. */
export function extensionNames(view: SessionView): ExtensionNames {
  const { measurements } = view.state;
  const first = view.diagnosis.causes[0];
  const blaming = [
    ...view.checks.filter((check) => check.outcome === 'implicated').map((check) => check.explanation),
    ...(first?.id === 'browser-extension' || first?.id === 'proxy-configuration' ? first.for.map((evidence) => evidence.explanation) : []),
  ].flatMap(argumentsOf);
  const implicated = new Set<string>();
  const others = new Set<string>();
  for (const { name, id } of measurements['installed-extensions']?.extensions ?? []) {
    const isNamed = blaming.some((arg) => hasWord(arg, name) || hasWord(arg, id));
    (isNamed ? implicated : others).add(name);
  }
  for (const change of view.changes) {
    if (change.what === 'extension-switch' && change.target && !implicated.has(change.target)) others.add(change.target);
  }
  return { implicated: [...implicated], others: [...others] };
}

function escapePattern(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function wordPattern(word: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(word)}(?![\\p{L}\\p{N}])`, 'gu');
}

function hasWord(text: string, word: string): boolean {
  return word !== '' && wordPattern(word).test(text);
}

/** A redactor for one session. With `isRedacted` false it still takes out credentials, cookies and invisible characters. */
export function makeRedactor(view: SessionView, options: { isRedacted: boolean; masks: Masks }): Redactor {
  const { isRedacted, masks } = options;
  const known = collectKnown(view);
  const names = extensionNames(view);
  const hiddenNames = names.others.map(wordPattern);
  const hiddenIds = (view.state.measurements['installed-extensions']?.extensions ?? [])
    .filter((extension) => !names.implicated.includes(extension.name) && extension.id !== '')
    .map((extension) => wordPattern(extension.id));

  const pageHost = hostOf(view.state.incident.pageUrl);
  const hiddenHost =
    pageHost && pageHost !== known.host ? new RegExp(`(?<![\\w.-])${escapePattern(pageHost)}(?![\\w-]|\\.\\w)`, 'gi') : undefined;

  const maskAddress = (found: string): string => {
    const address = normalAddress(found);
    if (!address || known.addresses.has(address)) return found;
    const kind = addressKind(address);
    if (kind === 'nobody') return found;
    return kind === 'private' ? masks.privateAddress : masks.address;
  };

  const cleanUrl = (found: string): string => {
    if (!URL.canParse(found)) return masks.value;
    const url = new URL(found);
    url.username = '';
    url.password = '';
    if (!isRedacted) return url.href;
    if (!WEB_SCHEMES.includes(url.protocol)) return `${url.protocol}//***`;
    const host = url.hostname;
    const isOurs = host === known.host;
    if (!isOurs && !known.hosts.has(host)) {
      const address = hostAddress(host);
      return address ? maskAddress(address) : masks.page;
    }
    const address = hostAddress(host);
    if (address && maskAddress(address) !== address) return maskAddress(address);
    const path = isOurs ? maskPath(url.pathname) : url.pathname === '/' ? '/' : '/***';
    return `${url.protocol}//${url.host}${path}`;
  };

  const always = (value: string): string => value.replace(ANY_URL, withoutCredentials).replace(COOKIE_LINE, `$1${masks.value}`);

  const text = (value: string): string => {
    const clean = always(withoutInvisible(value));
    if (!isRedacted) return clean;
    // Addresses with a scheme are set aside, so that what is left of them is not taken for something else.
    const urls: string[] = [];
    const setAside = (found: string): string => {
      const end = /[.,;:!?)\]}]+$/.exec(found)?.[0] ?? '';
      const inner = end === ']' && /:\/\/\[[^\]]*\]$/.test(found) ? found : found.slice(0, found.length - end.length);
      urls.push(cleanUrl(inner));
      return `\ue000${urls.length - 1}\ue001${found.slice(inner.length)}`;
    };
    const withUrlsAside = clean.replace(ANY_URL, setAside);
    return (hiddenHost ? withUrlsAside.replace(hiddenHost, masks.page) : withUrlsAside)
      .replace(OPAQUE_URL, (found) => `${found.slice(0, found.indexOf(':') + 1)}***`)
      .replace(USER_PATH, '$1***')
      .replace(SECRET_PAIR, '$1$2***')
      .replace(EMAIL, masks.email)
      .replace(CHUNK, withoutQuery)
      .replace(HARDWARE_ADDRESS, masks.hardwareAddress)
      .replace(IPV4, maskAddress)
      .replace(IPV6, (found) => (normalAddress(found) ? maskAddress(found) : found))
      .replace(/\ue000(\d+)\ue001/g, (_, index: string) => urls[Number(index)] ?? '');
  };

  const extension = (name: string): string => {
    if (!isRedacted) return withoutInvisible(name);
    const hidden = [...hiddenNames, ...hiddenIds].reduce((rest, pattern) => rest.replace(pattern, masks.extension), name);
    return text(hidden);
  };

  const message = (original: Message): Message => {
    if (!original.args) return original;
    return { id: original.id, args: original.args.map((arg) => (typeof arg === 'string' ? extension(arg) : message(arg))) };
  };

  return { text, url: (value) => cleanUrl(withoutInvisible(value)), message, extension };
}

/** Cuts the query or fragment off something that looks like an address without a scheme. */
function withoutQuery(chunk: string): string {
  const cut = chunk.search(/[?#]/);
  if (cut < 0) return chunk;
  const before = chunk.slice(0, cut);
  const after = chunk.slice(cut + 1);
  const isQuery = before === '' ? after.includes('=') : /[/.:]/.test(before) && /^[\w%&=~?#/-]/.test(after);
  return isQuery ? before : chunk;
}

function withoutCredentials(found: string): string {
  return found.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/i, '$1');
}

/** What a report holds and what was left out of it, in plain words, for the preview and for the report's own last section. */
export interface Contents {
  included: string[];
  leftOut: string[];
}

/** Lists in plain words what a report of this session holds and leaves out. */
export function describeContents(view: SessionView, options: { isRedacted: boolean; text: TextOf }): Contents {
  const { text, isRedacted } = options;
  const { measurements, answers, incident } = view.state;
  const names = extensionNames(view);
  const hasSiteAddresses = siteAddresses(measurements).length > 0;
  const servers = measurements['proxy-settings']?.servers ?? [];
  const included = [
    text('report_in_site', withoutInvisible(incident.host)),
    ...(isRedacted ? [] : [text('report_in_site_whole'), text('report_in_addresses')]),
    text('report_in_checks'),
    text('report_in_system'),
    ...(hasSiteAddresses ? [text('report_in_site_addresses')] : []),
    ...(servers.length > 0 ? [text('report_in_proxy')] : []),
    ...(Object.keys(answers).length > 0 ? [text('report_in_answers')] : []),
    ...(names.implicated.length > 0 ? [text('report_in_extensions', names.implicated.map(withoutInvisible).join(', '))] : []),
    ...(!isRedacted && names.others.length > 0 ? [text('report_in_extensions_all')] : []),
    ...(view.changes.length > 0 ? [text('report_in_changes')] : []),
  ];
  const leftOut = isRedacted
    ? [
        text('report_out_query'),
        text('report_out_path'),
        text('report_out_credentials'),
        text('report_out_addresses'),
        text('report_out_tabs'),
        ...(names.others.length > 0 ? [text('report_out_extensions')] : []),
      ]
    : [text('report_out_credentials')];
  return { included, leftOut };
}
