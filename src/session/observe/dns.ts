import type { BareAddressResult, DnsAnswer } from '../../model/measurement';
import type { Failure } from '../../model/vocabulary';
import { isResetLike } from '../../net-errors';
import type { Fate } from '../fate';
import { commonFate } from '../fate';
import { addressKind, areNeighbours, familyOf, placeOfHost } from '../place';
import { AT_ONCE_MS, metSilence } from './comparable';
import type { Found, Observer, Seen } from './found';
import { namedTls } from './incident';
import { isCarriedByProxy } from './proxy';
import { isNameWorking } from './repetition';

/** Compares the browser's answer with independent ones; undefined where they cannot be compared. */
export const judgeResolvers = (
  browser: DnsAnswer | undefined,
  independent: readonly DnsAnswer[],
  isNeighbourSame = true,
): 'agree' | 'differ' | 'bogus-address' | 'no-answer' | undefined => {
  if (!browser || browser.status === 'unreachable') return undefined;
  const others = independent
    .filter(({ status, addresses }) => status === 'ok' && addresses.length > 0)
    .flatMap(({ addresses }) => addresses);
  if (others.length === 0) return undefined;
  if (browser.addresses.length === 0) return 'no-answer';
  const isOthersPublic = others.every((address) => addressKind(address) === 'public');
  const isSunk = browser.addresses.every((address) => addressKind(address) !== 'public');
  if (isSunk && isOthersPublic) return 'bogus-address';
  // The proxy script tells IPv4 only, resolvers may tell both: compare within a family.
  const families = new Set(others.map(familyOf));
  const comparable = browser.addresses.filter((address) => families.has(familyOf(address)));
  if (comparable.length === 0) return undefined;
  const isSame = (one: string, other: string) => one === other || (isNeighbourSame && areNeighbours(one, other));
  return comparable.some((address) => others.some((other) => isSame(address, other))) ? 'agree' : 'differ';
};

/** Families of the addresses that the name has, as two or more independent resolvers say; both are asked for both. */
const addressRecords = (answers: readonly DnsAnswer[]): 'ipv4-only' | 'ipv6-only' | 'both' | undefined => {
  const told = answers.filter(({ status, addresses }) => status === 'ok' && addresses.length > 0);
  if (told.length < 2) return undefined;
  const families = new Set(told.flatMap(({ addresses }) => addresses.map(familyOf)));
  if (families.size > 1) return 'both';
  return families.has(6) ? 'ipv6-only' : 'ipv4-only';
};

/** Tries of each family from which one that always fails beside one that always works is no chance. */
const ENOUGH_TRIES = 3;

/** The family that fails each time it is tried while the other works each time. */
const familyApart = (
  results: readonly BareAddressResult[],
  fate: (result: BareAddressResult) => Fate,
): 'only-ipv6-fails' | 'only-ipv4-fails' | undefined => {
  const ofFamily = (family: 4 | 6): Fate => {
    const fates = results.filter((result) => result.family === family).map(fate);
    return fates.length >= ENOUGH_TRIES && !fates.includes(undefined) ? commonFate(fates) : undefined;
  };
  const [four, six] = [ofFamily(4), ofFamily(6)];
  if (four === 'works' && six === 'fails') return 'only-ipv6-fails';
  return four === 'fails' && six === 'works' ? 'only-ipv4-fails' : undefined;
};

type Try = BareAddressResult['tls'];
const fateOfTry = (outcome: Try, failure: BareAddressResult['tlsError'], isTimeoutTelling: boolean): Fate => {
  if (outcome === 'reaches') return 'works';
  if (outcome === 'timed-out') return isTimeoutTelling ? 'fails' : undefined;
  // Refused or unreachable is another thing than a reset; it says that nothing is there, not that something resets.
  return outcome === 'fails' && (failure === undefined || isResetLike(failure.failure)) ? 'fails' : undefined;
};

