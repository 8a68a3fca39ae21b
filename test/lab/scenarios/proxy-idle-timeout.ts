import { addIdleProxy } from '../haproxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, slowApp } from '../site';

const scenario: Scenario = {
  name: 'proxy-idle-timeout',
  about: 'A real HAProxy before the site resets what is idle for longer than its limit, and the page takes longer to make.',
  needs: 'namespace',
  programs: ['haproxy'],
  // Firefox sends a request that is reset up to ten times by itself: no try of ours lasts as long as that.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE', 'ERR_CONNECTION_CLOSED'],
  expect: { verdict: 'cause', causes: ['load-balancer', 'server-timeout'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const path = draw.path();
    const page = pageApp(internet);
    const idleMs = draw.int(1_550, 1_750);
    const slow = slowApp(idleMs + draw.int(1_500, 3_000), page);
    const back = await addSite(internet, {
      host,
      v4: [draw.privateV4()],
      https: (request, response, tools) => (request.url === path ? slow : page)(request, response, tools),
    });
    const address = draw.publicV4();
    internet.zone.set(host, { a: [address], aaaa: [], ttl: 300 });
    for (const port of [80, 443]) addIdleProxy(internet, { front: { address, port }, back: { address: back.v4[0] ?? '', port }, idleMs });
    await addHealthySiblings(internet, siblings);
    return { url: back.httpsUrl(path) };
  },
};
export default scenario;
