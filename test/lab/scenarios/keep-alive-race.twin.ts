import { setTimeout as after } from 'node:timers/promises';
import { idleCloser } from '../boxes';
import { byPath, cookieBytesOf, cookieSettingApp } from '../cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetApp } from '../site';

const scenario: Scenario = {
  name: 'keep-alive-race.twin',
  about: 'The server resets kept connections that were idle, which browsers mend by themselves; the cookies are too large for it as well.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['oversized-headers'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const limit = draw.int(6_000, 12_000);
    const idleMs = draw.int(300, 600);
    const start = draw.path();
    const page = resetApp(pageApp(internet), 'cookies too large', (request) => cookieBytesOf(request) > limit);
    const setter = cookieSettingApp(internet, limit + draw.int(1_000, 4_000));
    const site = await addSite(internet, { host, https: idleCloser(byPath({ [start]: setter }, page), idleMs) });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }],
      trigger: () => after(idleMs + 100),
    };
  },
};
export default scenario;
