import { describe, expect, it } from 'vitest';
import type { SessionDoors } from '../../src/background/doors';
import { createSessionStore } from '../../src/background/session-store';
import { createWalks, type WalkDoors } from '../../src/background/walks';
import type { PortMessage } from '../../src/messaging/session-port';
import type { Exchange } from '../../src/model/exchange';
import type { Incident } from '../../src/model/incident';
import { PROBE_IDS, type ProbeId } from '../../src/model/measurement';
import type { SessionState } from '../../src/model/session';
import type { Probe, ProbeContext } from '../../src/probes/context';
import { createArea, type FakeArea } from './area';

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
const response: Exchange = {
  url: incident.url,
  durationMs: 1,
  wasFresh: true,
  outcome: 'response',
  status: 200,
  protocol: 'h2',
  bytes: 1,
  isComplete: true,
};
const failure: Exchange = {
  url: incident.url,
  durationMs: 1,
  wasFresh: true,
  outcome: 'failure',
  error: incident.error,
  hadHeaders: false,
  bytes: 0,
};

const probe = (id: ProbeId, run: (context: ProbeContext) => Promise<unknown>, changes: Partial<Probe> = {}): Probe => ({
  id,
  after: [],
  consents: () => [],
  deadlineMs: 5_000,
  run: run as Probe['run'],
  ...changes,
});

