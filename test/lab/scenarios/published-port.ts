import { addPublishedPort } from '../published-port';
import type { Scenario } from '../scenario';

const scenario: Scenario = {
  name: 'published-port',
  about: 'A container port is published at localhost and nothing listens behind it: the forwarder accepts, finds nobody, and resets.',
  needs: 'namespace',
  shows: ['ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE', 'ERR_SOCKET_NOT_CONNECTED'],
  // A program on one's own machine that resets everything is all that a browser can see.
  expect: { verdict: 'cause', causes: ['container-port', 'server-crash', 'dev-server'], owner: 'site' },
  configure(draw, internet) {
    const port = draw.port();
    const inside = { address: `127.${draw.int(1, 250)}.${draw.int(1, 250)}.2`, port: draw.pick([80, 3000, 5000, 8000, 8080]) };
    // Docker's forwarder listens on every address of both families.
    for (const address of ['127.0.0.1', '::1']) addPublishedPort(internet, { outside: { address, port }, inside });
    return { url: `http://${draw.pick(['localhost', '127.0.0.1'])}:${port}${draw.path()}` };
  },
};
export default scenario;
