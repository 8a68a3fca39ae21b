import { addPacServer } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'pac-dead-proxy',
  about: 'A PAC script sends this site (or all) to a proxy where nothing listens.',
  shows: ['ERR_PROXY_CONNECTION_FAILED'],
  expect: { verdict: 'cause', causes: ['proxy-configuration'], owner: 'browser' },
  async configure(draw, internet) {
    const { domain, host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    const dead = `127.0.0.1:${draw.port()}`;
    const isOnlyThisSite = draw.isTrue();
    const pac = addPacServer(internet, () =>
      isOnlyThisSite
        ? `function FindProxyForURL(url, host) { return dnsDomainIs(host, ${JSON.stringify(domain)}) ? 'PROXY ${dead}' : 'DIRECT'; }`
        : `function FindProxyForURL(url, host) { return 'PROXY ${dead}'; }`,
    );
    return { url: site.httpsUrl(draw.path()), proxy: { pac } };
  },
};
export default scenario;
