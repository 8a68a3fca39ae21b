import { SESSION_PORT_PREFIX } from '../messaging/protocol';
import { createMessageListener, type Handlers, isOwnPage } from '../messaging/serve';
import type { PortMessage } from '../messaging/session-port';
import type { ConsentId } from '../model/consent';
import type { Environment } from '../model/environment';
import { api } from '../platform/api';
import { readEnvironment } from '../platform/environment';
import { createTexts } from '../platform/text';
import { PROBES } from '../probes';
import { createBadge } from './badge';
import type { Later } from './deadline';
import { registerDoors } from './doors';
import type { BrowserApi as DoorsApi } from './doors/browser-api';
import { createErrorWatcher, type RequestErrorDetails, type TabFacts } from './error-watcher';
import { createIncidentStore } from './incident-store';
import { createOpening } from './opening';
import { createSessionStore } from './session-store';
import { createSettingsStore } from './settings-store';
import { createWalks } from './walks';

/**
 * The worker. Everything here happens in its first synchronous turn: a listener registered later would
 * wake it and then lose the very event it was woken for.
 */

const local = api.storage.local;
const texts = createTexts((id, substitutions) => api.i18n.getMessage(id, substitutions));
const newId = (): string => crypto.randomUUID();
const now = (): number => Date.now();
const later: Later = (run, afterMs) => {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
};
const isGecko = api.runtime.getURL('').startsWith('moz-extension:');
const own = () => ({ id: api.runtime.id, baseUrl: api.runtime.getURL('') });

let environment: Promise<Environment> | undefined;
const readOnce = (): Promise<Environment> => {
  environment ??= readEnvironment(api, navigator);
  return environment;
};
const tabOf = (tabId: number): Promise<TabFacts | undefined> => api.tabs.get(tabId).catch(() => undefined);

const doors = registerDoors(api as unknown as DoorsApi, {
  onChanges(isSwitched) {
    void badge.setSwitched(isSwitched).catch(() => undefined);
    walks.refresh();
  },
});
const incidents = createIncidentStore(local);
const settings = createSettingsStore(local);
const badge = createBadge({
  action: api.action,
  texts,
  later,
  tabIds: async () => (await api.tabs.query({})).flatMap(({ id }) => id ?? []),
  incidentOf: async (tabId) => (await incidents.ofTab(tabId))[0],
  isErrorPageLate: isGecko,
});

/** The permission behind a consent that is nothing but a permission. */
const OWN_HEADERS_PERMISSION = isGecko ? 'webRequestBlocking' : 'declarativeNetRequestWithHostAccess';
const CONSENT_BY_PERMISSION: Readonly<Record<string, ConsentId>> = {
  management: 'see-extensions',
  [OWN_HEADERS_PERMISSION]: 'set-own-headers',
};
const consentsOf = ({ permissions = [], origins = [] }: { permissions?: string[]; origins?: string[] }): ConsentId[] => [
  ...permissions.flatMap((permission) => CONSENT_BY_PERMISSION[permission] ?? []),
  ...(origins.length > 0 ? (['host-access'] as const) : []),
];

const walks = createWalks({
  probes: PROBES,
  store: createSessionStore(local),
  environment: readOnce,
  settings: settings.read,
  openDoors: doors.open,
  async grantedConsents() {
    return consentsOf({ permissions: (await api.permissions.getAll()).permissions ?? [] });
  },
  changes: doors.changes,
  now,
  newId,
  later,
});
const opening = createOpening({
  store: incidents,
  walks,
  tab: tabOf,
  environment: readOnce,
  settings: settings.read,
  openDoors: doors.open,
  now,
  newId,
  later,
});
const watcher = createErrorWatcher({
  store: incidents,
  badge,
  tab: tabOf,
  async isProbeTab(tabId) {
    await doors.probeTabs.ready;
    return doors.probeTabs.has(tabId);
  },
  ownBaseUrl: own().baseUrl,
  hasAutoReload: !isGecko,
  isAddressProof: !isGecko,
  newId,
});

