import { headerBytesOf } from '../cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, outageFront, pageApp, resetApp } from '../site';

const scenario: Scenario = {
  name: 'short-outage.twin',
  about: 'The server is down for a moment just then; but the tab goes on failing, for the header that another extension adds.',
  // Firefox tries a reset request ten times by itself, and the outage may be over before it tells.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['browser-extension'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const limit = draw.int(6_000, 9_000);
    const site = await addSite(internet, {
      host,
      http: 'closed',
      front: outageFront(draw.int(800, 1_400)),
      https: resetApp(pageApp(internet), 'headers too large', (request) => headerBytesOf(request) > limit),
    });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(draw.path()),
      extensions: [{ does: 'add-header', header: `X-${draw.name()}`, bytes: limit + draw.int(1_000, 3_000) }],
    };
  },
};
export default scenario;
