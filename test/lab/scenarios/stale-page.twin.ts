import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resetApp, scriptApp, scriptedApp } from '../site';

const scenario: Scenario = {
  name: 'stale-page.twin',
  about: 'A page of an earlier visit is cached, and still as the server has it; the server has begun to reset the script that it asks for.',
  shows: ['loaded'],
  expect: { verdict: 'cause', causes: ['server-crash', 'server-block'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const path = draw.path();
    const name = `/${draw.word()}/app.${draw.int(100, 900)}.js`;
    let isBroken = false;
    const part = resetApp(scriptApp, 'broken', () => isBroken);
    const page = scriptedApp(internet, { script: () => name, part, maxAge: draw.int(3600, 86_400), title: 'ready' });
    const site = await addSite(internet, { host, https: page });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(path),
      visitBefore: [{ url: site.httpsUrl(path), untilTitle: 'ready' }],
      trigger: () => {
        isBroken = true;
        internet.hangUp(site.v4);
      },
    };
  },
};
export default scenario;
