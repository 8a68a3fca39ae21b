import { headerBytesOf } from '../cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetApp } from '../site';

const scenario: Scenario = {
  name: 'extension-headers',
  about: 'Another extension adds a large header to every request; the server resets what is over its limit.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-extension'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const limit = draw.int(6_000, 9_000);
    const page = resetApp(pageApp(internet), 'headers too large', (request) => headerBytesOf(request) > limit);
    const site = await addSite(internet, { host, https: page });
    await addHealthySiblings(internet, siblings);
    const header = draw.isTrue() ? `X-${draw.name()}-Data` : 'Cookie';
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'add-header', header, bytes: limit + draw.int(1_000, 3_000) }] };
  },
};
export default scenario;