const everything = { urls: ['<all_urls>'] };
const pagesOnly = { urls: ['<all_urls>'], types: ['main_frame' as const] };

api.webRequest.onErrorOccurred.addListener((details) => {
  void watcher.onRequestError(details as RequestErrorDetails).then((incident) => incident && walks.noteIncident(incident));
}, everything);
api.webNavigation.onErrorOccurred.addListener((details) => {
  void watcher.onNavigationError(details).then((incident) => incident && walks.noteIncident(incident));
});
// Of what succeeds only top-level navigations are heard: webNavigation would tell of every frame.
api.webRequest.onBeforeRequest.addListener((details) => watcher.onPageStart(details), pagesOnly);
api.webRequest.onBeforeRedirect.addListener((details) => watcher.onPageRedirect(details), pagesOnly);
// Firefox tells an address before any answer, so there the answer itself must be heard.
if (isGecko) api.webRequest.onResponseStarted.addListener((details) => watcher.onPageAnswer(details), pagesOnly);
api.webRequest.onCompleted.addListener((details) => void watcher.onPageLoad(details), pagesOnly);
api.tabs.onRemoved.addListener((tabId) => void watcher.onTabClosed(tabId));

const handlers: Handlers = {
  'session.open-tab': ({ tabId }) => opening.openTab(tabId),
  'session.open-incident': ({ incidentId }) => opening.openIncident(incidentId),
  'session.open-url': ({ url, tabId }) => opening.openUrl(url, tabId),
  'consent.set': async ({ sessionId, consent, state }) => {
    await walks.setConsent(sessionId, consent, state);
    return null;
  },
  'question.answer': async ({ sessionId, observation, value }) => {
    await walks.answer(sessionId, observation, value);
    return null;
  },
  'step.record': async ({ sessionId, result }) => {
    await walks.recordStep(sessionId, result);
    return null;
  },
  'session.retest': async ({ sessionId, afterStep }) => {
    await walks.retest(sessionId, afterStep);
    return null;
  },
  'session.rerun': async ({ sessionId }) => {
    await walks.rerun(sessionId);
    return null;
  },
  'incident.list': () => incidents.list(),
  'incident.clear': async () => {
    await incidents.clear();
    return null;
  },
  'settings.get': () => settings.read(),
  'settings.set': (changes) => settings.change(changes),
  'changes.give-back': async () => {
    walks.takeBack();
    await doors.giveBackAll();
    walks.refresh();
    return null;
  },
};
api.runtime.onMessage.addListener(createMessageListener(own, handlers));

api.runtime.onConnect.addListener((port) => {
  if (!isOwnPage(port.sender, own()) || !port.name.startsWith(SESSION_PORT_PREFIX)) {
    port.disconnect();
    return;
  }
  const end = walks.watch(port.name.slice(SESSION_PORT_PREFIX.length), (message: PortMessage) => {
    try {
      port.postMessage(message);
    } catch {
      // The page went away; its disconnect is on the way.
    }
  });
  port.onDisconnect.addListener(end);
});

api.runtime.onStartup.addListener(() => void incidents.forgetTabs());
api.runtime.onInstalled.addListener(({ reason }) => {
  if (reason === 'install') void openWelcome();
});
api.permissions.onAdded.addListener((added) => void walks.notePermission(consentsOf(added), 'given'));
api.permissions.onRemoved.addListener((removed) => void walks.notePermission(consentsOf(removed), 'not-asked'));

/** Says on a page of its own what this extension sees and asks; where the build has that page. */
async function openWelcome(): Promise<void> {
  const url = api.runtime.getURL('src/popup/welcome.html');
  const page = await fetch(url).catch(() => undefined);
  if (page?.ok) await api.tabs.create({ url });
}
