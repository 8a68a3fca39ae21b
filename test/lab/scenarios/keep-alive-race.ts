import { setTimeout as after } from 'node:timers/promises';
import { racingFront } from '../keep-alive';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'keep-alive-race',
  about:
    "After a pause the first request meets a connection that the site's front kept and its backend has given up; every next one works.",
  // Firefox sends a request that is reset up to ten times by itself, and the second one works.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  // Once, and never again while somebody looks: a browser sees a passing fault.
  expect: { verdict: 'cause', causes: ['transient', 'keep-alive-race'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const idleMs = draw.int(3_800, 4_500);
    const start = draw.path();
    const app = racingFront(internet, { page: pageApp(internet, { title: 'ready' }), idleMs });
    const site = await addSite(internet, { host, https: app });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }],
      trigger: async () => {
        // On a kept connection Chromium would send the request again by itself, and nobody would see anything.
        internet.hangUp(site.v4);
        await after(idleMs + 200);
      },
    };
  },
};
export default scenario;
