import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, partsApp, resetApp } from '../site';

const scenario: Scenario = {
  name: 'rate-limit-parts.twin',
  about: 'A page of many parts, all of which its site allows; one host of others, from which some parts come, resets whatever is asked.',
  shows: ['loaded'],
  // Nothing was answered there before, and nothing is now.
  expect: { verdict: 'cause', causes: ['server-crash', 'server-block', 'server-overload'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const other = draw.domain();
    const dead = resetApp((_request, response) => void response.end(), 'out of order');
    await addSite(internet, { host: other, http: dead, https: dead });
    const app = partsApp(internet, { parts: draw.int(6, 10), elsewhere: { host: other, parts: draw.int(3, 6) } });
    const site = await addSite(internet, { host, https: app });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
