import { forgeByHost } from '../forger';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'forged-reset',
  about: "The provider's filter forges a reset in the server's name, from outside the flow, for requests with this Host.",
  needs: 'namespace',
  programs: ['nft'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, http: pageApp(internet), https: 'closed' });
    await addHealthySiblings(internet, siblings);
    const path = draw.path();
    forgeByHost(internet, { host, paths: [path, '/'], address: site.v4[0] ?? '' });
    return { url: site.httpUrl(path) };
  },
};
export default scenario;