/** A worker with a clock of its own: timers run when told. */
function createWorld(
  probes: readonly Probe[],
  area: FakeArea = createArea(),
  answers: readonly Exchange[] = [],
  quiet: () => Promise<void> = async () => undefined,
) {
  const timers: { run: () => void; atMs: number; isCancelled: boolean }[] = [];
  let nowMs = 1_000;
  let nextId = 0;
  const opened: { spent?: number | undefined; isClosed: boolean }[] = [];
  const tries = [...answers];
  const doors: WalkDoors = {
    probes,
    store: createSessionStore(area),
    environment: async () => ({ os: 'linux', browser: 'chromium', engine: 'chromium', browserVersion: 156, language: 'en' }),
    settings: async () => ({ isControlsAllowed: true, isProbeTabAllowed: false }),
    openDoors(session): SessionDoors {
      const one = { spent: session.alreadySpent, isClosed: false };
      opened.push(one);
      return {
        forProbe: async () => ({ hasHostAccess: true, request: async () => tries.shift() ?? response }) as unknown as ProbeContext,
        close: async () => {
          one.isClosed = true;
        },
      };
    },
    grantedConsents: async () => [],
    changes: async () => [],
    quiet,
    now: () => nowMs,
    newId: () => `s${nextId++}`,
    later(run, afterMs) {
      const timer = { run, atMs: nowMs + afterMs, isCancelled: false };
      timers.push(timer);
      return () => {
        timer.isCancelled = true;
      };
    },
  };
  const settle = async () => {
    for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
  };
  const walks = createWalks(doors);
  const states: SessionState[] = [];
  return {
    walks,
    area,
    opened,
    states,
    settle,
    async pass(ms: number) {
      const end = nowMs + ms;
      for (;;) {
        const due = timers.filter(({ atMs, isCancelled }) => !isCancelled && atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
        if (!due) break;
        nowMs = due.atMs;
        due.isCancelled = true;
        due.run();
        await settle();
      }
      nowMs = end;
    },
    stored: (id: string) => area.items[`session:${id}`] as SessionState,
    async watch(id: string) {
      const end = walks.watch(id, (message: PortMessage) => {
        if ('state' in message) states.push(message.state);
      });
      await settle();
      return end;
    },
  };
}

describe('a walk', () => {
  it('runs the automatic checks by itself and keeps each result at once', async () => {
    const world = createWorld([
      probe('device-state', async () => ({ isOnline: true })),
      probe('own-request', async ({ measurements }) => ({ exchanges: [], saw: Object.keys(measurements) }), { after: ['device-state'] }),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    expect(world.stored(id).measurements).toEqual({
      'device-state': { isOnline: true },
      'own-request': { exchanges: [], saw: ['device-state'] },
    });
    expect(world.opened).toEqual([{ spent: 0, isClosed: true }]);
  });

  it('is the same walk when opened again, and measures nothing twice', async () => {
    let ran = 0;
    const world = createWorld([
      probe('device-state', async () => {
        ran += 1;
        return {};
      }),
    ]);
    const [first, second] = await Promise.all([world.walks.open(incident), world.walks.open(incident)]);
    await world.settle();
    const third = await world.walks.open({ ...incident, count: 4, lastAtMs: 99 });
    expect([second, third]).toEqual([first, first]);
    expect({ ran, count: world.stored(first as string).incident.count }).toEqual({ ran: 1, count: 4 });
  });

  it("takes a probe's throw for its own failure, not the walk's", async () => {
    const world = createWorld([
      probe('controls', async () => {
        throw new TypeError('x is not a function');
      }),
      probe('device-state', async () => ({ isOnline: true })),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    expect(world.stored(id).runs.controls).toEqual({ status: 'failed', error: 'x is not a function', durationMs: 0 });
    expect(world.stored(id).runs['device-state'].status).toBe('done');
  });

  it('aborts at the deadline and stops waiting for a probe that ignores it', async () => {
    let wasAborted = false;
    const world = createWorld([
      probe('controls', ({ signal }) => {
        signal.addEventListener('abort', () => {
          wasAborted = true;
        });
        return new Promise(() => undefined);
      }),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    await world.pass(4_999);
    expect(wasAborted).toBe(false);
    await world.pass(1);
    expect(wasAborted).toBe(true);
    await world.pass(300);
    expect(world.stored(id).runs.controls).toMatchObject({ status: 'failed', error: 'out of time' });
  });

  it('is over after 20 s, however many probes hang one after the other', async () => {
    const hang = () => new Promise(() => undefined);
    const world = createWorld([
      probe('own-request', hang, { deadlineMs: 8_000 }),
      probe('cookies', hang, { deadlineMs: 8_000, after: ['own-request'] }),
      probe('repetition', hang, { deadlineMs: 8_000, after: ['cookies'] }),
      probe('answer-size', hang, { deadlineMs: 8_000, after: ['repetition'] }),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    await world.pass(20_500);
    expect(PROBE_IDS.filter((one) => ['pending', 'running'].includes(world.stored(id).runs[one].status))).toEqual([]);
    expect(world.stored(id).runs['answer-size']).toMatchObject({ status: 'failed', error: 'out of time' });
  });

  it('waits for a yes, then runs what waited and again what came after it', async () => {
    const bare: string[][] = [];
    const world = createWorld([
      probe('browser-dns', async () => ({ addresses: ['192.0.2.1'] }), { consents: () => ['read-browser-dns'], isExclusive: true }),
      probe(
        'bare-address',
        async ({ measurements }) => {
          bare.push([...(measurements['browser-dns']?.addresses ?? [])]);
          return { results: [] };
        },
        { after: ['browser-dns'] },
      ),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    expect(world.stored(id).runs['browser-dns']).toEqual({ status: 'waiting', consent: 'read-browser-dns' });
    await world.walks.setConsent(id, 'read-browser-dns', 'given');
    await world.settle();
    expect(bare).toEqual([[], ['192.0.2.1']]);
    expect(world.stored(id).runs['bare-address'].status).toBe('done');
    expect(world.opened).toHaveLength(2);
  });

  it('keeps a yes given during a run for a run of its own', async () => {
    let release: (value: unknown) => void = () => undefined;
    const world = createWorld([
      probe('controls', () => new Promise((resolve) => (release = resolve))),
      probe('independent-dns', async () => ({ answers: [] }), { consents: () => ['ask-resolvers'] }),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    await world.walks.setConsent(id, 'ask-resolvers', 'given');
    await world.settle();
    expect(world.stored(id).runs['independent-dns'].status).toBe('pending');
    release({ results: [] });
    await world.settle();
    expect(world.stored(id).runs['independent-dns'].status).toBe('done');
    expect(world.opened.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  it('takes no for an answer', async () => {
    const world = createWorld([probe('independent-dns', async () => ({ answers: [] }), { consents: () => ['ask-resolvers'] })]);
    const id = await world.walks.open(incident);
    await world.settle();
    await world.walks.setConsent(id, 'ask-resolvers', 'refused');
    expect(world.stored(id).runs['independent-dns']).toEqual({ status: 'refused', consent: 'ask-resolvers' });
  });

  it('goes on after the death of the worker, with the requests it had sent counted', async () => {
    const area = createArea();
    const hanging = createWorld([probe('device-state', async () => ({})), probe('controls', () => new Promise(() => undefined))], area);
    const id = await hanging.walks.open(incident);
    await hanging.settle();
    const left = area.items[`session:${id}`] as SessionState;
    area.items[`session:${id}`] = { ...left, requestsSent: 9, runs: { ...left.runs, controls: { status: 'running', startedAtMs: 1 } } };
    const world = createWorld(
      [probe('device-state', async () => ({ isNew: true })), probe('controls', async () => ({ results: [] }))],
      area,
    );
    await world.watch(id);
    await world.settle();
    expect(world.stored(id).measurements).toEqual({ 'device-state': {}, controls: { results: [] } });
    expect(world.opened[0]?.spent).toBe(9);
    expect(world.states.at(-1)?.runs.controls.status).toBe('done');
  });

  it('says that an unknown walk is unknown', async () => {
    const world = createWorld([]);
    const messages: PortMessage[] = [];
    world.walks.watch('nobody', (message) => messages.push(message));
    await world.settle();
    expect(messages).toEqual([{ isUnknown: true }]);
    await expect(world.walks.rerun('nobody')).rejects.toThrow('no such session');
  });

  it('keeps what JSON can keep', async () => {
    const world = createWorld([
      probe('independent-dns', async () => ({
        answers: [{ body: new Uint8Array(9), text: 'x'.repeat(50_000), ms: Number.NaN, none: undefined }],
      })),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    const measured = world.stored(id).measurements['independent-dns'];
    expect(measured).toEqual({ answers: [{ text: 'x'.repeat(8_192), ms: null }] });
    expect(JSON.parse(JSON.stringify(world.stored(id)))).toEqual(world.stored(id));
  });

  it('finds the failure of a page that loaded when it was tried', async () => {
    const healthy: Incident = { ...incident, isHealthy: true, error: { raw: '', failure: 'failed' } };
    const world = createWorld([probe('repetition', async () => ({ inARow: [response, failure], burst: [], reused: [] }))]);
    const id = await world.walks.open(healthy);
    await world.settle();
    expect(world.stored(id).incident).toMatchObject({ error: { failure: 'reset' } });
    expect(world.stored(id).incident.isHealthy).toBeUndefined();
  });

  it('measures all anew when asked, without the yes to changes', async () => {
    let ran = 0;
    const world = createWorld([
      probe('device-state', async () => {
        ran += 1;
        return {};
      }),
      probe('direct-connection', async () => ({}), { consents: () => ['go-direct'] }),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    await world.walks.setConsent(id, 'go-direct', 'given');
    await world.settle();
    await world.walks.rerun(id);
    await world.settle();
    expect({ ran, direct: world.stored(id).runs['direct-connection'] }).toEqual({
      ran: 2,
      direct: { status: 'waiting', consent: 'go-direct' },
    });
  });

  it('begins no further change once the person wants everything back', async () => {
    let giveBack: (reason: Error) => void = () => undefined;
    let changes = 0;
    const changing = (id: ProbeId, run: () => Promise<unknown>) =>
      probe(id, run, { consents: () => ['read-browser-dns'], isExclusive: true });
    const world = createWorld([
      changing('browser-dns', () => new Promise((_, reject) => (giveBack = reject))),
      changing('direct-connection', async () => {
        changes += 1;
        return {};
      }),
    ]);
    const id = await world.walks.open(incident);
    await world.settle();
    await world.walks.setConsent(id, 'read-browser-dns', 'given');
    await world.settle();
    world.walks.takeBack();
    giveBack(new Error('given back before it was over'));
    await world.settle();
    expect(changes).toBe(0);
    expect(world.stored(id).runs).toMatchObject({
      'browser-dns': { status: 'failed' },
      'direct-connection': { status: 'waiting', consent: 'read-browser-dns' },
    });
  });

  it('keeps answers and steps, and takes an answer back', async () => {
    const world = createWorld([]);
    const id = await world.walks.open(incident);
    await world.walks.answer(id, 'vpn-active', 'yes');
    await world.walks.answer(id, 'other-browser', 'fails');
    await world.walks.answer(id, 'other-browser', null);
    await world.walks.recordStep(id, { step: 'pause-vpn', outcome: 'done' });
    expect(world.stored(id)).toMatchObject({
      answers: { 'vpn-active': { value: 'yes' } },
      stepResults: [{ step: 'pause-vpn', outcome: 'done', atMs: 1_000 }],
    });
    expect(world.stored(id).answers['other-browser']).toBeUndefined();
  });

  it.each([
    ['works only after three good tries', incident, [response, response, response], { outcome: 'works', worked: 3, tries: 3 }],
    ['fails at the first bad one', incident, [response, failure], { outcome: 'same-error', worked: 1, tries: 2 }],
    ['never sends a POST again', { ...incident, method: 'POST' }, [], { outcome: 'not-possible', worked: 0, tries: 0 }],
    ['never opens a WebSocket again', { ...incident, kind: 'websocket' as const }, [], { outcome: 'not-possible', worked: 0, tries: 0 }],
  ])('tests again: %s', async (_name, of, answers, expected) => {
    const world = createWorld([], createArea(), answers);
    const id = await world.walks.open(of);
    await world.walks.retest(id, 'restart-router');
    expect(world.stored(id).retests).toMatchObject([{ ...expected, afterStep: 'restart-router' }]);
  });

  it('measures only once no experiment stands in the way, and asks for quiet only where it measures', async () => {
    const order: string[] = [];
    let giveBack: () => void = () => undefined;
    const quiet = () => {
      order.push('quiet');
      return new Promise<void>((resolve) => {
        giveBack = resolve;
      });
    };
    const asks = probe(
      'independent-dns',
      async () => {
        order.push('measured');
        return { answers: [] };
      },
      { consents: () => ['ask-resolvers'] },
    );
    const world = createWorld([asks], createArea(), [], quiet);
    const id = await world.walks.open(incident);
    await world.settle();
    await world.walks.setConsent(id, 'ask-resolvers', 'refused');
    // Nothing to measure: an experiment goes on.
    expect(order).toEqual([]);
    const given = world.walks.setConsent(id, 'ask-resolvers', 'given');
    await world.settle();
    expect(order).toEqual(['quiet']);
    giveBack();
    await given;
    await world.settle();
    expect(order).toEqual(['quiet', 'measured']);
  });

  it('tests again only once no experiment stands in the way', async () => {
    const tries = [response, response, response];
    let giveBack: () => void = () => undefined;
    const world = createWorld([], createArea(), tries, () => new Promise<void>((resolve) => (giveBack = resolve)));
    const id = await world.walks.open(incident);
    await world.settle();
    const opened = world.opened.length;
    const retested = world.walks.retest(id);
    await world.settle();
    expect(world.opened.length).toBe(opened);
    giveBack();
    await retested;
    expect(world.stored(id).retests).toMatchObject([{ outcome: 'works', tries: 3 }]);
  });
});
