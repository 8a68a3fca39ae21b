import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, flakyApp, pageApp } from '../site';

const scenario: Scenario = {
  name: 'one-in-three',
  about: 'The server resets every third fresh connection, as when one of three backends is broken.',
  // Firefox tries a reset request ten times by itself and so never shows this.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-overload', 'load-balancer'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const https = flakyApp(pageApp(internet), 'one in three', (ordinal) => ordinal % 3 === 1);
    const site = await addSite(internet, { host, http: 'closed', https });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
