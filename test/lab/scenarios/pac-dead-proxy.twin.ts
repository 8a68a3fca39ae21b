import { addOversizedCookieSite } from '../oversized-cookies';
import { addPacServer } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'pac-dead-proxy.twin',
  about: 'A PAC script names a dead proxy for internal hosts only and sends this site direct; its cookies are too large.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, { host });
    await addHealthySiblings(internet, siblings);
    const inside = draw.domain();
    const dead = `127.0.0.1:${draw.port()}`;
    const pac = addPacServer(
      internet,
      () => `function FindProxyForURL(url, host) { return dnsDomainIs(host, '.${inside}') ? 'PROXY ${dead}' : 'DIRECT'; }`,
    );
    return { ...configured, proxy: { pac } };
  },
};
export default scenario;
