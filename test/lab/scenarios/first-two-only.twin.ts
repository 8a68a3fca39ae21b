import { headerBytesOf } from '../cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetApp } from '../site';

const scenario: Scenario = {
  name: 'first-two-only.twin',
  about:
    'Every try of our own works, which looks like a passing fault; but the tab goes on failing, for the header that another extension adds.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-extension'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const limit = draw.int(6_000, 9_000);
    let left = 2;
    const page = resetApp(pageApp(internet), 'first two, and headers too large', (request) => left-- > 0 || headerBytesOf(request) > limit);
    const site = await addSite(internet, { host, http: 'closed', https: page });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(draw.path()),
      extensions: [{ does: 'add-header', header: `X-${draw.name()}`, bytes: limit + draw.int(1_000, 3_000) }],
    };
  },
};
export default scenario;
