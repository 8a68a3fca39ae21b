import { overloadedServer } from '../overload';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'overload',
  about: 'The server has no place left for most connections and resets those; other clients take nearly every place that falls free.',
  // Firefox sends a request that is reset up to ten times by itself, and one of them gets through.
  browsers: ['chromium'],
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-overload', 'load-balancer', 'server-block', 'server-crash'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const { front, start } = overloadedServer(internet);
    const isPlain = draw.isTrue(0.4);
    const site = await addSite(internet, {
      host,
      front,
      http: isPlain ? pageApp(internet) : undefined,
      https: isPlain ? 'closed' : undefined,
    });
    await addHealthySiblings(internet, siblings);
    return {
      url: isPlain ? site.httpUrl(draw.path()) : site.httpsUrl(draw.path()),
      trigger: () => start({ address: site.v4[0] ?? '', port: isPlain ? 80 : 443 }),
    };
  },
};
export default scenario;
