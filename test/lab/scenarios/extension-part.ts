import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetApp, scriptApp, scriptedApp } from '../site';

const scenario: Scenario = {
  name: 'extension-part',
  about:
    'Another extension fetches the scripts of the page from a mirror of its own choice, which is out of use; the page and its script are well.',
  shows: ['loaded'],
  expect: { verdict: 'cause', causes: ['browser-extension'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const name = `/${draw.word()}/${draw.word()}.js`;
    const site = await addSite(internet, {
      host,
      https: scriptedApp(internet, { script: () => name, part: scriptApp }),
      isHttp2: draw.isTrue(),
    });
    await addHealthySiblings(internet, siblings);
    const to = draw.domain();
    const dead = resetApp(pageApp(internet), 'out of use');
    await addSite(internet, { host: to, http: dead, https: dead });
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'replace-scripts', from: host, to }] };
  },
};
export default scenario;