/** Fate of the bare address by the failing scheme. */
const fateOfAddress = (result: BareAddressResult, isHttps: boolean, page: Failure): Fate => {
  const isTimeoutTelling = page === 'timed-out';
  if (isHttps) {
    // A page that is waited for in vain may have had its greeting as well: an error of TLS is no answer to the request.
    if (isTimeoutTelling && result.tls === 'reaches' && result.tlsError !== undefined) return undefined;
    // A page that fails by a TLS alert proves nothing when its address gives an alert as well.
    const isSameAlert = page === 'tls-alert-or-protocol' && result.tlsError?.failure === page;
    return isSameAlert ? undefined : fateOfTry(result.tls, result.tlsError, isTimeoutTelling);
  }
  if (result.httpWithName === 'reaches') return 'works';
  return fateOfTry(result.http, result.httpError, isTimeoutTelling) ?? withName(result, isTimeoutTelling);
};

/** Fate of the address with the failing name as Host; of a result without the error, by what came of it without the name. */
const withName = ({ http, httpError, httpWithName, httpWithNameError }: BareAddressResult, isTimeoutTelling: boolean): Fate =>
  fateOfTry(httpWithName, httpWithNameError ?? (http === 'fails' ? httpError : undefined), isTimeoutTelling);

/** The common fate of all addresses. Who minds a name lets everything without it through: an address that failed once without it fails. */
const steadyFate = (results: readonly BareAddressResult[], fate: (result: BareAddressResult) => Fate): Fate => {
  const ofAddress = (address: string): Fate => {
    const fates = results.filter((result) => result.address === address).map(fate);
    return fates.includes('fails') ? 'fails' : commonFate(fates);
  };
  return commonFate([...new Set(results.map(({ address }) => address))].map(ofAddress));
};

/**
 * Whether the page by https is met by silence each time where plain http is answered at once. A greeting is answered as soon as it is
 * there, whatever the request in it asks for: silence at the bare address, and nothing else, then is a greeting that does not come about.
 */
const isGreetedBySilence = ({ environment, measurements }: Pick<Seen, 'environment' | 'measurements'>): boolean => {
  const { 'own-request': own, 'other-scheme': other } = measurements;
  const exchanges = own?.exchanges ?? [];
  const isAnswered =
    other?.scheme === 'http' && !other.isSamePort && other.exchange.outcome === 'response' && other.exchange.durationMs <= AT_ONCE_MS;
  return (
    isAnswered && !other.isUpgradedByBrowser && exchanges.length > 0 && exchanges.every((exchange) => metSilence(exchange, environment))
  );
};

