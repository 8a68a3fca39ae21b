import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SessionView } from '../../src/model/session';
import type { PageDoors } from '../../src/popup/doors';
import { isStillKept } from '../../src/popup/select/kept-cookies';
import { createWalk } from '../../src/popup/state/walk';
import { incident, VIEWS } from './gallery/views';

const view = VIEWS.cause as SessionView;

/** A worker by script: an answer by message type, views by hand. */
function paintedDoors(answers: Record<string, unknown>, change: Partial<PageDoors> = {}) {
  const sent: { type: string; request: unknown }[] = [];
  let onView: (view: SessionView) => void = () => undefined;
  let onLost: () => void = () => undefined;
  const doors: PageDoors = {
    send: (async (type: string, request: unknown) => {
      sent.push({ type, request });
      if (!(type in answers)) throw new Error(`no answer to ${type}`);
      return answers[type];
    }) as PageDoors['send'],
    watch(_id, show, lost) {
      onView = show;
      onLost = lost;
      return () => undefined;
    },
    activeTab: async () => ({ id: 7, url: 'https://news.example.org/today' }),
    openTab: async () => undefined,
    hasPermission: async () => false,
    askPermission: async () => true,
    version: '0.1.0',
    nowMs: () => 0,
    ...change,
  };
  return { doors, sent, show: (next: SessionView) => onView(next), lose: () => onLost() };
}

const OPEN = { 'session.open-tab': { sessionId: 's1', incidents: [incident()] } };

afterEach(() => vi.useRealTimers());

describe('start', () => {
  it('names what failed before the first view came', async () => {
    const { doors } = paintedDoors(OPEN);
    const walk = createWalk(doors, { kind: 'popup' });
    await walk.start();
    expect(walk.stage.value).toEqual({ kind: 'walk', sessionId: 's1' });
    expect(walk.view.value).toBeNull();
    expect(walk.incident.value?.host).toBe('news.example.org');
  });

  it('names what failed while the worker is still starting, and forgets it where the worker knows better', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const { doors } = paintedDoors(
      {},
      {
        glance: async () => incident(),
        send: () =>
          new Promise<never>((done) => {
            answer = done as (value: unknown) => void;
          }),
      },
    );
    const walk = createWalk(doors, { kind: 'popup' });
    const started = walk.start();
    await vi.waitFor(() => expect(walk.incident.value?.host).toBe('news.example.org'));
    expect(walk.stage.value).toEqual({ kind: 'loading' });
    answer({ sessionId: undefined, incidents: [] });
    await started;
    expect(walk.stage.value.kind).toBe('no-incident');
    expect(walk.incident.value).toBeNull();
  });

  it('shows recent failures where the tab did not fail', async () => {
    const { doors } = paintedDoors({ 'session.open-tab': { sessionId: undefined, incidents: [incident()], tabUrl: 'about:config' } });
    const walk = createWalk(doors, { kind: 'popup' });
    await walk.start();
    expect(walk.stage.value).toMatchObject({ kind: 'no-incident', tabId: 7, tabUrl: 'about:config' });
  });

  it('is an error where the worker cannot be reached, and a retry goes on', async () => {
    const answers: Record<string, unknown> = {};
    const { doors } = paintedDoors(answers);
    const walk = createWalk(doors, { kind: 'popup' });
    await walk.start();
    expect(walk.stage.value).toEqual({ kind: 'error' });
    Object.assign(answers, OPEN);
    await walk.start();
    expect(walk.stage.value.kind).toBe('walk');
  });

  it('is an error, not a wait for ever, where the worker is silent', async () => {
    vi.useFakeTimers();
    const { doors } = paintedDoors({}, { send: (() => new Promise(() => undefined)) as PageDoors['send'] });
    const walk = createWalk(doors, { kind: 'popup' });
    const started = walk.start();
    await vi.advanceTimersByTimeAsync(10_000);
    await started;
    expect(walk.stage.value).toEqual({ kind: 'error' });
  });

  it('is an error where no view comes, and heals when one does', async () => {
    vi.useFakeTimers();
    const { doors, show } = paintedDoors(OPEN);
    const walk = createWalk(doors, { kind: 'popup' });
    await walk.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(walk.stage.value.kind).toBe('error');
    show(view);
    expect(walk.stage.value.kind).toBe('walk');
  });

  it('lists recent failures when the walk is no longer kept', async () => {
    const { doors, lose } = paintedDoors({ 'incident.list': [incident()] });
    const walk = createWalk(doors, { kind: 'session', sessionId: 'gone' });
    await walk.start();
    lose();
    await vi.waitFor(() => expect(walk.stage.value).toMatchObject({ kind: 'no-incident', isGone: true }));
  });

  it('tests an address handed over in the query', async () => {
    const { doors, sent } = paintedDoors({ 'session.open-url': { sessionId: 's2' } });
    const walk = createWalk(doors, { kind: 'url', url: 'https://a.example/#x' });
    await walk.start();
    expect(sent).toEqual([{ type: 'session.open-url', request: { url: 'https://a.example/', tabId: undefined } }]);
    expect(walk.stage.value).toEqual({ kind: 'walk', sessionId: 's2' });
  });
});

