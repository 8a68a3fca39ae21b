import { addressOf, bytesOf, type Cookie, type CookieJar, keyOf } from '../../experiments/cookie-jar';
import type { BrowserApi } from './browser-api';

/** A time long past, seconds since the epoch: a cookie set with it is deleted, and only that one. */
const LONG_PAST = 1;

/** The browser's cookies; every call throws where the permission is gone. */
export function createCookieJar(api: BrowserApi, engine: 'chromium' | 'gecko'): CookieJar {
  const cookies = () => {
    if (!api.cookies) throw new Error('the permission for cookies was taken back');
    return api.cookies;
  };
  const place = ({ storeId, partitionKey, firstPartyDomain }: Cookie) => ({
    storeId,
    ...(partitionKey ? { partitionKey } : {}),
    ...(engine === 'gecko' && firstPartyDomain !== undefined ? { firstPartyDomain } : {}),
  });
  const all: CookieJar['all'] = (url) =>
    cookies().getAll({ url, partitionKey: {}, ...(engine === 'gecko' ? { firstPartyDomain: null } : {}) });
  const set = async (cookie: Cookie, expirationDate: number | undefined) =>
    cookies().set({
      ...place(cookie),
      url: addressOf(cookie),
      name: cookie.name,
      value: cookie.value,
      // A domain makes it one for the sub-domains too.
      ...(cookie.hostOnly ? {} : { domain: cookie.domain }),
      path: cookie.path,
      secure: cookie.secure,
      httpOnly: cookie.httpOnly,
      sameSite: cookie.sameSite,
      ...(expirationDate === undefined ? {} : { expirationDate }),
    });
  const isThere = async (cookie: Cookie) => {
    const key = keyOf(cookie);
    return (await all(addressOf({ ...cookie, secure: true }))).some((one) => keyOf(one) === key);
  };

  return {
    all,
    async remove(cookie) {
      const key = keyOf(cookie);
      const namesakes = (await all(addressOf({ ...cookie, secure: true }))).filter((one) => one.name === cookie.name);
      if (!namesakes.some((one) => keyOf(one) === key)) return;
      // The browsers' own removal goes by address and name: Chromium takes all that match, Firefox the first.
      if (namesakes.length === 1) await cookies().remove({ ...place(cookie), url: addressOf(cookie), name: cookie.name });
      if (await isThere(cookie)) await set(cookie, LONG_PAST).catch(() => undefined);
      if (await isThere(cookie)) throw new Error(`a cookie of ${bytesOf(cookie)} bytes could not be deleted`);
    },
    async put(cookie) {
      await set(cookie, cookie.session ? undefined : cookie.expirationDate);
      if (!(await isThere(cookie))) throw new Error(`a cookie of ${bytesOf(cookie)} bytes could not be put back`);
    },
  };
}
