import { httpsHandler } from '../internet';
import type { Scenario } from '../scenario';
import { pageApp } from '../site';

const scenario: Scenario = {
  name: 'localhost-names.twin',
  about:
    'Nothing listens at [::1] and the server is at 127.0.0.1 only, so the names differ; but it speaks TLS there, and the address says http.',
  needs: 'namespace',
  shows: ['ERR_EMPTY_RESPONSE', 'ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['wrong-protocol-on-port'], owner: 'site' },
  async configure(draw, internet) {
    const place = { address: '127.0.0.1', port: draw.port() };
    const certificate = await internet.authority.issue(['localhost', '127.0.0.1']);
    internet.listen(place, httpsHandler({ certificate, isHttp2: false }, pageApp(internet)), { isLocal: true });
    return { url: `http://${draw.pick(['localhost', '127.0.0.1'])}:${place.port}${draw.path()}` };
  },
};
export default scenario;
