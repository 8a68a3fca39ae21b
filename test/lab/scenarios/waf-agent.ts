import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, resetApp } from '../site';

const scenario: Scenario = {
  name: 'waf-agent',
  about: 'A guard of the site resets every request by its User-Agent: this browser is on its list.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['server-block'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    // One that minds every browser looks like a server that resets everybody.
    const unwanted = draw.pick([/Chrome\/|Firefox\//, /X11/, /Linux/]);
    const app = resetApp(pageApp(internet), 'unwanted agent', (request) => unwanted.test(request.headers['user-agent'] ?? ''));
    const site = await addSite(internet, { host, http: app, https: app });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
