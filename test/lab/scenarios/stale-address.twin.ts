import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetFront } from '../site';

const scenario: Scenario = {
  name: 'stale-address.twin',
  about: 'The site moved to another address and the tab keeps the old one, which is served as before; the server resets everybody.',
  needs: 'namespace',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-crash', 'server-block', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const old = draw.publicV4();
    const present = draw.publicV4();
    let isBroken = false;
    const page = pageApp(internet, { title: 'ready' });
    const site = await addSite(internet, {
      host,
      v4: [old, present],
      https: page,
      front: resetFront(internet, 'opening', 'server down', () => isBroken),
    });
    await addHealthySiblings(internet, siblings);
    internet.zone.set(host, { a: [old], aaaa: [], ttl: draw.int(1_800, 7_200) });
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl('/'), untilTitle: 'ready' }],
      trigger: () => {
        isBroken = true;
        internet.hangUp([old]);
        internet.zone.set(host, { a: [present], aaaa: [], ttl: 300 });
      },
    };
  },
};
export default scenario;
