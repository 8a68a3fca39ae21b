import type { Scenario } from '../scenario';
import { addSite, drawNames, pageApp, resetFront } from '../site';

const scenario: Scenario = {
  name: 'stale-address',
  about: 'The site moved to another address; the tab keeps the old one, which now resets.',
  needs: 'namespace',
  // Firefox keeps what the system resolver says for one minute, for all tabs and extensions alike.
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-site-data', 'dns-answer'], owner: 'browser' },
  async configure(draw, internet) {
    const { host } = drawNames(internet);
    const old = draw.publicV4();
    const present = draw.publicV4();
    let isMoved = false;
    const page = pageApp(internet, { title: 'ready' });
    const site = await addSite(internet, {
      host,
      v4: [old, present],
      https: page,
      front: resetFront(internet, draw.pick(['accept', 'opening']), 'moved away', ({ place }) => isMoved && place.address === old),
    });
    internet.zone.set(host, { a: [old], aaaa: [], ttl: draw.int(1_800, 7_200) });
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl('/'), untilTitle: 'ready' }],
      trigger: () => {
        isMoved = true;
        internet.zone.set(host, { a: [present], aaaa: [], ttl: 300 });
        internet.hangUp([old]);
      },
    };
  },
};
export default scenario;
