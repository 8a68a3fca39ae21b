import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetApp, resetFront } from '../site';

const scenario: Scenario = {
  name: 'extension-redirect',
  about: 'Another extension leads the page to https, or to a host of its own choice, where everything is reset; what was asked for works.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-extension'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    await addHealthySiblings(internet, siblings);
    const page = pageApp(internet);
    if (draw.isTrue()) {
      const front = resetFront(internet, 'opening', 'no https here', async (connection) => (await connection.opening()).kind === 'tls');
      const site = await addSite(internet, { host, http: page, front });
      return { url: site.httpUrl(draw.path()), extensions: [{ does: 'upgrade' }] };
    }
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    const to = draw.domain();
    const dead = resetApp(page, 'out of use');
    await addSite(internet, { host: to, http: dead, https: dead });
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'redirect', from: host, to }] };
  },
};
export default scenario;
