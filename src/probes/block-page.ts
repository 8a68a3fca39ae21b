import type { Exchange } from '../model/exchange';
import { DEVICE_PRODUCTS, ORGANISATION_PRODUCTS } from '../model/filtering-products';
import type { BlockPageAuthor } from '../model/measurement';
import { isLoopbackHost, isPrivateHost, registrableDomain } from './hosts';

/**
 * Filters that reset what is encrypted often answer what is not with a notice of their own. Whether an answer is one, and who
 * signs it, is judged here by its address and its words; nothing of the text is kept.
 */

/** Whole words of any script; `\b` knows only ASCII. */
const words = (pattern: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, 'giu');

/** Words of a refusal, in the languages of the largest providers' notices. */
const REFUSING = words(
  [
    'block(?:ed|ing)?|denied|restricted|prohibited|forbidden|filtered|not (?:allowed|permitted|available)|does not allow',
    'gesperrt|blockiert|verweigert|bloqué\\p{L}*|interdit\\p{L}*|refusé\\p{L}*|bloquead[oa]|prohibid[oa]|denegad[oa]|negad[oa]|bloccat[oa]|negato',
    'oscurato|geblokkeerd|zablokowan\\p{L}*|odmowa|engellen\\p{L}+|yasaklan\\p{L}+|diblokir|chặn',
    'заблокир\\p{L}*|запрещ\\p{L}*|ограничен\\p{L}*|заборонен\\p{L}*|محظور|محجوب|مسدود|فیلتر|חסום|차단\\p{L}*',
    // Scripts without spaces between words.
    '\\p{L}*(?:阻止|拦截|屏蔽|禁止|ブロック)\\p{L}*',
  ].join('|'),
);

/** Words by which the author of a notice is known: what only such an author calls itself, or a product that only such an author runs. */
const SIGNATURES: readonly (readonly [Exclude<BlockPageAuthor, 'unsaid' | 'private-address'>, RegExp])[] = [
  [
    'organisation',
    words(
      [
        'your (?:organi[sz]ation|company|employer|school|university|workplace|library)',
        '(?:company|corporate|school|workplace|acceptable[- ]use|internet use|usage) polic(?:y|ies)',
        'it (?:service )?(?:desk|help ?desk|department|support|policy|team)|help ?desk|(?:network|system|it) administrator|employees?|students',
        'unternehmens?richtlinie|ihrer? (?:organisation|firma)|administrateur (?:réseau|système)|votre (?:entreprise|établissement)',
        'administrador (?:de (?:la )?red|do sistema)|su (?:empresa|organización)|amministratore|вашей организации|администратор\\p{L}* сети',
        `${ORGANISATION_PRODUCTS}|iboss`,
      ].join('|'),
    ),
  ],
  [
    'router',
    words(
      [
        'parental[- ]?controls?|kindersicherung|contr[oô]le parental|control parental|controllo genitori|родительск\\p{L}+',
        '(?:your (?:home )?|this |the )?router|fritz!?box|speedport|livebox|freebox|easybox|netgear|orbi|asusrouter|aiprotection|tp-?link|homeshield|eero',
        'family (?:filter|profile|shield)|screen time',
      ].join('|'),
    ),
  ],
  [
    'provider',
    words(
      [
        '(?:internet )?(?:service )?provider|isp|court(?: order)?|by order of|ministry|regulator|regulatory|authority|authorities|federal (?:law|service|agency)|decree',
        'gericht\\p{L}*|bundes\\p{L}+|tribunal|décision de justice|ministère|ministerio|juzgado|orden judicial|autorità|telecom(?:munications)?|rechtbank',
        'mahkeme\\p{L}*|kurum\\p{L}*|kominfo|trust ?positif|internet ?positif|cuii|agcom|arcom|btk',
        'роскомнадзор\\p{L}*|единый реестр|закон\\p{L}*|оператор\\p{L}* связи|провайдер\\p{L}*|суд\\p{L}*',
      ].join('|'),
    ),
  ],
  [
    'software',
    words(
      [
        'anti[- ]?virus|web ?shield|web (?:guard|protection|control)|endpoint (?:security|protection)|(?:this|your) (?:device|computer|pc)',
        `${DEVICE_PRODUCTS}|avg|avira|malwarebytes|sophos home|k9 web|covenant eyes`,
      ].join('|'),
    ),
  ],
];

/** Most of an answer that is looked at, bytes: notices are short. */
export const NOTICE_BYTES = 12_288;

const urlOf = (text: string, base?: string): URL | undefined => (URL.canParse(text, base) ? new URL(text, base) : undefined);

/** Where an answer leads to, as an absolute address; undefined: nowhere, or not a web address. */
export function leadOf(exchange: Exchange): URL | undefined {
  if (exchange.outcome !== 'response' || exchange.location === undefined || exchange.status < 300 || exchange.status > 399)
    return undefined;
  const lead = urlOf(exchange.location, exchange.url);
  return lead?.protocol === 'http:' || lead?.protocol === 'https:' ? lead : undefined;
}

/** Whether an address is one of neither the host itself nor of its owner, by their names. */
export function isElsewhere(lead: URL, host: string): boolean {
  const own = registrableDomain(host);
  return lead.hostname !== host && (own === undefined || registrableDomain(lead.hostname) !== own);
}

/** Addresses of private networks that a page shows within itself: some providers' notices stand there. */
const FRAME = /<(?:iframe|frame|meta)[^>]+(?:src=|url=)["']?(https?:\/\/[^"'\s>]+)/giu;

function showsPrivateFrame(text: string): boolean {
  for (const [, address] of text.matchAll(FRAME)) {
    const url = address === undefined ? undefined : urlOf(address);
    if (url && isPrivateHost(url.hostname)) return true;
  }
  return false;
}

const visible = (text: string): string =>
  text
    .replace(/<(?:script|style)[\s\S]*?<\/(?:script|style)>/giu, ' ')
    .replace(/<[^>]*>/gu, ' ')
    .replace(/&[a-z#0-9]+;/giu, ' ');

/**
 * Who wrote a notice of blocking. `text`: the answer's own, or of the page it led to. `lead`: where it led. Undefined: it is
 * none, or none that anybody could tell from a page of the site.
 */
export function authorOf(host: string, { text = '', lead }: { text?: string; lead?: URL }): BlockPageAuthor | undefined {
  const isLedAway = lead !== undefined && isElsewhere(lead, host);
  const isLedIn = (isLedAway && isPrivateHost(lead.hostname)) || showsPrivateFrame(text);
  // Only a program on this very device answers there.
  if (isLedAway && isLoopbackHost(lead.hostname) && text !== '') return 'software';
  const visibleWords = `${visible(text)} ${isLedAway ? decodeURIComponentSafely(`${lead.hostname} ${lead.pathname} ${lead.search}`).replace(/[-_/+=&?.]/g, ' ') : ''}`;
  if (visibleWords.match(REFUSING)) {
    const counts = SIGNATURES.map(([author, pattern]) => [author, new Set(visibleWords.toLowerCase().match(pattern) ?? []).size] as const);
    const most = Math.max(...counts.map(([, count]) => count));
    const first = counts.filter(([, count]) => count === most);
    if (most > 0 && first.length === 1 && first[0]) return first[0][0];
    if (isLedAway && !isLedIn) return 'unsaid';
  }
  return isLedIn ? 'private-address' : undefined;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
