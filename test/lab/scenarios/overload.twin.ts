import { serverNameFilter } from '../boxes';
import { overloadedServer } from '../overload';
import type { Scenario } from '../scenario';
import { addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'overload.twin',
  about:
    'Other hosts of the site are on a machine that has no place left for most; the page has its own, and a filter by server name resets it.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host });
    const { front, start } = overloadedServer(internet);
    const [sibling = '', ...aliases] = siblings;
    const other = await addSite(internet, { host: sibling, aliases, front });
    internet.boxes.push(serverNameFilter(internet, (name) => name === host));
    return { url: site.httpsUrl(draw.path()), trigger: () => start({ address: other.v4[0] ?? '', port: 443 }) };
  },
};
export default scenario;
