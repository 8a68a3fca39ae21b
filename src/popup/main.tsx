import { effect } from '@preact/signals';
import { render as renderInto } from 'preact';
import { connectSession, prepareJudging } from '../messaging/connect-session';
import { glance, INCIDENTS_KEY } from '../messaging/glance';
import { send } from '../messaging/send';
import { api } from '../platform/api';
import { render, text } from '../platform/browser-texts';
import { App } from './app';
import type { PageDoors } from './doors';
import { steps } from './state/steps';
import { readSurface } from './state/surface';
import { createWalk } from './state/walk';
import { speak } from './words';

const surface = readSurface(location.search);
// Asked for before anything is drawn: the first words wait for it.
const kept = surface.kind === 'popup' || surface.kind === 'tab' ? api.storage.local.get(INCIDENTS_KEY).catch(() => undefined) : undefined;
const root = document.documentElement;
root.lang = api.i18n.getUILanguage();
root.dir = api.i18n.getMessage('@@bidi_dir') || 'ltr';
// A side panel has no query either, but a width of its own.
const isPopup = api.extension.getViews({ type: 'popup' }).includes(window);
root.dataset.surface = isPopup ? 'popup' : 'page';
speak({ render, text, locale: root.lang });

const doors: PageDoors = {
  send,
  watch: connectSession,
  async activeTab() {
    const [tab] = await api.tabs.query({ active: true, currentWindow: true });
    return tab?.id === undefined ? undefined : { id: tab.id, url: tab.url };
  },
  glance: async (tab) => glance((await kept)?.[INCIDENTS_KEY], tab),
  async openTab(path) {
    await api.tabs.create({ url: api.runtime.getURL(path) });
    if (isPopup) window.close();
  },
  ...sidePanelDoor(),
  hasPermission: (wanted) => api.permissions.contains(wanted as Parameters<typeof api.permissions.contains>[0]),
  askPermission: (wanted) => api.permissions.request(wanted as Parameters<typeof api.permissions.request>[0]),
  version: api.runtime.getManifest().version,
  nowMs: () => Date.now(),
};

/** Both browsers open it only inside the click; Chromium wants the window, so that is known beforehand. */
function sidePanelDoor(): Pick<PageDoors, 'openSidePanel'> {
  const { sidePanel, sidebarAction } = api;
  if (sidePanel === undefined) {
    if (sidebarAction === undefined) return {};
    return {
      async openSidePanel(path) {
        const isOpen = sidebarAction.open();
        await Promise.all([isOpen, sidebarAction.setPanel({ panel: api.runtime.getURL(path) })]);
        window.close();
      },
    };
  }
  let windowId: number | undefined;
  api.windows.getCurrent().then(
    (current) => {
      windowId = current.id;
    },
    () => undefined,
  );
  return {
    async openSidePanel(path) {
      if (windowId === undefined) throw new Error('The window is not known yet');
      const isOpen = sidePanel.open({ windowId });
      await Promise.all([isOpen, sidePanel.setOptions({ path, enabled: true })]);
      window.close();
    },
  };
}

const walk = createWalk(doors, surface);
const app = document.getElementById('app');
if (app !== null) {
  app.replaceChildren();
  renderInto(<App walk={walk} doors={doors} surface={surface} isPopup={isPopup} findStep={steps.find} />, app);
}
// The mark is for measuring: it stands where the browser has drawn what failed.
const endFirstWords = effect(() => {
  if (walk.incident.value === null) return;
  queueMicrotask(() => endFirstWords());
  afterDrawing(() => performance.mark('first-words'));
});
void walk.start();
// Judgement and steps are most of the page's code: they come behind the first picture, not in front of it.
afterDrawing(() => {
  prepareJudging();
  void steps.load();
});

function afterDrawing(run: () => void): void {
  // A page behind another one is not drawn.
  if (document.hidden) setTimeout(run);
  else requestAnimationFrame(() => setTimeout(run));
}
