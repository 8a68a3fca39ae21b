import { httpHandler } from '../internet';
import { addPublishedPort } from '../published-port';
import type { Scenario } from '../scenario';
import { pageApp } from '../site';

const scenario: Scenario = {
  name: 'localhost-names',
  about:
    'A development server listens at one of 127.0.0.1 and [::1]; at the other, where the page goes, a stale port of a container resets.',
  needs: 'namespace',
  shows: ['ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE', 'ERR_SOCKET_NOT_CONNECTED'],
  expect: { verdict: 'cause', causes: ['container-port', 'dev-server'], owner: 'site' },
  configure(draw, internet) {
    const port = draw.port();
    const isSixStale = draw.isTrue();
    const [stale, live] = isSixStale ? ['::1', '127.0.0.1'] : ['127.0.0.1', '::1'];
    addPublishedPort(internet, {
      outside: { address: stale, port },
      inside: { address: `127.${draw.int(1, 250)}.${draw.int(1, 250)}.2`, port: 3000 },
    });
    internet.listen({ address: live, port }, httpHandler(pageApp(internet)), { isLocal: true });
    // By the name itself Firefox goes on from [::1] to 127.0.0.1 after a reset and loads the page [seen].
    const host = isSixStale ? '[::1]' : '127.0.0.1';
    return { url: `http://${host}:${port}${draw.path()}` };
  },
};
export default scenario;
