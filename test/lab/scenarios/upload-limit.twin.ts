import { serverNameFilter } from '../boxes';
import { byPath } from '../cookies';
import { formApp, sendForm } from '../forms';
import type { Scenario } from '../scenario';
import { addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'upload-limit.twin',
  about: 'A form with a large file is sent to another host of the site, which would take it; a filter by server name resets that host.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['isp-filter', 'organisation-filter', 'router-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { domain } = drawNames(internet);
    const target = `${draw.word()}.${domain}`;
    const [form, action] = [`/${draw.word()}`, `/${draw.word()}/upload`];
    const destination = await addSite(internet, { host: target });
    const site = await addSite(internet, {
      host: domain,
      https: byPath(
        { [form]: formApp(internet, { action: destination.httpsUrl(action), bytes: draw.int(200_000, 3_000_000) }) },
        pageApp(internet),
      ),
    });
    internet.boxes.push(serverNameFilter(internet, (name) => name === target));
    return sendForm(site.httpsUrl(form), destination.httpsUrl(action));
  },
};
export default scenario;
