import { constants } from 'node:http2';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, breakHttp2, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'http2-breaks',
  about: 'The server takes HTTP/2 and breaks every stream of it; over HTTP/1.1 it answers.',
  // Firefox calls a broken stream a reset; there the handshake of a WebSocket, which goes by HTTP/1.1, is what tells.
  shows: ['ERR_HTTP2_PROTOCOL_ERROR'],
  expect: { verdict: 'cause', causes: ['http2-or-quic'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const page = pageApp(internet);
    const code = draw.pick([constants.NGHTTP2_PROTOCOL_ERROR, constants.NGHTTP2_INTERNAL_ERROR, constants.NGHTTP2_COMPRESSION_ERROR]);
    const site = await addSite(internet, { host, isHttp2: true, https: breakHttp2(internet, page, code) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
