import { serverNameFilter } from '../boxes';
import { byPath, cookieSettingApp } from '../cookies';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'oversized-cookies.twin',
  about: 'The site has large cookies and takes them; a filter by server name has come between.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const start = draw.path();
    const page = pageApp(internet);
    const https = byPath({ [start]: cookieSettingApp(internet, draw.int(9_000, 16_000)) }, page);
    const site = await addSite(internet, { host, https });
    await addHealthySiblings(internet, siblings);
    return {
      url: site.httpsUrl(draw.path()),
      visitBefore: [{ url: site.httpsUrl(start), untilTitle: 'ready' }],
      trigger: () => {
        internet.boxes.push(serverNameFilter(internet, (name) => name === host));
        internet.hangUp(site.v4);
      },
    };
  },
};
export default scenario;
