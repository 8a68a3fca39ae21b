import { slowFront } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, toHttpsApp } from '../site';

const scenario: Scenario = {
  name: 'dead-backend',
  about: 'A balancer takes every connection, looks for its backend as long as it may, finds none, and closes.',
  // Firefox tries ten times by itself, longer than any try of ours may last.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_CLOSED'],
  // A server that is given as long for its greeting and dies of it looks the same.
  expect: { verdict: 'cause', causes: ['load-balancer', 'server-timeout'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const front = slowFront(internet, draw.int(1_700, 2_400), 'no backend');
    const site = await addSite(internet, { host, front, http: toHttpsApp(host, 443) });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
