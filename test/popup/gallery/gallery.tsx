import '../../../src/popup/styles/app.css';
import { render as renderInto } from 'preact';
import messages from '../../../public/_locales/en/messages.json';
import { findStep } from '../../../src/diagnosis/steps';
import type { Change } from '../../../src/model/session';
import { createTexts } from '../../../src/platform/text';
import { App } from '../../../src/popup/app';
import { Welcome } from '../../../src/popup/components/welcome';
import type { PageDoors } from '../../../src/popup/doors';
import { createWalk } from '../../../src/popup/state/walk';
import { speak } from '../../../src/popup/words';
import { EXPERIMENT_VIEWS } from './experiment-views';
import { incident, NOW_MS, STEPS, VIEWS } from './views';

const ALL = { ...VIEWS, ...EXPERIMENT_VIEWS };

const query = new URLSearchParams(location.search);
const name = query.get('case') ?? 'cause';
const root = document.documentElement;
root.dir = query.get('dir') ?? 'ltr';
root.dataset.surface = query.has('popup') ? 'popup' : 'page';

const known = messages as Record<string, { message: string }>;
speak({
  ...createTexts((id, args) => (known[id]?.message ?? '').replace(/\$(\d)/g, (_, place) => args[Number(place) - 1] ?? '')),
  locale: 'en',
});

const RECENT = [
  incident(),
  incident({ id: 'i2', host: 'shop.example.com', lastAtMs: NOW_MS - 7_200_000 }),
  incident({
    id: 'i3',
    host: `${'deep.'.repeat(60)}example`,
    lastAtMs: NOW_MS - 90_000_000,
    error: { raw: 'net::ERR_EMPTY_RESPONSE', failure: 'empty-response' },
  }),
];
let kept: readonly Change[] = [
  {
    id: 'd1',
    what: 'cookies',
    target: 'basket, seen, theme',
    count: 3,
    host: 'shop.example.com',
    keptUntilMs: NOW_MS + 81_000_000,
    changedAtMs: NOW_MS - 5_400_000,
    state: 'kept',
  },
  {
    id: 'd2',
    what: 'cookies',
    target: `${'long-name-'.repeat(30)}end`,
    count: 1,
    host: `${'deep.'.repeat(40)}example`,
    keptUntilMs: NOW_MS + 86_280_000,
    changedAtMs: NOW_MS - 120_000,
    state: 'kept',
  },
];
const TAB_URLS: Readonly<Record<string, string>> = { special: 'chrome://settings/', empty: 'https://fine.example/' };

const never = new Promise<never>(() => undefined);
const answers = (type: string): unknown => {
  if (name === 'error') throw new Error('unreachable');
  if (type === 'session.open-tab') {
    if (name === 'loading') return never;
    return {
      sessionId: name in ALL ? 's1' : undefined,
      incidents: name === 'empty' ? [] : RECENT,
      tabUrl: TAB_URLS[name] ?? 'https://fine.example/',
    };
  }
  if (type === 'cookies.bring-back') return { isTooLate: false };
  if (type === 'changes.list') return name === 'kept' ? kept : [];
  if (type === 'settings.get') return { isControlsAllowed: true, isProbeTabAllowed: true };
  return null;
};

let show: ((change: (view: (typeof VIEWS)[string]) => (typeof VIEWS)[string]) => void) | undefined;
const doors: PageDoors = {
  send: (async (type: string, request: { result?: { step: string }; id?: string }) => {
    if (type === 'cookies.bring-back') {
      const stays = ({ id }: Change) => id !== request.id;
      kept = kept.filter(stays);
      // The view comes before the answer, as from the worker.
      show?.((view) => ({ ...view, changes: view.changes.filter(stays) }));
    }
    const answer = await answers(type);
    const done = request.result?.step;
    if (done)
      show?.((view) => ({
        ...view,
        diagnosis: { ...view.diagnosis, nextSteps: view.diagnosis.nextSteps.filter(({ id }) => id !== done) },
      }));
    return answer;
  }) as PageDoors['send'],
  watch(_id, onView) {
    let view = ALL[name];
    if (view) onView(view);
    show = (change) => {
      if (view === undefined) return;
      view = change(view);
      onView(view);
    };
    return () => undefined;
  },
  activeTab: async () => ({ id: 7, url: 'https://news.example.org/' }),
  openTab: async () => undefined,
  openSidePanel: async () => undefined,
  hasPermission: async () => false,
  askPermission: async () => !query.has('refuse'),
  version: '0.1.0',
  nowMs: () => NOW_MS,
};

const app = document.getElementById('app');
if (app !== null) {
  if (name === 'welcome') {
    renderInto(
      <Welcome
        getSettings={async () => ({ isControlsAllowed: true, isProbeTabAllowed: true })}
        setSettings={async (change) => ({ isControlsAllowed: true, isProbeTabAllowed: true, ...change })}
      />,
      app,
    );
  } else {
    const surface = { kind: 'popup' } as const;
    const walk = createWalk(doors, surface);
    renderInto(
      <App
        walk={walk}
        doors={doors}
        surface={surface}
        isPopup={query.has('popup')}
        findStep={(id) => STEPS.find((step) => step.id === id) ?? findStep(id)}
      />,
      app,
    );
    void walk.start();
  }
}
