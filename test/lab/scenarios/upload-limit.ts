import { byPath } from '../cookies';
import { formApp, sendForm } from '../forms';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, uploadLimitApp } from '../site';

const scenario: Scenario = {
  name: 'upload-limit',
  about: 'A form with a large file is sent; the server resets as soon as more has come than it takes.',
  shows: ['ERR_CONNECTION_RESET'],
  // A server that goes away without reading the body looks the same. It is sent once and never again, so it may as well have been chance.
  expect: { verdict: 'cannot-tell', causes: ['upload-limit', 'unread-body'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const [form, action] = [`/${draw.word()}`, `/${draw.word()}/upload`];
    const limit = draw.int(100_000, 1_000_000);
    const page = pageApp(internet);
    const site = await addSite(internet, {
      host,
      isHttp2: draw.isTrue(0.3),
      https: byPath({ [form]: formApp(internet, { action, bytes: limit * draw.int(2, 4) }), [action]: uploadLimitApp(page, limit) }, page),
    });
    await addHealthySiblings(internet, siblings);
    return sendForm(site.httpsUrl(form), site.httpsUrl(action));
  },
};
export default scenario;
