import { addFullBacklog } from '../full-backlog';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'full-backlog',
  about: "The server's queue of connections is full in nearly every moment, and its kernel resets what it had said yes to.",
  needs: 'namespace',
  programs: ['nft'],
  // Firefox sends a request that is reset up to ten times by itself, and one of them gets through.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET', 'ERR_CONNECTION_CLOSED'],
  expect: { verdict: 'cause', causes: ['server-overload', 'load-balancer', 'server-block', 'server-crash'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, http: 'closed', https: 'closed' });
    const isPlain = draw.isTrue();
    addFullBacklog(
      internet,
      { address: site.v4[0] ?? '', port: isPlain ? 80 : 443 },
      isPlain ? undefined : await internet.authority.issue([host]),
    );
    await addHealthySiblings(internet, siblings);
    return { url: isPlain ? site.httpUrl(draw.path()) : site.httpsUrl(draw.path()) };
  },
};
export default scenario;
