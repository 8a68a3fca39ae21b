import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resetFront } from '../site';

const scenario: Scenario = {
  name: 'server-resets-all.twin',
  about:
    'The address that the system uses resets everything, name or no name; but it is a wrong answer of the resolver, the true address is well.',
  needs: 'namespace',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['dns-answer'], owner: 'local-network' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const right = draw.publicV4();
    const wrong = draw.publicV4();
    const site = await addSite(internet, {
      host,
      v4: [right, wrong],
      front: resetFront(internet, draw.pick(['accept', 'opening']), 'wrong address', ({ place }) => place.address === wrong),
    });
    await addHealthySiblings(internet, siblings);
    internet.zone.set(host, { a: [right], aaaa: [], ttl: 300 });
    internet.zone.setIn('system', host, { a: [wrong], aaaa: [], ttl: draw.int(60, 600) });
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
