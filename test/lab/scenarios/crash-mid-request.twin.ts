import { hostFilter } from '../boxes';
import { addCrashingServer } from '../crashing-server';
import type { Scenario } from '../scenario';
import { addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'crash-mid-request.twin',
  about:
    "Another host of the site dies at every request; the page's own server is well, and a filter that reads the Host header resets it.",
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, {
      host,
      http: pageApp(internet),
      https: 'closed',
      // In front of this host alone: what a box has read of a connection cannot be handed to a process that is to die of it.
      front: hostFilter(internet, (name) => name === host),
    });
    const crashing = draw.publicV4();
    for (const sibling of siblings) internet.zone.set(sibling, { a: [crashing], aaaa: [], ttl: 300 });
    addCrashingServer(internet, [{ place: { address: crashing, port: 80 } }]);
    return { url: site.httpUrl(draw.path()) };
  },
};
export default scenario;
