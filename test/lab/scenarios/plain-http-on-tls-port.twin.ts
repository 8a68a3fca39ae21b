import { hostFilter } from '../boxes';
import { httpHandler, httpsHandler } from '../internet';
import type { Scenario } from '../scenario';
import { addHealthySiblings, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'plain-http-on-tls-port.twin',
  about: 'The port speaks both HTTP and TLS; plain HTTP is reset by a filter that reads the Host header.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const place = { address: draw.publicV4(), port: draw.port() };
    internet.zone.set(host, { a: [place.address], aaaa: [], ttl: 300 });
    const page = pageApp(internet);
    const plain = httpHandler(page);
    const secure = httpsHandler({ certificate: await internet.authority.issue([host]), isHttp2: false }, page);
    internet.listen(place, async (connection) => ((await connection.opening()).kind === 'tls' ? secure : plain)(connection));
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(hostFilter(internet, (name) => name === host));
    return { url: `http://${host}:${place.port}${draw.path()}` };
  },
};
export default scenario;