describe('consents', () => {
  const open = async (change: Partial<PageDoors>) => {
    const painted = paintedDoors({ ...OPEN, 'consent.set': null }, change);
    const walk = createWalk(painted.doors, { kind: 'popup' });
    await walk.start();
    painted.show(view);
    await Promise.resolve();
    return { ...painted, walk };
  };
  const words = (sent: { type: string; request: unknown }[]) =>
    sent.filter(({ type }) => type === 'consent.set').map(({ request }) => request);

  it('asks for the permission inside the click, before anything is awaited', async () => {
    const askPermission = vi.fn(async () => true);
    const { walk, sent } = await open({ askPermission });
    const given = walk.giveConsent('see-extensions');
    expect(askPermission).toHaveBeenCalledWith({ permissions: ['management'] });
    expect(walk.isBusy.value).toBe(true);
    await given;
    expect(words(sent)).toEqual([{ sessionId: 's1', consent: 'see-extensions', state: 'given' }]);
    expect(walk.isBusy.value).toBe(false);
  });

  it('records a refused permission as a refusal', async () => {
    const { walk, sent } = await open({ askPermission: async () => false });
    await walk.giveConsent('see-extensions');
    expect(words(sent)).toEqual([{ sessionId: 's1', consent: 'see-extensions', state: 'refused' }]);
  });

  it('does not ask for a permission that is held, or where none is needed', async () => {
    const askPermission = vi.fn(async () => true);
    const { walk, sent } = await open({ askPermission, hasPermission: async () => true });
    await walk.giveConsent('see-extensions');
    await walk.giveConsent('ask-resolvers');
    expect(askPermission).not.toHaveBeenCalled();
    expect(words(sent)).toHaveLength(2);
  });

  it('says so when a request does not get through', async () => {
    const { walk } = await open({ askPermission: async () => Promise.reject(new Error('not in the manifest')) });
    await walk.giveConsent('see-extensions');
    expect(walk.hasTrouble.value).toBe(true);
    expect(walk.isBusy.value).toBe(false);
  });
});

describe('retest', () => {
  it('is under way until its result is in a view', async () => {
    const { doors, show } = paintedDoors({ ...OPEN, 'session.retest': null });
    const walk = createWalk(doors, { kind: 'popup' });
    await walk.start();
    show(view);
    const tested = walk.retest('pause-security-software');
    await Promise.resolve();
    expect(walk.isRetesting.value).toBe(true);
    show({ ...view, state: { ...view.state, retests: [{ atMs: 1, outcome: 'works', worked: 1, tries: 1 }] } });
    await tested;
    expect(walk.isRetesting.value).toBe(false);
  });
});

