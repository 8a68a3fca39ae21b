import * as v from 'valibot';
import { CONSENT_IDS } from '../model/consent';
import { EXPERIMENT_IDS, type ExperimentId } from '../model/experiment';
import { PROBE_IDS } from '../model/measurement';
import type { SessionState } from '../model/session';
import { OBSERVATION_IDS } from '../model/vocabulary';
import { INCIDENT_SCHEMA, NET_ERROR_SCHEMA } from './incident-store';
import { createStoredValue, quarantine, type StorageArea } from './stored-value';

const text = (limit: number) => v.pipe(v.string(), v.maxLength(limit));
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const consent = v.picklist(CONSENT_IDS);

const RUN_SCHEMA = v.variant('status', [
  v.object({ status: v.literal('pending') }),
  v.object({ status: v.literal('running'), startedAtMs: v.number() }),
  v.object({ status: v.literal('done'), durationMs: v.number(), atMs: v.number() }),
  v.object({ status: v.literal('waiting'), consent }),
  v.object({ status: v.literal('refused'), consent }),
  v.object({
    status: v.literal('skipped'),
    why: v.picklist(['not-applicable', 'cannot-in-this-browser', 'offline', 'asked-to-stop', 'tab-closed']),
  }),
  v.object({ status: v.literal('failed'), error: text(500), durationMs: v.number() }),
]);

/** Shape of a walk in storage. Measurements are only taken for objects: whoever reads them must bear what an older version wrote. */
const STATE_SCHEMA = v.object({
  schema: v.literal(1),
  id,
  incident: INCIDENT_SCHEMA,
  environment: v.object({
    os: v.picklist(['windows', 'macos', 'linux', 'chromeos', 'other']),
    browser: v.picklist(['chrome', 'edge', 'firefox', 'chromium']),
    engine: v.picklist(['chromium', 'gecko']),
    browserVersion: v.number(),
    browserUpdate: v.optional(v.number()),
    language: text(100),
  }),
  startedAtMs: v.number(),
  runs: v.record(v.string(), RUN_SCHEMA),
  measurements: v.record(v.string(), v.record(v.string(), v.unknown())),
  consents: v.record(v.string(), v.picklist(['not-asked', 'given', 'refused'])),
  answers: v.record(v.string(), v.object({ value: text(100), atMs: v.number() })),
  stepResults: v.array(
    v.object({
      step: id,
      outcome: v.picklist(['done-and-works', 'done-still-fails', 'done', 'skipped', 'answered']),
      answer: v.optional(text(500)),
      atMs: v.number(),
    }),
  ),
  retests: v.array(
    v.object({
      atMs: v.number(),
      outcome: v.picklist(['works', 'same-error', 'other-error', 'not-possible']),
      error: v.optional(NET_ERROR_SCHEMA),
      afterStep: v.optional(id),
      worked: v.number(),
      tries: v.number(),
    }),
  ),
  experiments: v.optional(
    v.record(
      v.string(),
      v.object({
        status: v.picklist(['running', 'waiting', 'done', 'stopped', 'failed', 'interrupted']),
        startedAtMs: v.number(),
        endedAtMs: v.optional(v.number()),
        changedAtMs: v.optional(v.number()),
        progress: v.object({ done: v.number(), left: v.number() }),
        error: v.optional(text(500)),
        hasEnded: v.optional(v.boolean()),
        options: v.record(v.string(), v.unknown()),
        detail: v.optional(v.record(v.string(), v.unknown())),
      }),
    ),
  ),
  requestsSent: v.optional(v.number()),
});

const INDEX_SCHEMA = v.array(v.object({ id, incidentId: id }));

/** Walks that are kept. */
export const SESSION_LIMIT = 20;
const INDEX_KEY = 'sessions';
const keyOf = (sessionId: string) => `session:${sessionId}`;
const KNOWN: Readonly<Record<'runs' | 'measurements' | 'consents' | 'answers' | 'experiments', ReadonlySet<string>>> = {
  runs: new Set(PROBE_IDS),
  measurements: new Set(PROBE_IDS),
  consents: new Set(CONSENT_IDS),
  answers: new Set(OBSERVATION_IDS),
  experiments: new Set(EXPERIMENT_IDS),
};

