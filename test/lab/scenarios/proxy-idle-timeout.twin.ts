import { addIdleProxy } from '../haproxy';
import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames } from '../site';

const scenario: Scenario = {
  name: 'proxy-idle-timeout.twin',
  about: "The same HAProxy stands before the site with a short limit that nothing reaches; the site's cookies are too large.",
  needs: 'namespace',
  programs: ['haproxy'],
  shows: ['ERR_CONNECTION_RESET', 'ERR_CONNECTION_CLOSED', 'ERR_EMPTY_RESPONSE'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const inner = draw.privateV4();
    const { configured } = await addOversizedCookieSite(internet, { host, v4: [inner] });
    const address = draw.publicV4();
    internet.zone.set(host, { a: [address], aaaa: [], ttl: 300 });
    for (const port of [80, 443])
      addIdleProxy(internet, { front: { address, port }, back: { address: inner, port }, idleMs: draw.int(1_550, 2_500) });
    await addHealthySiblings(internet, siblings);
    return configured;
  },
};
export default scenario;
