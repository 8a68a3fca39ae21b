import { byPath } from '../cookies';
import { formApp, sendForm } from '../forms';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp, unreadBodyApp } from '../site';

const scenario: Scenario = {
  name: 'unread-body',
  about: 'A form is sent; the server closes without having read its body, and the kernel makes a reset of that.',
  shows: ['ERR_CONNECTION_RESET', 'ERR_CONNECTION_ABORTED'],
  // A limit for uploads that resets at once looks the same. It is sent once and never again, so it may as well have been chance.
  expect: { verdict: 'cannot-tell', causes: ['unread-body', 'upload-limit'], owner: 'site' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const [form, action] = [`/${draw.word()}`, `/${draw.word()}/send`];
    const page = pageApp(internet);
    const isPlain = draw.isTrue(0.4);
    const app = byPath(
      { [form]: formApp(internet, { action, bytes: draw.int(2_000_000, 6_000_000) }), [action]: unreadBodyApp(internet) },
      page,
    );
    const site = await addSite(internet, { host, http: isPlain ? app : undefined, https: isPlain ? 'closed' : app });
    await addHealthySiblings(internet, siblings);
    return isPlain ? sendForm(site.httpUrl(form), site.httpUrl(action)) : sendForm(site.httpsUrl(form), site.httpsUrl(action));
  },
};
export default scenario;
