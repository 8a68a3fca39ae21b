import type { Exchange } from '../../model/exchange';
import { DEVICE_PRODUCTS, ORGANISATION_PRODUCTS } from '../../model/filtering-products';
import type { ControlResult } from '../../model/measurement';
import { isResetLike } from '../../net-errors';
import { placeOfHost } from '../place';
import type { Found, Observer } from './found';
import { isRootFailing, isRootWorking } from './repetition';

/** Issuers that put themselves between the browser and every site, as their certificates say (Firefox shows them). */
const INTERCEPTORS = new RegExp(
  `\\b(?:${DEVICE_PRODUCTS}|${ORGANISATION_PRODUCTS}|avg (?:technologies|web|antivirus)|sophos|trellix|symantec web|check ?point|watchguard|untangle|fiddler|charles proxy|mitmproxy|superfish|comodo ssl scan|cloudflare gateway)`,
  'i',
);

/** The browser's own turn from http to https (a name on its HSTS list): nobody was asked, so nobody answered. */
export const isOwnUpgrade = (exchange: Exchange): boolean =>
  exchange.outcome === 'response' && exchange.status === 307 && exchange.ip === undefined;
const isUp = (exchange: Exchange): boolean => exchange.outcome === 'response' && !isOwnUpgrade(exchange);
/** Failures that say the network itself broke the exchange, rather than that the host is not there. */
const isBroken = (exchange: Exchange): boolean =>
  exchange.outcome === 'timed-out' || (exchange.outcome === 'failure' && isResetLike(exchange.error.failure));
const isTried = (exchange: Exchange): boolean =>
  (exchange.outcome === 'response' && !isOwnUpgrade(exchange)) || exchange.outcome === 'failure' || exchange.outcome === 'timed-out';

/** What the controls, taken together, say. */
export type ControlsVerdict = 'works' | 'partly' | 'only-https-fails' | 'fails' | 'not-there';

/** Judges the controls; undefined where fewer than two answered in any way. */
export const judgeControls = (results: readonly ControlResult[]): ControlsVerdict | undefined => {
  const tried = results.filter(({ http, https }) => isTried(http) || isTried(https));
  if (tried.length < 2) return undefined;
  const up = tried.filter(({ http, https, httpVerdict }) => isUp(https) || (httpVerdict === 'expected' && isUp(http)));
  const isHttpsTried = tried.some(({ https }) => isTried(https));
  const httpsUp = tried.filter(({ https }) => isUp(https));
  const httpsBroken = tried.filter(({ https }) => isBroken(https));
  if (isHttpsTried && httpsUp.length === 0 && httpsBroken.length >= 2 && up.length >= 2) return 'only-https-fails';
  if (up.length === tried.length) {
    // Each vendor is there by one way or the other; where several lost a connection all the same, the line loses some.
    const isLossy = tried.filter(({ http, https }) => isBroken(http) || isBroken(https)).length >= 2;
    return isLossy ? 'partly' : 'works';
  }
  if (up.length === 0) {
    // Somebody answers in the vendors' place: the network carries, and the vendors are not there to compare with.
    const isAnswered = tried.some(({ http, httpVerdict }) => isUp(http) && httpVerdict === 'failed');
    return !isAnswered && tried.some(({ http, https }) => isBroken(http) || isBroken(https)) ? 'fails' : 'not-there';
  }
  // Where others lost a connection as well, it is not one vendor that is down.
  if (
    up.some(({ http, https }) => isBroken(http) || isBroken(https)) &&
    tried.some((one) => !up.includes(one) && (isBroken(one.http) || isBroken(one.https)))
  )
    return 'partly';
  // One vendor out of four may be down or blocked on its own; that is not this network's fault.
  return up.length >= tried.length - 1 && tried.length >= 3 ? 'works' : 'partly';
};

/** Whether another party's authority or a downgraded protocol is seen on the controls. */
export const judgeInterception = (results: readonly ControlResult[], isGecko: boolean): 'yes' | 'no' | undefined => {
  const answers = results.flatMap(({ https, isHttp2Expected }) => (https.outcome === 'response' ? [{ ...https, isHttp2Expected }] : []));
  const secured = answers.flatMap(({ security, protocol, isHttp2Expected }) =>
    security ? [{ ...security, protocol, isHttp2Expected }] : [],
  );
  if (secured.some(({ issuer, root }) => INTERCEPTORS.test(issuer) || INTERCEPTORS.test(root))) return 'yes';
  const expected = answers.filter(({ isHttp2Expected, protocol }) => isHttp2Expected && protocol !== '');
  const isDowngraded = expected.length >= 2 && expected.every(({ protocol }) => protocol === 'http/1.1');
  if (isGecko) {
    const foreign = secured.filter(({ isBuiltInRoot }) => isBuiltInRoot === false);
    const isOneRoot = foreign.length >= 3 && new Set(foreign.map(({ root }) => root)).size === 1;
    if (isOneRoot && isDowngraded) return 'yes';
    // A test or company authority that keeps HTTP/2 looks the same as nothing at all: say nothing.
    return secured.length >= 2 && secured.every(({ isBuiltInRoot }) => isBuiltInRoot === true) ? 'no' : undefined;
  }
  return isDowngraded ? 'yes' : undefined;
};

/** The network as a whole: controls, captive portal, interception. */
export const observeNetwork: Observer = ({ incident, environment, measurements, page }) => {
  const found: Found[] = [];
  const results = measurements.controls?.results;
  if (!results) return found;
  const portals = results.filter(({ httpVerdict }) => httpVerdict === 'portal').length;
  const tried = results.filter(({ http }) => isTried(http)).length;
  if (portals >= 2) found.push({ id: 'captive-portal', value: 'yes', by: 'controls' });
  // A portal shows itself on plain http; where that merely breaks there is none.
  else if (tried >= 2 && portals === 0) found.push({ id: 'captive-portal', value: 'no', by: 'controls' });

  const verdict = judgeControls(results);
  // Controls that are simply not there (a lab, an office without the internet) say nothing about a page that is reached and reset.
  // Nor does the internet's failing say anything about a host of this machine or this network.
  const isTelling = verdict === 'works' || placeOfHost(incident.host) === 'public';
  if (verdict && verdict !== 'not-there' && isTelling) {
    found.push({ id: 'general-connectivity', value: verdict === 'only-https-fails' ? 'partly' : verdict, by: 'controls' });
    if (page !== undefined) {
      if (verdict === 'works')
        found.push({
          id: 'scope',
          // Of a part of a page, the root tells whether the rest of the site fails as well.
          value:
            (incident.kind === 'main-frame' && !isRootWorking(measurements)) || isRootFailing(measurements, page)
              ? 'one-site'
              : 'one-resource',
          by: 'controls',
        });
      else if (verdict === 'partly') found.push({ id: 'scope', value: 'some-sites', by: 'controls' });
      else found.push({ id: 'scope', value: 'all-sites', by: 'controls' });
    }
  }
  const intercepted = judgeInterception(results, environment.engine === 'gecko');
  if (intercepted) found.push({ id: 'tls-intercepted', value: intercepted, by: 'controls' });
  return found;
};
