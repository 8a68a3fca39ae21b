import { byPath, cookieBytesOf, cookieSettingApp } from '../cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, slowApp } from '../site';

const scenario: Scenario = {
  name: 'absolute-timeout.twin',
  about:
    'The page takes as long each time, and would come; but its cookies are too large, and the server resets when it is done with them.',
  // Firefox sends a request that is reset up to ten times by itself: no try of ours lasts as long as that.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const limit = draw.int(6_000, 12_000);
    const start = draw.path();
    const page = pageApp(internet);
    const slow = slowApp(draw.int(1_550, 1_650), (request, response, tools) => {
      if (cookieBytesOf(request) > limit) tools.reset('cookies too large');
      else page(request, response, tools);
    });
    const site = await addSite(internet, {
      host,
      https: byPath({ [start]: cookieSettingApp(internet, limit + draw.int(1_000, 4_000)) }, slow),
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()), visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }] };
  },
};
export default scenario;
