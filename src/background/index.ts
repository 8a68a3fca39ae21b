import { api } from '../platform/api';
import { createTexts } from '../platform/text';
import { createBadge } from './badge';
import { COPIES_ALARM, COPIES_KEY, needTending } from './copies';
import type { BrowserApi as DoorsApi } from './doors/browser-api';
import { GUIDED_ALARM } from './doors/guided-alarm';
import { createErrorWatcher, type RequestErrorDetails, type TabFacts } from './error-watcher';
import { createIncidentStore } from './incident-store';
import { registerKeeping } from './keeping';
import type { Laboratory, PagePort } from './laboratory';

/**
 * The worker: what every failed request wakes. Everything here happens in its first synchronous turn;
 * a listener registered later would wake it and then lose the very event it was woken for. What begins
 * with a click is in the laboratory, a script of its own that is loaded when a page of ours speaks.
 */

const texts = createTexts((id, substitutions) => api.i18n.getMessage(id, substitutions));
const isGecko = api.runtime.getURL('').startsWith('moz-extension:');
const tabOf = (tabId: number): Promise<TabFacts | undefined> => api.tabs.get(tabId).catch(() => undefined);

const keeping = registerKeeping(api as unknown as DoorsApi, {
  onChanges(isSwitched) {
    void badge.setSwitched(isSwitched).catch(() => undefined);
    laboratory?.refresh();
  },
});
const incidents = createIncidentStore(api.storage.local);
const badge = createBadge({
  action: api.action,
  texts,
  later(run, afterMs) {
    const timer = setTimeout(run, afterMs);
    return () => clearTimeout(timer);
  },
  tabIds: async () => (await api.tabs.query({})).flatMap(({ id }) => id ?? []),
  incidentOf: async (tabId) => (await incidents.ofTab(tabId))[0],
  isErrorPageLate: isGecko,
});
const watcher = createErrorWatcher({
  store: incidents,
  badge,
  tab: tabOf,
  async isProbeTab(tabId) {
    await keeping.probeTabs.ready;
    return keeping.probeTabs.has(tabId);
  },
  ownBaseUrl: api.runtime.getURL(''),
  hasAutoReload: !isGecko,
  hasPendingUrl: !isGecko,
  isAddressProof: !isGecko,
  newId: () => crypto.randomUUID(),
});

const LABORATORY_FILE = '/laboratory.js';
/** Chromium's service workers have this and no `import()`; Firefox's event page has it the other way about. */
declare const importScripts: ((file: string) => void) | undefined;
const isServiceWorker = typeof importScripts === 'function';
// A service worker may only load later what it has loaded while it was installed.
if (isServiceWorker) globalThis.addEventListener('install', () => importScripts(LABORATORY_FILE));

let laboratory: Laboratory | undefined;
async function openLaboratory(): Promise<Laboratory> {
  if (!globalThis.createUnresetLaboratory) {
    if (isServiceWorker) importScripts(LABORATORY_FILE);
    // A text to the type checker, which knows only files of the sources.
    else await import('/laboratory.js' as string);
  }
  if (!globalThis.createUnresetLaboratory) throw new Error('a part of the extension is missing');
  laboratory ??= globalThis.createUnresetLaboratory({ api, incidents, keeping, tab: tabOf });
  return laboratory;
}

const everything = { urls: ['<all_urls>'] };
const pagesOnly = { urls: ['<all_urls>'], types: ['main_frame' as const] };

api.webRequest.onErrorOccurred.addListener((details) => {
  void watcher.onRequestError(details as RequestErrorDetails).then((incident) => incident && laboratory?.noteIncident(incident));
}, everything);
api.webNavigation.onErrorOccurred.addListener((details) => {
  void watcher.onNavigationError(details).then((incident) => incident && laboratory?.noteIncident(incident));
});
// Of what succeeds only top-level navigations are heard: webNavigation would tell of every frame.
api.webRequest.onBeforeRequest.addListener((details) => watcher.onPageStart(details), pagesOnly);
api.webRequest.onBeforeRedirect.addListener((details) => watcher.onPageRedirect(details), pagesOnly);
// Firefox tells an address before any answer, so there the answer itself must be heard.
if (isGecko) {
  api.webRequest.onResponseStarted.addListener((details) => watcher.onPageAnswer(details), pagesOnly);
  api.webRequest.onSendHeaders.addListener((details) => watcher.onPageSent(details), pagesOnly);
  api.webRequest.onHeadersReceived.addListener((details) => watcher.onPageHeadersReceived(details), pagesOnly);
}
api.webRequest.onCompleted.addListener((details) => void watcher.onPageLoad(details), pagesOnly);
api.tabs.onRemoved.addListener((tabId) => void watcher.onTabClosed(tabId));

// `sendResponse` and `true` hold in Firefox and in Chromium, `chrome` and `browser` alike.
api.runtime.onMessage.addListener((message: unknown, sender, sendResponse: (response: unknown) => void): true => {
  openLaboratory()
    .then((open) => open.answer(message, sender))
    .catch((error: unknown) => ({ ok: false, error: String(error).slice(0, 300) }))
    .then(sendResponse);
  return true;
});
api.runtime.onConnect.addListener((port) => {
  let isGone = false;
  port.onDisconnect.addListener(() => {
    isGone = true;
  });
  openLaboratory().then(
    (open) => isGone || open.connect(port as PagePort),
    () => port.disconnect(),
  );
});

/** In Firefox a search waits for the person to switch extensions, longer than this page lives. */
const noteSwitched = () =>
  void openLaboratory()
    .then((open) => open.noteSwitched())
    .catch(() => undefined);
const hearSwitches = () => {
  api.management?.onEnabled.addListener(noteSwitched);
  api.management?.onDisabled.addListener(noteSwitched);
  api.management?.onUninstalled.addListener(noteSwitched);
};
if (isGecko) {
  hearSwitches();
  api.permissions.onAdded.addListener(hearSwitches);
  api.alarms.onAlarm.addListener(({ name }) => {
    if (name === GUIDED_ALARM) noteSwitched();
  });
}

/** Copies of deleted cookies are credentials: looked after at every start, by an alarm, and when a permission has come. */
async function tendCopies(): Promise<void> {
  const stored = (await api.storage.local.get(COPIES_KEY))[COPIES_KEY];
  if (needTending(stored, Date.now())) await (await openLaboratory()).tendCopies();
}
void tendCopies().catch(() => undefined);
api.alarms.onAlarm.addListener(({ name }) => {
  if (name === COPIES_ALARM) void tendCopies().catch(() => undefined);
});
api.permissions.onAdded.addListener(() => void tendCopies().catch(() => undefined));
api.runtime.onStartup.addListener(() => void incidents.forgetTabs());
api.runtime.onInstalled.addListener(({ reason }) => {
  if (reason === 'install') void openWelcome();
});
api.permissions.onAdded.addListener((added) => laboratory?.notePermissions(added, 'given'));
api.permissions.onRemoved.addListener((removed) => laboratory?.notePermissions(removed, 'not-asked'));

/** Says on a page of its own what this extension sees and asks; where the build has that page. */
async function openWelcome(): Promise<void> {
  const url = api.runtime.getURL('src/popup/welcome.html');
  const page = await fetch(url).catch(() => undefined);
  if (page?.ok) await api.tabs.create({ url });
}
