import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, flakyApp, pageApp } from '../site';

const scenario: Scenario = {
  name: 'first-two-only',
  about: 'The first two connections are reset, all later ones work.',
  // Firefox tries a reset request ten times by itself and so never shows this.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['transient'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const https = flakyApp(pageApp(internet), 'first two', (ordinal) => ordinal <= 2);
    const site = await addSite(internet, { host, http: 'closed', https });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
