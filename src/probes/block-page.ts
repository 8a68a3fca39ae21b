import type { Exchange } from '../model/exchange';
import type { BlockPageAuthor } from '../model/measurement';
import { isPrivateHost, registrableDomain } from './hosts';

/**
 * Filters that reset what is encrypted often answer what is not with a notice of their own. Whether an answer is one, and who
 * signs it, is judged here by its address and its words; nothing of the text is kept.
 */

/** Words of a refusal, in the languages of the largest providers' notices. */
const REFUSING =
  /\b(?:block(?:ed|ing)?|denied|restricted|prohibited|forbidden|filtered|not (?:allowed|permitted|available)|gesperrt|blockiert|verweigert|bloqu(?:é|e|ead[oa])|interdit|refusé|prohibid[oa]|denegad[oa]|negad[oa]|bloccat[oa]|negato|oscurato|geblokkeerd|zablokowan[aey]|odmowa|engellen(?:di|miştir)|yasaklan|diblokir|chặn)\b|заблокир|запрещ|ограничен|заборонен|阻止|拦截|屏蔽|禁止|ブロック|차단|محظور|محجوب|مسدود|פיلتر|فیلتر|חסום/iu;

/** Words by which the author of a notice is known. Each is the author's own name for itself, or the name of a product that only such an author runs. */
const SIGNATURES: readonly (readonly [Exclude<BlockPageAuthor, 'unsaid' | 'private-address'>, RegExp])[] = [
  [
    'organisation',
    /\b(?:your (?:organi[sz]ation|company|employer|school|university|workplace|library)|(?:company|corporate|school|workplace|acceptable[- ]use|internet use|usage) polic(?:y|ies)|it (?:service )?(?:desk|help ?desk|department|support|policy|team)|(?:network|system|it) administrator|help ?desk|employees?|students|unternehmens?richtlinie|ihre(?:r)? (?:organisation|firma)|administrateur (?:réseau|système)|votre (?:entreprise|établissement)|administrador (?:de (?:la )?red|do sistema)|su (?:empresa|organización)|amministratore|вашей организации|администратор сети|fortiguard|fortigate|zscaler|forcepoint|websense|smoothwall|lightspeed|securly|goguardian|iboss|blue ?coat|cisco umbrella|barracuda|netskope|palo alto)\b/giu,
  ],
  [
    'router',
    /\b(?:parental[- ]?controls?|kindersicherung|contr[oô]le parental|control parental|controllo genitori|родительск\w+|your (?:home )?router|(?:this|the) router|router|fritz!?box|speedport|livebox|freebox|easybox|netgear|orbi|asusrouter|aiprotection|tp-?link|homeshield|eero|family (?:filter|profile|shield)|screen time)\b/giu,
  ],
  [
    'provider',
    /\b(?:(?:internet )?(?:service )?provider|isp|court(?: order)?|by order of|ministry|regulator|regulatory|authority|authorities|federal (?:law|service|agency)|decree|gericht\w*|bundes\w+|tribunal|décision de justice|ministère|ministerio|juzgado|orden judicial|autorità|telecom(?:munications)?|rechtbank|mahkeme|kurum(?:u)?|kominfo|trust ?positif|internet ?positif|cuii|agcom|arcom|btk)\b|роскомнадзор|единый реестр|закон|оператор(?:а|ом)? связи|провайдер|полиц|суд/giu,
  ],
  [
    'software',
    /\b(?:anti[- ]?virus|web ?shield|web (?:guard|protection|control)|endpoint (?:security|protection)|this (?:device|computer|pc)|your (?:device|computer|pc)|kaspersky|bitdefender|eset|norton|mcafee|avast|avg|avira|malwarebytes|adguard|sophos home|net ?nanny|qustodio|k9 web|covenant eyes|f-secure|g data|dr\.?web)\b/giu,
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
  const words = `${visible(text)} ${isLedAway ? decodeURIComponentSafely(`${lead.hostname} ${lead.pathname} ${lead.search}`).replace(/[-_/+=&?.]/g, ' ') : ''}`;
  if (REFUSING.test(words)) {
    const counts = SIGNATURES.map(([author, pattern]) => [author, new Set(words.toLowerCase().match(pattern) ?? []).size] as const);
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
