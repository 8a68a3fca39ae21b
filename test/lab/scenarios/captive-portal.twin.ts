import { httpHandler } from '../internet';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resettingServer } from '../site';

const scenario: Scenario = {
  name: 'captive-portal.twin',
  about: "One vendor's connectivity address is redirected by the network, but nothing else is; the server resets everybody.",
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-block', 'server-crash', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { front, app } = resettingServer(internet, 'server resets all');
    const site = await addSite(internet, { host, front, http: app, https: app });
    await addHealthySiblings(internet, siblings);
    const redirected = draw.pick(['captive.apple.com', 'detectportal.firefox.com', 'www.msftconnecttest.com']);
    const welcome = httpHandler((_request, response) => {
      response.statusCode = 302;
      response.setHeader('location', `https://${host}/`);
      response.setHeader('content-length', 0);
      response.end();
    });
    internet.boxes.push(async (connection) => {
      if (connection.place.port !== 80) return 'pass';
      const opening = await connection.opening();
      if (opening.kind !== 'http' || opening.host !== redirected) return 'pass';
      await welcome(connection);
      return 'taken';
    });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
