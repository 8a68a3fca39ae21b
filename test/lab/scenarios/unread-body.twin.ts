import { byPath } from '../cookies';
import { formApp, sendForm } from '../forms';
import { addProxy } from '../proxy';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const scenario: Scenario = {
  name: 'unread-body.twin',
  about: 'A form is sent and its body is never read, because the configured proxy has come to reset everything.',
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['proxy-configuration'], owner: 'browser' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const [form, action] = [`/${draw.word()}`, `/${draw.word()}/send`];
    const site = await addSite(internet, {
      host,
      https: byPath({ [form]: formApp(internet, { action, bytes: draw.int(500_000, 3_000_000) }) }, pageApp(internet)),
    });
    await addHealthySiblings(internet, siblings);
    let isBroken = false;
    const fixed = addProxy(internet, {
      where: draw.pick(['device', 'network']),
      treats: () => (isBroken ? 'reset' : 'pass'),
    });
    return {
      ...sendForm(site.httpsUrl(form), site.httpsUrl(action)),
      proxy: { fixed },
      trigger: () => {
        isBroken = true;
        internet.hangUp([fixed.address, ...site.v4]);
      },
    };
  },
};
export default scenario;
