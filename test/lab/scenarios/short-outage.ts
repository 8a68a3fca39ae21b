import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, outageFront } from '../site';

const scenario: Scenario = {
  name: 'short-outage',
  about: 'The server resets every connection for a few seconds, and is well again while the checks run.',
  // Firefox tries a reset request ten times by itself, and the outage may be over before it tells.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['transient'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, front: outageFront(draw.int(1_200, 2_400)) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
