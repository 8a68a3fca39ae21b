import { setTimeout as after } from 'node:timers/promises';
import { forgetfulNat } from '../nat';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'nat-timeout',
  about:
    'A router forgets connections that were idle and resets what comes on them; browsers send that again by themselves, and the page loads.',
  needs: 'namespace',
  programs: ['nft'],
  shows: ['loaded'],
  expect: { verdict: 'no-fault' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, isHttp2: draw.isTrue(), https: pageApp(internet, { title: 'ready' }) });
    await addHealthySiblings(internet, siblings);
    const forgotten = forgetfulNat(internet, { to: site.v4, idleS: draw.int(1, 2) });
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl(draw.path()), untilTitle: 'ready' }],
      trigger: () => after(forgotten),
    };
  },
};
export default scenario;
