import { EXPERIMENTS } from '../experiments';
import { COPY_KEPT_MS, type CookieDeletion, createCookieCopies } from '../experiments/cookie-copies';
import { SESSION_PORT_PREFIX } from '../messaging/protocol';
import { type Answer, answer, type Handlers, isOwnPage, type Sender } from '../messaging/serve';
import type { PortMessage } from '../messaging/session-port';
import type { ConsentId, ConsentState } from '../model/consent';
import type { Environment } from '../model/environment';
import type { SiteDataKind } from '../model/experiment';
import type { Incident } from '../model/incident';
import type { Change } from '../model/session';
import type { api as Api } from '../platform/api';
import { readEnvironment } from '../platform/environment';
import { PROBES } from '../probes';
import { COPIES_ALARM, COPIES_KEY } from './copies';
import type { Later } from './deadline';
import { createDoors } from './doors';
import type { BrowserApi as DoorsApi } from './doors/browser-api';
import { createCookieJar } from './doors/cookie-door';
import { createExtensionSwitches } from './doors/extension-switches';
import { createPrivateWindowDoor } from './doors/private-window-door';
import { clearSiteData } from './doors/site-data-door';
import type { TabFacts } from './error-watcher';
import { createExperiments, type Experiments } from './experiments';
import { createGuided } from './guided';
import type { IncidentStore } from './incident-store';
import type { Keeping } from './keeping';
import { createOpening } from './opening';
import { createSessionStore } from './session-store';
import { createSettingsStore } from './settings-store';
import { createWalks } from './walks';

/**
 * Everything that begins with a click: walks, probes, experiments, and the answers to pages. The
 * worker, which every failed request wakes, does without it until a page of ours speaks.
 */

/** What the worker hands in: all that there must be only one of. */
export interface Core {
  api: typeof Api;
  incidents: IncidentStore;
  keeping: Keeping;
  tab(tabId: number): Promise<TabFacts | undefined>;
}

/** A page's end of a connection, as far as it is used. */
export interface PagePort {
  name: string;
  sender?: Sender;
  postMessage(message: PortMessage): void;
  disconnect(): void;
  onDisconnect: { addListener(listener: () => void): void };
}

export interface Laboratory {
  /** Answers a page's request; never rejects. */
  answer(message: unknown, sender: Sender | undefined): Promise<Answer<unknown>>;
  /** Shows a walk to a page. */
  connect(port: PagePort): void;
  /** New counts of an incident whose walk somebody may be watching. */
  noteIncident(incident: Incident): void;
  /** Permissions came or went. */
  notePermissions(changed: { permissions?: string[]; origins?: string[] }, state: ConsentState): void;
  /** An extension was switched or removed; a search may be waiting for that, also one of an earlier life of the worker. */
  noteSwitched(): Promise<void>;
  /** What was changed or given back has changed. */
  refresh(): void;
  /** Looks after the copies of deleted cookies. */
  tendCopies(): Promise<void>;
}

const newId = (): string => crypto.randomUUID();
const now = (): number => Date.now();
const later: Later = (run, afterMs) => {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
};

