import { addOversizedCookieSite } from '../oversized-cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames, pageApp, resetApp } from '../site';

const scenario: Scenario = {
  name: 'waf-agent.twin',
  about: "The site's guard resets command-line agents, and no browser is on its list; the site's cookies are too large.",
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(_draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { configured } = await addOversizedCookieSite(internet, {
      host,
      http: resetApp(pageApp(internet), 'unwanted agent', (request) =>
        /^(?:curl|python|Go-http)/.test(request.headers['user-agent'] ?? ''),
      ),
    });
    await addHealthySiblings(internet, siblings);
    return configured;
  },
};
export default scenario;
