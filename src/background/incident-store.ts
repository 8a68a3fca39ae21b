import * as v from 'valibot';
import { INCIDENTS_KEY } from '../messaging/glance';
import type { Incident } from '../model/incident';
import { OBSERVATIONS } from '../model/vocabulary';
import {
  bound,
  currentOfTab,
  forgetTabs,
  type IncidentRecord,
  justMendedOfTab,
  recordLoad,
  recordSighting,
  recordTabClosed,
  type Sighting,
  URL_LIMIT,
} from './incident-log';
import { createStoredValue, type StorageArea } from './stored-value';

const text = (limit: number) => v.pipe(v.string(), v.maxLength(limit));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const failure = v.picklist(OBSERVATIONS['error-kind'].values);

/** Shape of a network error in storage. */
export const NET_ERROR_SCHEMA = v.object({ raw: text(300), failure });

/** Shape of an incident in storage. */
export const INCIDENT_SCHEMA = v.object({
  id: text(100),
  tabId: v.pipe(v.number(), v.integer()),
  url: text(URL_LIMIT),
  host: text(URL_LIMIT),
  pageUrl: text(URL_LIMIT),
  kind: v.picklist(['main-frame', 'sub-frame', 'sub-resource', 'fetch', 'websocket']),
  method: text(20),
  error: NET_ERROR_SCHEMA,
  phase: v.picklist(OBSERVATIONS.phase.values),
  ip: v.optional(text(64)),
  durationMs: v.optional(v.number()),
  durationsMs: v.optional(v.array(v.number())),
  firstAtMs: v.number(),
  lastAtMs: v.number(),
  count,
  autoReloads: count,
  isPageFromCache: v.optional(v.literal(true)),
  isPageSent: v.optional(v.literal(true)),
  isInFrame: v.optional(v.literal(true)),
  redirects: v.pipe(v.array(text(URL_LIMIT)), v.maxLength(10)),
  comeBacks: v.optional(count),
  mendedAtMs: v.optional(v.number()),
  isHealthy: v.optional(v.literal(true)),
}) satisfies v.GenericSchema<unknown, Incident>;

const RECORDS_SCHEMA = v.array(
  v.object({
    incident: INCIDENT_SCHEMA,
    seenBy: v.array(v.picklist(['webRequest', 'webNavigation'])),
    attemptAtMs: v.number(),
    autoStep: count,
    isLeft: v.optional(v.boolean()),
    isCopyShown: v.optional(v.boolean()),
  }),
) satisfies v.GenericSchema<unknown, IncidentRecord[]>;

/** Recent incidents, kept over restarts; never throws. */
export interface IncidentStore {
  sight(sighting: Sighting, options: { newId: string; hasAutoReload: boolean }): Promise<Incident | undefined>;
  load(load: Parameters<typeof recordLoad>[1]): Promise<void>;
  closeTab(tabId: number): Promise<void>;
  forgetTabs(): Promise<void>;
  /** Keeps an incident that was made by trying a URL. */
  add(incident: Incident): Promise<void>;
  ofTab(tabId: number): Promise<readonly Incident[]>;
  /** The page's own failure that went away by itself in this tab since then. */
  justMended(tabId: number, sinceMs: number): Promise<Incident | undefined>;
  find(id: string): Promise<Incident | undefined>;
  /** Newest first. */
  list(): Promise<readonly Incident[]>;
  clear(): Promise<void>;
}

export function createIncidentStore(area: StorageArea): IncidentStore {
  const stored = createStoredValue<readonly IncidentRecord[]>({
    area,
    key: INCIDENTS_KEY,
    parse(value) {
      const parsed = v.safeParse(RECORDS_SCHEMA, value);
      return parsed.success ? bound(parsed.output) : undefined;
    },
    empty: [],
  });
  return {
    async sight(sighting, options) {
      let incident: Incident | undefined;
      await stored.update((records) => {
        const next = recordSighting(records, sighting, options);
        incident = next.incident;
        return next.records;
      });
      return incident;
    },
    async load(load) {
      await stored.update((records) => recordLoad(records, load));
    },
    async closeTab(tabId) {
      await stored.update((records) => recordTabClosed(records, tabId));
    },
    async forgetTabs() {
      await stored.update(forgetTabs);
    },
    async add(incident) {
      await stored.update((records) =>
        bound([{ incident, seenBy: ['webRequest', 'webNavigation'], attemptAtMs: incident.lastAtMs, autoStep: 0 }, ...records]),
      );
    },
    justMended: async (tabId, sinceMs) => justMendedOfTab(await stored.read(), tabId, sinceMs),
    ofTab: async (tabId) => currentOfTab(await stored.read(), tabId),
    find: async (id) => (await stored.read()).find(({ incident }) => incident.id === id)?.incident,
    list: async () => (await stored.read()).map(({ incident }) => incident),
    async clear() {
      await stored.update(() => []);
    },
  };
}
