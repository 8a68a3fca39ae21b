import { httpsHandler } from '../internet';
import { addPublishedPort } from '../published-port';
import type { Scenario } from '../scenario';
import { pageApp } from '../site';

const scenario: Scenario = {
  name: 'published-port.twin',
  about: 'A container port is published and its server listens behind it; but it speaks TLS only, and the address says http.',
  needs: 'namespace',
  shows: ['ERR_EMPTY_RESPONSE', 'ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['wrong-protocol-on-port'], owner: 'site' },
  async configure(draw, internet) {
    const port = draw.port();
    const inside = { address: `127.${draw.int(1, 250)}.${draw.int(1, 250)}.2`, port: draw.pick([443, 8443]) };
    const secure = httpsHandler(
      { certificate: await internet.authority.issue(['localhost', '127.0.0.1']), isHttp2: false },
      pageApp(internet),
    );
    internet.listen(inside, secure, { isLocal: true });
    for (const address of ['127.0.0.1', '::1']) addPublishedPort(internet, { outside: { address, port }, inside });
    return { url: `http://localhost:${port}${draw.path()}` };
  },
};
export default scenario;
