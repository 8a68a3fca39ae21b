import { serverNameFilter } from '../boxes';
import { addFullBacklog } from '../full-backlog';
import type { Scenario } from '../scenario';
import { addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'full-backlog.twin',
  about:
    "Other hosts of the site are on a machine whose queue of connections is full; the page's own is well, and a filter by server name resets it.",
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host });
    const busy = draw.publicV4();
    for (const sibling of siblings) internet.zone.set(sibling, { a: [busy], aaaa: [], ttl: 300 });
    addFullBacklog(internet, { address: busy, port: 443 }, await internet.authority.issue(siblings));
    internet.boxes.push(serverNameFilter(internet, (name) => name === host));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
