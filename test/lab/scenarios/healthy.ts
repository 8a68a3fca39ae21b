import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'healthy',
  about: 'Nothing is wrong.',
  shows: ['loaded'],
  expect: { verdict: 'no-fault' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue(), v6: draw.isTrue() ? [draw.publicV6()] : [] });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
