import type { Scenario } from '../scenario';
import { addSite, drawNames, partsApp } from '../site';

const scenario: Scenario = {
  name: 'rate-limit-parts',
  about: 'A page of many parts uses up what the site allows: the next parts are answered with 429, then everything is reset for a while.',
  shows: ['loaded'],
  expect: { verdict: 'cause', causes: ['server-block'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const allowed = draw.int(6, 12);
    const app = partsApp(internet, { parts: allowed + draw.int(12, 18), allowed, refused: draw.int(3, 6) });
    const site = await addSite(internet, { host, aliases: siblings, https: app, http: app });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
