import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'handshake-refused',
  about: 'The application resets every page; its front answers the handshake of a WebSocket, by refusing it.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-crash', 'server-block'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const page = pageApp(internet);
    const status = draw.pick([400, 404, 426, 501]);
    const site = await addSite(internet, {
      host,
      https: (request, response, tools) => {
        if (request.headers.host !== host) {
          page(request, response, tools);
          return;
        }
        if (request.headers.upgrade === undefined) {
          tools.reset('application down');
          return;
        }
        response.statusCode = status;
        response.setHeader('content-length', 0);
        response.end();
      },
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
