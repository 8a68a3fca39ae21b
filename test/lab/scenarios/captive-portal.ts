import { captivePortal } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'captive-portal',
  about: 'The network wants a sign-in: plain HTTP is led to its portal, TLS is reset.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['captive-portal'], owner: 'local-network' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(captivePortal(internet));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