/** Names, addresses, and what happens when the address is spoken to without the name. */
export const observeDns: Observer = ({ incident, environment, measurements, page, isIntermittent }) => {
  const found: Found[] = [];
  const results = measurements['bare-address']?.results ?? [];
  const isHttps = !/^(?:http|ws):/i.test(incident.url);
  const isTimeoutTelling = page === 'timed-out';
  const fate = (result: BareAddressResult): Fate => (page === undefined ? undefined : fateOfAddress(result, isHttps, page));

  const browserAddresses = measurements['browser-dns']?.addresses ?? [];
  const isBrowsers = ({ address, origin }: BareAddressResult) =>
    origin !== 'independent' || browserAddresses.some((own) => own === address);
  const used = results.filter(isBrowsers);
  const others = results.filter((result) => !isBrowsers(result));

  // Addresses side by side are one operator's, and as good as the same, unless they behave differently.
  const isNeighbourSame = !(commonFate(used.map(fate)) === 'fails' && others.some((result) => fate(result) === 'works'));
  const answers = measurements['independent-dns']?.answers ?? [];
  const together = judgeResolvers(measurements['browser-dns'], answers, isNeighbourSame);
  // One family alone may be led astray: its own addresses fail, nobody else knows them, and those that others give work.
  const isOneAstray =
    together === 'agree' &&
    ([4, 6] as const).some((family) => {
      const own = used.filter((result) => result.family === family);
      const isStrange = own.every(({ address }) => !answers.some(({ addresses }) => addresses.includes(address)));
      return isStrange && commonFate(own.map(fate)) === 'fails' && others.some((one) => one.family === family && fate(one) === 'works');
    });
  const agreement = isOneAstray ? 'differ' : together;
  if (agreement) found.push({ id: 'resolver-agreement', value: agreement, by: 'independent-dns' });
  const records = addressRecords(answers);
  if (records) found.push({ id: 'address-records', value: records, by: 'independent-dns' });
  if (page === undefined || results.length === 0) return found;
  // Which of the two kinds of addresses a proxy reaches is no fact of this way, and of a name it picks the address itself.
  const isFamilyOurs = !isCarriedByProxy(measurements, page);
  if (isIntermittent) {
    // Unless one family fails and the other works whenever it is tried: then it comes and goes by the address that is taken.
    const apart = familyApart(results, fate);
    if (apart && isFamilyOurs) found.push({ id: 'address-family', value: apart, by: 'bare-address' });
    return found;
  }

  // Where an answer had begun under the name, nobody minds the name; a small answer to another name says nothing of a large one.
  // Nor does anybody mind the name where another request under it works, or TLS with it comes about.
  const isNamed =
    placeOfHost(incident.host) !== 'loopback' &&
    !isLiteral(incident.host) &&
    incident.phase !== 'response-started' &&
    !isNameWorking(incident, measurements, page) &&
    namedTls(measurements) !== 'completes';
  if (isNamed && isHttps) {
    // Where the addresses differ it is the address that decides, not the name: then it says nothing.
    const ofName = [...used, ...others.filter(({ family }) => used.length > 0 && !used.some((one) => one.family === family))];
    // Silence is that of the greeting only where no address answers it: one family alone may be lost on its way.
    const outcomes = ofName.map(({ tls }) => tls);
    const isSilent = outcomes.includes('timed-out') && !outcomes.includes('reaches') && isGreetedBySilence({ environment, measurements });
    const bare = isOneAstray || isSilent ? 'fails' : steadyFate(ofName, fate);
    if (bare) found.push({ id: 'tls-without-name', value: bare === 'works' ? 'reaches' : 'fails', by: 'bare-address' });
  }
  if (isNamed) {
    const otherScheme = measurements['other-scheme'];
    const isHttpFailing =
      !isHttps ||
      (otherScheme?.scheme === 'http' && otherScheme.exchange.outcome === 'failure' && isResetLike(otherScheme.exchange.error.failure));
    if (isHttpFailing) {
      const plain = steadyFate(used, (result) => fateOfTry(result.http, result.httpError, isTimeoutTelling));
      if (plain) found.push({ id: 'same-address-other-name', value: plain, by: 'bare-address' });
    }
  }
  if (others.length > 0 && (agreement === 'differ' || agreement === 'bogus-address' || agreement === 'no-answer' || used.length === 0)) {
    const isReached = others.some((result) => fate(result) === 'works');
    const independent = isReached ? 'reaches' : commonFate(others.map(fate)) === 'fails' ? 'fails' : undefined;
    if (independent) found.push({ id: 'tls-at-independent-address', value: independent, by: 'bare-address' });
  }

  // Which family is at fault shows by the page's own request, name and all, where it could be made.
  const isNameSent = !isHttps && results.some(({ httpWithName }) => httpWithName !== undefined && httpWithName !== 'not-tried');
  const ofFamily = (family: 4 | 6): Fate => {
    const fates = results
      .filter((result) => result.family === family)
      .map((result) => (isNameSent ? withName(result, isTimeoutTelling) : fate(result)));
    return fates.includes('works') ? 'works' : commonFate(fates);
  };
  const four = ofFamily(4);
  const six = ofFamily(6);
  // Where one family is led astray, its addresses are wrong, not its way.
  if (four && six && !isOneAstray && (isFamilyOurs || four === six)) {
    const value = four === six ? (four === 'works' ? 'both-work' : 'both-fail') : six === 'fails' ? 'only-ipv6-fails' : 'only-ipv4-fails';
    // What fails only after the greeting is not seen by greetings.
    if (value !== 'both-work' || !isHttps || namedTls(measurements) !== 'completes')
      found.push({ id: 'address-family', value, by: 'bare-address' });
  }
  return found;
};

const isLiteral = (host: string): boolean => host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
