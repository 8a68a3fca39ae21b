import { serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'unbound-name.twin',
  about: 'All hosts of the site are at one address and well there; a box on the way resets TLS to one of them by its name.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, aliases: siblings });
    internet.boxes.push(serverNameFilter(internet, (name) => name === host));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