/** Whether an experiment's account has what views read of it; one that an older or later version wrote otherwise is dropped. */
const DETAIL_SCHEMAS = {
  'extension-search': v.object({
    mode: v.picklist(['switching', 'guided']),
    part: v.string(),
    extensions: v.array(v.object({ id, name: v.string(), abilities: v.array(v.string()), state: v.string() })),
    tries: v.array(v.object({ on: v.string(), result: v.string() })),
    before: v.object({ fails: v.number(), works: v.number() }),
    rounds: v.number(),
    result: v.optional(v.object({ kind: v.string(), culprits: v.array(v.array(id)) })),
  }),
  'cookie-search': v.object({
    count: v.number(),
    bytes: v.number(),
    requests: v.number(),
    culprits: v.optional(v.array(v.object({ name: v.string(), domain: v.string(), bytes: v.number() }))),
  }),
  'site-data': v.object({ cleared: v.array(v.object({ what: v.string(), atMs: v.number(), judgement: v.optional(v.string()) })) }),
  'private-window': v.object({ outcome: v.optional(v.string()) }),
} as const satisfies { [Id in ExperimentId]: v.GenericSchema };
const isReadable = (experiment: string, detail: unknown): boolean =>
  detail === undefined || v.is(DETAIL_SCHEMAS[experiment as ExperimentId], detail);

/** Drops entries under ids that this version does not know and adds probes that an older version did not have. */
function migrate(state: v.InferOutput<typeof STATE_SCHEMA>): SessionState {
  const known = (part: keyof typeof KNOWN) => Object.fromEntries(Object.entries(state[part] ?? {}).filter(([key]) => KNOWN[part].has(key)));
  const absent = Object.fromEntries(PROBE_IDS.map((probe) => [probe, { status: 'skipped', why: 'not-applicable' }]));
  return {
    ...state,
    runs: { ...absent, ...known('runs') },
    measurements: known('measurements'),
    consents: known('consents'),
    answers: known('answers'),
    ...(state.experiments
      ? {
          experiments: Object.fromEntries(
            Object.entries(state.experiments).filter(([key, run]) => KNOWN.experiments.has(key) && isReadable(key, run.detail)),
          ),
        }
      : {}),
  } as unknown as SessionState;
}

/** A stored walk, or undefined for a wrong shape. */
export function parseSession(value: unknown): SessionState | undefined {
  const parsed = v.safeParse(STATE_SCHEMA, value);
  return parsed.success ? migrate(parsed.output) : undefined;
}

/** Walks kept over the worker's death and restarts of the browser; never throws. */
export interface SessionStore {
  read(sessionId: string): Promise<SessionState | undefined>;
  /** Writes a walk; the oldest beyond the limit goes. */
  write(state: SessionState): Promise<void>;
  /** Id of the newest walk of an incident. */
  ofIncident(incidentId: string): Promise<string | undefined>;
  /** Id of the newest walk. */
  newest(): Promise<string | undefined>;
}

export function createSessionStore(area: StorageArea): SessionStore {
  const index = createStoredValue<readonly { id: string; incidentId: string }[]>({
    area,
    key: INDEX_KEY,
    parse(value) {
      const parsed = v.safeParse(INDEX_SCHEMA, value);
      return parsed.success ? parsed.output : undefined;
    },
    empty: [],
  });
  let chain: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = chain.then(work);
    chain = next.catch(() => undefined);
    return next;
  };
  /** Walks that wait to be written, with their newest state. */
  const due = new Map<string, SessionState>();
  const drop = async (sessionId: string) => {
    await index.update((entries) => entries.filter(({ id: one }) => one !== sessionId));
  };
  return {
    read: (sessionId) =>
      inTurn(async () => {
        const key = keyOf(sessionId);
        const stored = await area.get(key).then(
          (found) => found[key],
          () => undefined,
        );
        if (stored === undefined) return undefined;
        const state = parseSession(stored);
        if (state?.id === sessionId) return state;
        await quarantine(area, key, stored);
        await drop(sessionId);
        return undefined;
      }),
    write(newest) {
      const isDue = due.has(newest.id);
      due.set(newest.id, newest);
      // One that waits its turn takes the newer state along: a burst of results is one write, not one each.
      if (isDue) return chain.then(() => undefined);
      return inTurn(async () => {
        const state = due.get(newest.id) ?? newest;
        due.delete(newest.id);
        await area.set({ [keyOf(state.id)]: state }).catch(() => undefined);
        const before = await index.read();
        if (before.some(({ id: one }) => one === state.id)) return;
        const entry = { id: state.id, incidentId: state.incident.id };
        const after = await index.update((entries) => [entry, ...entries].slice(0, SESSION_LIMIT));
        const kept = new Set(after.map(({ id: one }) => one));
        const gone = before.filter(({ id: one }) => !kept.has(one)).map(({ id: one }) => keyOf(one));
        if (gone.length > 0) await area.remove(gone).catch(() => undefined);
      });
    },
    newest: async () => (await index.read())[0]?.id,
    ofIncident: async (incidentId) => (await index.read()).find((entry) => entry.incidentId === incidentId)?.id,
  };
}
