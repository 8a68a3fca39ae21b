import { addCrashingServer } from '../crashing-server';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'crash-mid-request',
  about: 'The server process dies at every request, before or within its answer, and is started again at once.',
  // Firefox sends a request that is reset up to ten times by itself, and a process dies for each: on a busy machine no try of ours ends in time.
  browsers: ['chromium'],
  shows: [
    'ERR_CONNECTION_RESET',
    'ERR_CONNECTION_CLOSED',
    'ERR_EMPTY_RESPONSE',
    'ERR_CONTENT_LENGTH_MISMATCH',
    'ERR_INCOMPLETE_CHUNKED_ENCODING',
  ],
  expect: {
    verdict: 'cause',
    causes: ['server-crash', 'server-timeout', 'server-overload', 'load-balancer', 'server-block'],
    owner: 'site',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, http: 'closed', https: 'closed' });
    const address = site.v4[0] ?? '';
    addCrashingServer(internet, [
      { place: { address, port: 80 } },
      { place: { address, port: 443 }, certificate: await internet.authority.issue([host]) },
    ]);
    await addHealthySiblings(internet, siblings);
    return { url: draw.isTrue() ? site.httpUrl(draw.path()) : site.httpsUrl(draw.path()) };
  },
};
export default scenario;
