import { describe, expect, it } from 'vitest';
import { createIncidentStore } from '../../src/background/incident-store';
import { createSessionStore, SESSION_LIMIT } from '../../src/background/session-store';
import { createSettingsStore } from '../../src/background/settings-store';
import { INCIDENTS_KEY } from '../../src/messaging/glance';
import type { Incident } from '../../src/model/incident';
import { PROBE_IDS } from '../../src/model/measurement';
import type { SessionState } from '../../src/model/session';
import { createArea } from './area';

const incident: Incident = {
  id: 'i1',
  tabId: 7,
  url: 'https://shop.test/',
  host: 'shop.test',
  pageUrl: 'https://shop.test/',
  kind: 'main-frame',
  method: 'GET',
  error: { raw: 'net::ERR_CONNECTION_RESET', failure: 'reset' },
  phase: 'unknown-before-headers',
  firstAtMs: 1,
  lastAtMs: 1,
  count: 1,
  autoReloads: 0,
  redirects: [],
};
const session = (id: string): SessionState => ({
  schema: 1,
  id,
  incident: { ...incident, id: `of-${id}` },
  environment: { os: 'linux', browser: 'chromium', engine: 'chromium', browserVersion: 156, language: 'en' },
  startedAtMs: 1,
  runs: Object.fromEntries(PROBE_IDS.map((probe) => [probe, { status: 'pending' }])) as SessionState['runs'],
  measurements: {},
  consents: {},
  answers: {},
  stepResults: [],
  retests: [],
});

describe('the incident store', () => {
  it('keeps over the death of the worker', async () => {
    const area = createArea();
    await createIncidentStore(area).add(incident);
    expect(await createIncidentStore(area).list()).toEqual([incident]);
  });

  it.each([
    ['text', 'garbage'],
    ['an object', { incidents: [] }],
    ['an incident without its error', [{ incident: { ...incident, error: undefined }, seenBy: [], attemptAtMs: 1, autoStep: 0 }]],
    [
      'a failure of another version',
      [{ incident: { ...incident, error: { raw: '', failure: 'exploded' } }, seenBy: [], attemptAtMs: 1, autoStep: 0 }],
    ],
    ['null', null],
  ])('puts %s aside and begins empty', async (_name, stored) => {
    const area = createArea({ [INCIDENTS_KEY]: stored });
    const store = createIncidentStore(area);
    expect(await store.list()).toEqual([]);
    expect(area.items[`quarantine:${INCIDENTS_KEY}`]).toEqual(stored);
    await store.add(incident);
    expect(await store.list()).toHaveLength(1);
  });

  it('writes one after the other, losing none', async () => {
    const area = createArea();
    const store = createIncidentStore(area);
    await Promise.all(Array.from({ length: 20 }, (_, at) => store.add({ ...incident, id: `i${at}`, lastAtMs: at })));
    expect(await createIncidentStore(area).list()).toHaveLength(20);
  });

  it('does not write what has not changed', async () => {
    const area = createArea();
    const store = createIncidentStore(area);
    await store.load({ tabId: 3, url: 'https://fine.test/', redirects: [], atMs: 1 });
    await store.closeTab(3);
    expect(area.writes).toBe(0);
  });

  it('goes on in memory when storage is full', async () => {
    const area = createArea();
    area.isBroken = true;
    const store = createIncidentStore(area);
    await store.add(incident);
    expect(await store.find('i1')).toEqual(incident);
  });
});

describe('the session store', () => {
  it('gives back what was written', async () => {
    const area = createArea();
    await createSessionStore(area).write(session('s1'));
    const store = createSessionStore(area);
    expect(await store.read('s1')).toEqual(session('s1'));
    expect(await store.ofIncident('of-s1')).toBe('s1');
  });

  it(`keeps ${SESSION_LIMIT} walks`, async () => {
    const area = createArea();
    const store = createSessionStore(area);
    for (let at = 0; at < SESSION_LIMIT + 3; at += 1) await store.write(session(`s${at}`));
    expect(Object.keys(area.items).filter((key) => key.startsWith('session:'))).toHaveLength(SESSION_LIMIT);
    expect(await store.read('s0')).toBeUndefined();
    expect(await store.read(`s${SESSION_LIMIT + 2}`)).toBeDefined();
  });

  it('writes a burst of results once, the newest, and everybody waits until it is written', async () => {
    const area = createArea();
    const store = createSessionStore(area);
    await store.write(session('s1'));
    const { writes } = area;
    const results = [1, 2, 3, 4].map((requestsSent) => store.write({ ...session('s1'), requestsSent }));
    expect((await store.read('s1'))?.requestsSent).toBe(4);
    await Promise.all(results);
    expect(area.writes).toBe(writes + 1);
  });

  it('takes over a walk of an older version: unknown ids go, new probes are absent', async () => {
    const old = session('s1') as unknown as { runs: Record<string, unknown>; consents: Record<string, string> };
    delete old.runs['answer-size'];
    old.runs.telepathy = { status: 'pending' };
    old.consents.everything = 'given';
    const read = await createSessionStore(createArea({ 'session:s1': old })).read('s1');
    expect(Object.keys(read?.runs ?? {}).sort()).toEqual([...PROBE_IDS].sort());
    expect(read?.runs['answer-size']).toEqual({ status: 'skipped', why: 'not-applicable' });
    expect(read?.consents).toEqual({});
  });

  it.each([
    ['another schema', { ...session('s1'), schema: 2 }],
    ['no incident', { ...session('s1'), incident: undefined }],
    ['runs of a wrong shape', { ...session('s1'), runs: { controls: 'done' } }],
    ['another id', session('s2')],
    ['text', 'garbage'],
  ])('puts aside %s', async (_name, stored) => {
    const area = createArea({ 'session:s1': stored, sessions: [{ id: 's1', incidentId: 'of-s1' }] });
    const store = createSessionStore(area);
    expect(await store.read('s1')).toBeUndefined();
    expect(area.items['session:s1']).toBeUndefined();
    expect(area.items['quarantine:session:s1']).toBeDefined();
    expect(await store.ofIncident('of-s1')).toBeUndefined();
  });
});

describe('the settings', () => {
  it('allow everything until the person says otherwise', async () => {
    const area = createArea();
    const store = createSettingsStore(area);
    expect(await store.read()).toEqual({ isControlsAllowed: true, isProbeTabAllowed: true });
    expect(await store.change({ isProbeTabAllowed: false })).toEqual({ isControlsAllowed: true, isProbeTabAllowed: false });
    expect(await createSettingsStore(area).read()).toEqual({ isControlsAllowed: true, isProbeTabAllowed: false });
  });

  it('fall back on a wrong shape', async () => {
    const store = createSettingsStore(createArea({ settings: { isControlsAllowed: 'perhaps' } }));
    expect(await store.read()).toEqual({ isControlsAllowed: true, isProbeTabAllowed: true });
  });
});
