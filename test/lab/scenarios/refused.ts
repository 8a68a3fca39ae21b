import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'refused',
  about: 'Nothing listens at the port.',
  shows: ['ERR_CONNECTION_REFUSED'],
  expect: { verdict: 'not-a-reset' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, https: 'closed' });
    await addHealthySiblings(internet, siblings);
    return { url: `https://${site.host}${draw.isTrue() ? '' : `:${draw.port()}`}${draw.path()}` };
  },
};
export default scenario;
