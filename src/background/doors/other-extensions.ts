import type { BrowserApi, ManagedExtension } from './browser-api';

/** All installed extensions but Unreset, themes and apps; undefined without the permission. */
export async function otherExtensions(api: BrowserApi): Promise<readonly ManagedExtension[] | undefined> {
  const all = await api.management?.getAll();
  return all?.filter((one) => one.type === 'extension' && one.id !== api.runtime.id);
}

/** Chromium: ids of extensions with pages of their own in tabs. Switching off closes them, and what is typed there is lost. */
export async function withOpenPages(api: BrowserApi): Promise<ReadonlySet<string>> {
  const tabs = await api.tabs.query({ url: 'chrome-extension://*/*' }).catch(() => []);
  return new Set(tabs.flatMap(({ url }) => (url === undefined ? [] : [new URL(url).host])));
}
