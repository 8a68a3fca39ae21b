import { CONFIRM_AFTER_MS, type Undoer } from '../../experiments/giving-back';
import type { Undo } from '../../experiments/journal-entry';
import type { ProbeTabs } from '../probe-tabs';
import type { BrowserApi, ManagedExtension, Tab } from './browser-api';
import { RULES_IN_BLOCK } from './rule-lanes';

/** A browser restores the tabs of a crash some time after its start, or when the person says so, ms. */
const TABS_RESTORED_MS = 120_000;

/** A tab or window that was asked for may come, and show its address, after the worker that asked was killed, ms. */
const OPENED_LATE_MS = 10_000;

/** Whether an address ends with the mark of one of our probe tabs. */
export function bearsMark(url: string | undefined, mark: string): boolean {
  return url?.endsWith(`#${mark}`) === true;
}

/** How each kind of change is looked at and undone in this browser. */
export function createUndoers(api: BrowserApi, probeTabs: ProbeTabs): (what: Undo['what']) => Undoer {
  const proxySetting: Undoer = {
    unsureMs: () => CONFIRM_AFTER_MS,
    isOursAlone: true,
    async look() {
      const { levelOfControl } = await api.proxy.settings.get({});
      if (levelOfControl === 'controlled_by_this_extension') return 'changed';
      return levelOfControl === 'controlled_by_other_extensions' || levelOfControl === 'not_controllable' ? 'anothers' : 'as-before';
    },
    async undo() {
      await api.proxy.settings.clear({});
    },
  };

  /** Throws where the permission is gone: then nothing can be said or done until it is back. */
  const extensionOf = async (extensionId: string): Promise<ManagedExtension | undefined> => {
    const { management } = api;
    if (!management) throw new Error('the permission was taken back');
    // One that is not there rejects too, but so does a browser in trouble.
    return management.get(extensionId).catch(async () => (await management.getAll()).find((one) => one.id === extensionId));
  };
  const extensionSwitch: Undoer = {
    unsureMs: () => CONFIRM_AFTER_MS,
    isOursAlone: false,
    async look(undo) {
      if (undo.what !== 'extension-switch') return 'as-before';
      const found = await extensionOf(undo.extensionId);
      if (!found) return 'anothers';
      if (found.enabled === undo.wasEnabled) return 'as-before';
      return found.mayDisable ? 'changed' : 'anothers';
    },
    async undo(undo) {
      if (undo.what !== 'extension-switch') return;
      const found = await extensionOf(undo.extensionId);
      if (found?.mayDisable && found.enabled !== undo.wasEnabled) await api.management?.setEnabled?.(undo.extensionId, undo.wasEnabled);
    },
  };

  const rulesOf = async (undo: Undo) => {
    if (undo.what !== 'header-rules') return [];
    const rules = (await api.declarativeNetRequest?.getSessionRules()) ?? [];
    return rules.map((rule) => rule.id).filter((id) => id >= undo.ruleId && id < undo.ruleId + RULES_IN_BLOCK);
  };
  const headerRules: Undoer = {
    unsureMs: () => 0,
    isOursAlone: true,
    look: async (undo) => ((await rulesOf(undo)).length > 0 ? 'changed' : 'as-before'),
    async undo(undo) {
      await api.declarativeNetRequest?.updateSessionRules({ removeRuleIds: await rulesOf(undo) });
    },
  };

  /** The tabs that a note means. Nobody's but ours: by its id in this life, by the mark, or opened by us a moment before we could note its id. */
  const tabsOf = async (undo: Undo, isSameLife: boolean): Promise<readonly number[]> => {
    if (undo.what !== 'probe-tab') return [];
    await probeTabs.ready;
    const { tabId, mark, openerTabId } = undo;
    // Tab ids are used again after a restart of the browser; the registry does not survive that, nor in Chromium an update of Unreset.
    if (tabId >= 0 && (isSameLife || probeTabs.has(tabId))) {
      return api.tabs.get(tabId).then(
        () => [tabId],
        () => [],
      );
    }
    if (mark === undefined) return [];
    const isBlank = ({ url, pendingUrl }: Tab) =>
      [url, pendingUrl].every((one) => one === undefined || one === '' || one === 'about:blank');
    const isUnnoted = (tab: Tab) =>
      isSameLife &&
      tabId < 0 &&
      openerTabId !== undefined &&
      tab.openerTabId === openerTabId &&
      tab.active === false &&
      isBlank(tab) &&
      !probeTabs.has(tab.id ?? -1);
    const tabs = await api.tabs.query({});
    return tabs.flatMap((tab) =>
      tab.id !== undefined && (bearsMark(tab.url, mark) || bearsMark(tab.pendingUrl, mark) || isUnnoted(tab)) ? [tab.id] : [],
    );
  };
  const probeTab: Undoer = {
    unsureMs(isSameLife, undo) {
      if (!isSameLife) return TABS_RESTORED_MS;
      return undo.what === 'probe-tab' && undo.tabId < 0 ? OPENED_LATE_MS : 0;
    },
    isOursAlone: true,
    look: async (undo, isSameLife) => ((await tabsOf(undo, isSameLife)).length > 0 ? 'changed' : 'as-before'),
    async undo(undo, isSameLife) {
      for (const tabId of await tabsOf(undo, isSameLife)) await api.tabs.remove(tabId);
    },
  };

  /**
   * Window ids are used again after a restart of the browser, the mark never. A life that nobody told us the beginning of may be the
   * former one, and there the window is still open.
   */
  const windowsOf = async (undo: Undo, isSameLife: boolean): Promise<readonly number[]> => {
    if (undo.what !== 'private-window') return [];
    const tabs = await api.tabs.query({});
    const isOurs = ({ incognito, windowId, url, pendingUrl }: Tab) =>
      incognito === true && ((isSameLife && windowId === undo.windowId) || bearsMark(url, undo.mark) || bearsMark(pendingUrl, undo.mark));
    return [...new Set(tabs.filter(isOurs).flatMap(({ windowId }) => windowId ?? []))];
  };
  const privateWindow: Undoer = {
    unsureMs: (_isSameLife, undo) => (undo.what === 'private-window' && undo.windowId < 0 ? OPENED_LATE_MS : 0),
    isOursAlone: true,
    look: async (undo, isSameLife) => ((await windowsOf(undo, isSameLife)).length > 0 ? 'changed' : 'as-before'),
    async undo(undo, isSameLife) {
      for (const windowId of await windowsOf(undo, isSameLife)) await api.windows.remove(windowId);
    },
  };

  return (what) => {
    switch (what) {
      case 'private-window':
        return privateWindow;
      case 'proxy-setting':
        return proxySetting;
      case 'extension-switch':
        return extensionSwitch;
      case 'header-rules':
        return headerRules;
      case 'probe-tab':
        return probeTab;
    }
  };
}
