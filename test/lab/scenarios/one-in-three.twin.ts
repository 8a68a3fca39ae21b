import { flakyBox } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, flakyApp, pageApp } from '../site';

const scenario: Scenario = {
  name: 'one-in-three.twin',
  about: 'The site fails one time in three, and so does everything else on this line, control hosts included.',
  // Firefox tries a reset request ten times by itself and so never shows this.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: {
    // Four causes of three owners look alike from inside a browser; naming one would be a guess.
    verdict: 'cannot-tell',
    causes: ['unstable-link', 'nat-or-conntrack', 'provider-fault', 'security-software'],
    owner: 'local-network',
  },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    // The failing page's own third comes at its server, so that the silent retry of a handshake does not hide it.
    const https = flakyApp(pageApp(internet), 'one in three', (ordinal) => ordinal % 3 === 1);
    const site = await addSite(internet, { host, https });
    await addHealthySiblings(internet, siblings);
    internet.boxes.push(flakyBox(3, ({ place }) => !site.v4.includes(place.address)));
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
