import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, resetApp, scriptApp, scriptedApp } from '../site';

const scenario: Scenario = {
  name: 'extension-part.twin',
  about:
    'Another extension fetches the scripts of another site from a mirror that works; the server resets the script of this page for everybody.',
  shows: ['loaded'],
  expect: { verdict: 'cause', causes: ['server-crash', 'server-block'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const name = `/${draw.word()}/${draw.word()}.js`;
    const part = resetApp(scriptApp, 'broken');
    const site = await addSite(internet, { host, https: scriptedApp(internet, { script: () => name, part }) });
    await addHealthySiblings(internet, siblings);
    const to = draw.domain();
    await addSite(internet, { host: to, https: scriptApp });
    return { url: site.httpsUrl(draw.path()), extensions: [{ does: 'replace-scripts', from: draw.domain(), to }] };
  },
};
export default scenario;
