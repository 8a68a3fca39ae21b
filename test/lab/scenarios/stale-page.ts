import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resetApp, scriptApp, scriptedApp } from '../site';

const scenario: Scenario = {
  name: 'stale-page',
  about:
    'A page of an earlier visit is cached and asks for the script of the last release; since the new one the server resets that script.',
  shows: ['loaded'],
  expect: { verdict: 'cause', causes: ['browser-site-data'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const path = draw.path();
    const folder = draw.word();
    const old = draw.int(100, 900);
    let isReleased = false;
    const part = resetApp(scriptApp, 'old release', (request) => isReleased && request.url?.includes(`.${old}.`) === true);
    const script = () => `/${folder}/app.${isReleased ? old + draw.int(1, 9) : old}.js`;
    const page = scriptedApp(internet, { script, part, maxAge: draw.int(3600, 86_400), title: 'ready' });
    const site = await addSite(internet, { host, https: page });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(path),
      visitBefore: [{ url: site.httpsUrl(path), untilTitle: 'ready' }],
      trigger: () => {
        isReleased = true;
        internet.hangUp(site.v4);
      },
    };
  },
};
export default scenario;