export function createLaboratory({ api, incidents, keeping, tab }: Core): Laboratory {
  const local = api.storage.local;
  const isGecko = api.runtime.getURL('').startsWith('moz-extension:');
  const own = { id: api.runtime.id, baseUrl: api.runtime.getURL('') };
  let environment: Promise<Environment> | undefined;
  const readOnce = (): Promise<Environment> => {
    environment ??= readEnvironment(api, navigator);
    return environment;
  };

  /** The permission behind a consent that is nothing but a permission. */
  const consentByPermission: Readonly<Record<string, ConsentId>> = {
    management: 'see-extensions',
    [isGecko ? 'webRequestBlocking' : 'declarativeNetRequestWithHostAccess']: 'set-own-headers',
  };
  const consentsOf = ({ permissions = [], origins = [] }: { permissions?: string[]; origins?: string[] }): ConsentId[] => [
    ...permissions.flatMap((permission) => consentByPermission[permission] ?? []),
    ...(origins.length > 0 ? (['host-access'] as const) : []),
  ];

  const settings = createSettingsStore(local);
  const doorsApi = api as unknown as DoorsApi;
  const engine = isGecko ? 'gecko' : 'chromium';
  const doors = createDoors(doorsApi, keeping);
  const jar = createCookieJar(doorsApi, engine);
  const cookieCopies = createCookieCopies({
    read: async () => (await local.get(COPIES_KEY))[COPIES_KEY],
    write: (copies) => local.set({ [COPIES_KEY]: copies }),
    jar,
    now,
    newId,
    life: keeping.life,
    wakeAt: (when) => void api.alarms.create(COPIES_ALARM, { when }),
    noted: () => walks.refresh(),
  });
  const changes = async () => [...(await keeping.changes()), ...(await cookieCopies.deletions()).map(changeOf)];
  const store = createSessionStore(local);
  const walks = createWalks({
    probes: PROBES,
    store,
    environment: readOnce,
    settings: settings.read,
    openDoors: doors.open,
    async grantedConsents() {
      return consentsOf({ permissions: (await api.permissions.getAll()).permissions ?? [] });
    },
    changes,
    quiet: () => experiments.quiet(),
    now,
    newId,
    later,
  });
  const experiments: Experiments = createExperiments({
    all: EXPERIMENTS,
    walks,
    keeping,
    turn: doors.turn,
    settings: settings.read,
    now,
    doors: {
      extensions: createExtensionSwitches(doorsApi, engine),
      // Each permission may come and go at any moment.
      get cookies() {
        return api.cookies ? jar : undefined;
      },
      cookieCopies,
      get clearSiteData() {
        return api.browsingData ? (what: SiteDataKind, urls: readonly string[]) => clearSiteData(doorsApi, engine, what, urls) : undefined;
      },
      privateWindow: createPrivateWindowDoor({
        api: doorsApi,
        engine,
        ledger: keeping.ledger,
        journal: keeping.journal,
        probeTabs: keeping.probeTabs,
        hasHostAccess: true,
        newMark: () => `unreset-${newId()}`,
        later,
      }),
    },
  });
  const guided = createGuided({ store, experiments, now });
  const opening = createOpening({
    store: incidents,
    walks,
    tab,
    environment: readOnce,
    settings: settings.read,
    openDoors: doors.open,
    now,
    newId,
    later,
  });

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
    'step.withdraw': async ({ sessionId, step }) => {
      await walks.withdrawStep(sessionId, step);
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
    'experiment.start': async ({ sessionId, experiment, options }) => {
      await experiments.start(sessionId, experiment, options);
      return null;
    },
    'experiment.stop': async ({ sessionId }) => {
      await experiments.stop(sessionId);
      return null;
    },
    'experiment.word': async ({ sessionId, experiment, word, target }) => {
      await experiments.word(sessionId, experiment, target === undefined ? { word } : { word, target });
      return null;
    },
    'incident.list': () => incidents.list(),
    'incident.clear': async () => {
      await incidents.clear();
      return null;
    },
    'settings.get': () => settings.read(),
    'settings.set': (changes) => settings.change(changes),
    'changes.list': changes,
    'cookies.bring-back': async ({ id }) => {
      await experiments.stop();
      return { isTooLate: (await cookieCopies.bringBack(id)) === undefined };
    },
    'changes.give-back': async () => {
      walks.takeBack();
      await experiments.stop();
      await keeping.giveBackAll();
      walks.refresh();
      return null;
    },
  };

  return {
    answer: (message, sender) => answer(message, sender, own, handlers),
    connect(port) {
      if (!isOwnPage(port.sender, own) || !port.name.startsWith(SESSION_PORT_PREFIX)) {
        port.disconnect();
        return;
      }
      const sessionId = port.name.slice(SESSION_PORT_PREFIX.length);
      const end = walks.watch(sessionId, (message) => {
        try {
          port.postMessage(message);
        } catch {
          // The page went away; its disconnect is on the way.
        }
      });
      port.onDisconnect.addListener(end);
      // Elsewhere no search waits for a hand.
      if (isGecko) void guided.noteWatched(sessionId).catch(() => undefined);
    },
    noteIncident: walks.noteIncident,
    notePermissions: (changed, state) => void walks.notePermission(consentsOf(changed), state),
    noteSwitched: guided.noteSwitched,
    refresh: walks.refresh,
    tendCopies: cookieCopies.tidy,
  };
}

/** A deletion as a change for the views. */
function changeOf({ id, host, names, atMs, state, returnedAtMs, isUndoable }: CookieDeletion): Change {
  return {
    id,
    what: 'cookies',
    target: names.join(', '),
    count: names.length,
    host,
    ...(isUndoable ? { keptUntilMs: atMs + COPY_KEPT_MS } : {}),
    changedAtMs: atMs,
    state: state === 'removed' ? 'kept' : state === 'restored' ? 'returned' : 'changed',
    ...(returnedAtMs === undefined ? {} : { returnedAtMs }),
  };
}

declare global {
  /** Two scripts of one worker: the second leaves this for the first. */
  var createUnresetLaboratory: typeof createLaboratory | undefined;
}
globalThis.createUnresetLaboratory = createLaboratory;
