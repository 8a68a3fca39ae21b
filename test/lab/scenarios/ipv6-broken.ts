import type { Scenario } from '../scenario';
import { addSite, drawNames, pageApp, resetFront } from '../site';

const scenario: Scenario = {
  name: 'ipv6-broken',
  about: 'Connections by IPv6 are reset, by IPv4 they work; browsers prefer IPv6.',
  needs: 'namespace',
  // Firefox goes on to the next address by itself, and loads the page.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['ipv6-path'], owner: 'local-network' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const v6 = draw.publicV6();
    const isOnTheWay = draw.isTrue();
    const isV6 = (address: string) => address.includes(':');
    const broken = resetFront(internet, 'opening', 'by IPv6', ({ place }) => isV6(place.address));
    const site = await addSite(internet, {
      host,
      aliases: siblings,
      v6: [v6],
      http: pageApp(internet),
      ...(isOnTheWay ? {} : { front: broken }),
    });
    if (isOnTheWay) internet.boxes.push(broken);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
