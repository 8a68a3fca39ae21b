import { constants } from 'node:http2';
import { byPath, cookieBytesOf, cookieSettingApp } from '../cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, breakHttp2, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'http2-breaks.twin',
  about: "An HTTP/2 stream is broken here too, but only for the cookies' sake, which are too large for the server.",
  shows: ['ERR_HTTP2_PROTOCOL_ERROR'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const limit = draw.int(6_000, 12_000);
    const start = draw.path();
    const page = breakHttp2(internet, pageApp(internet), constants.NGHTTP2_PROTOCOL_ERROR, (request) => cookieBytesOf(request) > limit);
    const setter = cookieSettingApp(internet, limit + draw.int(1_000, 3_000));
    const site = await addSite(internet, { host, isHttp2: true, https: byPath({ [start]: setter }, page) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()), visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }] };
  },
};
export default scenario;
