import type { Incident } from '../model/incident';
import type { MessageId } from '../model/message';
import { isResetLike } from '../net-errors';
import type { BrowserApi } from '../platform/api';
import type { Texts } from '../platform/text';
import type { Later } from './deadline';

/** Marks failed tabs at the toolbar icon. A tab that has gone meanwhile is no error. */
export interface Badge {
  show(incident: Incident): Promise<void>;
  clear(tabId: number): Promise<void>;
  /** While something of the person's stands switched by us, the icon says that first. */
  setSwitched(isSwitched: boolean): Promise<void>;
}

/** What the badge shows while something is switched. */
export const SWITCHED_TEXT = '\u21c4';
/** Dark enough for white text in both themes: resets, and what is something else. */
const RESET_COLOUR = '#b3261e';
const OTHER_COLOUR = '#5f6368';
/** Longest host in a tooltip, characters. */
const HOST_LIMIT = 60;

const shorten = (host: string): string => (host.length > HOST_LIMIT ? `${host.slice(0, HOST_LIMIT - 1)}…` : host);

/** What the badge says of an incident: the page itself failed, or so many of its requests. */
export function badgeText(incident: Incident): string {
  if (incident.kind === 'main-frame') return '!';
  return incident.count > 99 ? '99+' : String(incident.count);
}

/** Firefox commits its error page, which wipes what was set for the tab, a little after the last event that tells of the failure, ms. */
const AGAIN_AFTER_MS = [200, 1_000] as const;

export interface BadgeDoors {
  action: BrowserApi['action'];
  texts: Texts;
  later: Later;
  /** All tabs. */
  tabIds(): Promise<readonly number[]>;
  /** What a tab's badge is about; undefined: nothing. */
  incidentOf(tabId: number): Promise<Incident | undefined>;
  /** Firefox: the error page comes after the error. */
  isErrorPageLate: boolean;
}

export function createBadge({ action, texts, later, tabIds, incidentOf, isErrorPageLate }: BadgeDoors): Badge {
  /** Unknown until the journal has been read: a worker that was killed may have left the icon as it was. */
  let isSwitched: boolean | undefined;
  /** What each tab should show; a tab that shows nothing is not in it. Losing it with the worker loses only the repetition. */
  const wanted = new Map<number, Incident>();
  const paint = async (incident: Incident) => {
    const { tabId } = incident;
    const failure = texts.text(`failure_${incident.error.failure.replace(/-/g, '_')}` as MessageId);
    const id: MessageId = incident.kind === 'main-frame' ? 'ui_tooltip_page' : 'ui_tooltip_part';
    await Promise.all([
      action.setBadgeText({ tabId, text: isSwitched ? SWITCHED_TEXT : badgeText(incident) }),
      action.setBadgeBackgroundColor({ tabId, color: isResetLike(incident.error.failure) ? RESET_COLOUR : OTHER_COLOUR }),
      action.setTitle({ tabId, title: isSwitched ? texts.text('ui_tooltip_switched') : texts.text(id, shorten(incident.host), failure) }),
    ]).catch(() => undefined);
  };
  const clear = async (tabId: number) => {
    wanted.delete(tabId);
    await Promise.all([action.setBadgeText({ tabId, text: '' }), action.setTitle({ tabId, title: texts.text('extension_name') })]).catch(
      () => undefined,
    );
  };
  return {
    async show(incident) {
      wanted.set(incident.tabId, incident);
      await paint(incident);
      if (!isErrorPageLate) return;
      for (const afterMs of AGAIN_AFTER_MS) {
        later(() => {
          if (wanted.get(incident.tabId) === incident) void paint(incident);
        }, afterMs);
      }
    },
    clear,
    async setSwitched(is) {
      if (is === isSwitched) return;
      isSwitched = is;
      await Promise.all([
        action.setBadgeText({ text: is ? SWITCHED_TEXT : '' }),
        action.setBadgeBackgroundColor({ color: OTHER_COLOUR }),
        action.setTitle({ title: texts.text(is ? 'ui_tooltip_switched' : 'extension_name') }),
      ]).catch(() => undefined);
      if (is) {
        await Promise.all([...wanted.values()].map(paint));
        return;
      }
      for (const tabId of await tabIds()) {
        if ((await action.getBadgeText({ tabId }).catch(() => '')) !== SWITCHED_TEXT) continue;
        const incident = await incidentOf(tabId);
        if (isSwitched) return;
        await (incident ? paint(incident) : clear(tabId));
      }
    },
  };
}
