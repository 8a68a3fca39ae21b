import { addressFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'everything-resets',
  about: 'Every connection to any public address is reset.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: {
    // Four causes of three owners look alike from inside a browser; naming one would be a guess.
    verdict: 'cannot-tell',
    causes: ['nat-or-conntrack', 'unstable-link', 'provider-fault', 'security-software'],
    owner: 'local-network',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(addressFilter(internet, 'all', draw.pick(['accept', 'opening'])));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