describe('experiments', () => {
  const open = async (change: Partial<PageDoors>, answers: Record<string, unknown> = {}) => {
    const painted = paintedDoors(
      { ...OPEN, 'experiment.start': null, 'experiment.stop': null, 'experiment.word': null, ...answers },
      change,
    );
    const walk = createWalk(painted.doors, { kind: 'popup' });
    await walk.start();
    painted.show(view);
    return { ...painted, walk };
  };
  const START = { experiment: 'cookie-search', options: {} } as const;

  it('asks for the permissions inside the click, and starts', async () => {
    const wanted: unknown[] = [];
    const { walk, sent } = await open({
      askPermission: async (set) => {
        wanted.push(set);
        return true;
      },
    });
    await walk.startExperiment(START);
    expect(wanted).toEqual([{ permissions: ['cookies', 'declarativeNetRequestWithHostAccess'] }]);
    expect(sent.at(-1)).toEqual({ type: 'experiment.start', request: { sessionId: 's1', ...START } });
    expect(walk.refused.value.size).toBe(0);
  });

  it('takes a refusal for an answer, and forgets it at the next yes', async () => {
    let isGranted = false;
    const { walk, sent } = await open({ askPermission: async () => isGranted });
    await walk.startExperiment(START);
    expect(sent.some(({ type }) => type === 'experiment.start')).toBe(false);
    expect([...walk.refused.value]).toEqual(['cookie-search']);
    expect(walk.hasTrouble.value).toBe(false);
    isGranted = true;
    await walk.startExperiment(START);
    expect(walk.refused.value.size).toBe(0);
  });

  it('asks again before anything is deleted, for the permission may have been taken back since', async () => {
    let isGranted = false;
    const { walk, sent } = await open({ askPermission: async () => isGranted });
    await walk.sayTo('cookie-search', 'delete');
    await walk.sayTo('site-data', 'clear');
    expect(sent.some(({ type }) => type === 'experiment.word')).toBe(false);
    expect([...walk.refused.value]).toEqual(['cookie-search', 'site-data']);
    isGranted = true;
    await walk.sayTo('site-data', 'clear');
    expect(sent.at(-1)).toEqual({ type: 'experiment.word', request: { sessionId: 's1', experiment: 'site-data', word: 'clear' } });
    expect([...walk.refused.value]).toEqual(['cookie-search']);
  });

  it('asks nothing where nothing is needed', async () => {
    const { walk, sent } = await open({ askPermission: () => Promise.reject(new Error('asked')) });
    await walk.startExperiment({ experiment: 'private-window', options: {} });
    await walk.sayTo('site-data', 'leave');
    await walk.stopExperiment();
    expect(sent.slice(-3).map(({ type }) => type)).toEqual(['experiment.start', 'experiment.word', 'experiment.stop']);
  });
});

describe('deleted cookies that are still kept', () => {
  const kept = {
    id: 'd1',
    what: 'cookies',
    target: 'basket',
    host: 'shop.example',
    keptUntilMs: 86_400_005,
    changedAtMs: 5,
    state: 'kept',
  };
  const home = async (answers: Record<string, unknown>, change: Partial<PageDoors> = {}) => {
    const painted = paintedDoors(Object.assign(answers, { 'session.open-tab': { sessionId: undefined, incidents: [] } }), change);
    const walk = createWalk(painted.doors, { kind: 'popup' });
    await walk.start();
    return { ...painted, walk };
  };

  it('come back without any walk, asked for inside the click, and the list is read anew', async () => {
    const answers: Record<string, unknown> = { 'changes.list': [kept], 'cookies.bring-back': { isTooLate: false } };
    const wanted: unknown[] = [];
    const { walk, sent } = await home(answers, {
      askPermission: async (set) => {
        wanted.push(set);
        return true;
      },
    });
    await walk.loadChanges();
    expect(walk.changes.value.filter(isStillKept)).toEqual([kept]);
    const { keptUntilMs: _gone, ...returned } = kept;
    answers['changes.list'] = [{ ...returned, state: 'returned' }];
    const asked = walk.bringBack('d1');
    expect(walk.broughtBack.value).toEqual({ id: 'd1', outcome: 'asked' });
    expect(wanted).toEqual([{ permissions: ['cookies'] }]);
    await asked;
    expect(sent.slice(-2)).toEqual([
      { type: 'cookies.bring-back', request: { id: 'd1' } },
      { type: 'changes.list', request: {} },
    ]);
    expect(walk.broughtBack.value).toEqual({ id: 'd1', outcome: 'returned' });
    expect(walk.changes.value.filter(isStillKept)).toEqual([]);
  });

  it('are said to be gone or refused where they are, and a worker out of reach is a line of trouble', async () => {
    const late = await home({ 'changes.list': [], 'cookies.bring-back': { isTooLate: true } });
    await late.walk.bringBack('d1');
    expect(late.walk.broughtBack.value).toEqual({ id: 'd1', outcome: 'too-late' });
    const refused = await home({ 'changes.list': [kept] }, { askPermission: async () => false });
    await refused.walk.bringBack('d1');
    expect(refused.walk.broughtBack.value).toEqual({ id: 'd1', outcome: 'refused' });
    expect(refused.sent.some(({ type }) => type === 'cookies.bring-back')).toBe(false);
    const lost = await home({});
    await lost.walk.loadChanges();
    expect(lost.walk.changes.value).toEqual([]);
    expect(lost.walk.hasTrouble.value).toBe(false);
    await lost.walk.bringBack('d1');
    expect(lost.walk.hasTrouble.value).toBe(true);
    expect(lost.walk.broughtBack.value).toBeUndefined();
  });
});
