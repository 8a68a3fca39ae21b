import { httpHandler } from '../internet';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, guarded, pageApp, resetFront } from '../site';

const scenario: Scenario = {
  name: 'forged-dns',
  about: 'The system resolver answers an address that resets; independent resolvers tell the true one.',
  needs: 'namespace',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['dns-answer'], owner: 'local-network' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    const forged = draw.isTrue(0.7) ? draw.publicV4() : draw.privateV4();
    const front = resetFront(internet, draw.pick(['accept', 'opening']), 'forged address');
    for (const port of [80, 443]) internet.listen({ address: forged, port }, guarded(front, httpHandler(pageApp(internet))));
    internet.zone.setIn('system', host, { a: [forged], aaaa: [], ttl: draw.int(60, 600) });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
