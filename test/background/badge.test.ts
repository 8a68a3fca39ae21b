import { describe, expect, it } from 'vitest';
import { createBadge, SWITCHED_TEXT } from '../../src/background/badge';
import type { Incident } from '../../src/model/incident';

const INCIDENT: Incident = {
  id: 'i',
  tabId: 3,
  url: 'https://shop.example/',
  host: 'shop.example',
  pageUrl: 'https://shop.example/',
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

/** A toolbar icon: texts by tab, `undefined` for all tabs. */
function createIcon() {
  const texts = new Map<number | undefined, string>();
  const titles = new Map<number | undefined, string>();
  const action = {
    setBadgeText: async ({ tabId, text }: { tabId?: number; text: string }) => void texts.set(tabId, text),
    getBadgeText: async ({ tabId }: { tabId: number }) => texts.get(tabId) ?? texts.get(undefined) ?? '',
    setBadgeBackgroundColor: async () => undefined,
    setTitle: async ({ tabId, title }: { tabId?: number; title: string }) => void titles.set(tabId, title),
  };
  /** Of a worker's life; a killed one is simply not used any more. */
  const badge = () =>
    createBadge({
      action: action as never,
      texts: { text: (id: string) => id } as never,
      later: () => () => undefined,
      tabIds: async () => [2, 3],
      incidentOf: async (tabId) => (tabId === INCIDENT.tabId ? INCIDENT : undefined),
      isErrorPageLate: false,
    });
  return { texts, titles, badge };
}

describe('the badge', () => {
  it('says on every tab that something is switched, and goes back to the failure', async () => {
    const { texts, titles, badge } = createIcon();
    const one = badge();
    await one.show(INCIDENT);
    await one.setSwitched(true);
    expect([texts.get(undefined), texts.get(3)]).toEqual([SWITCHED_TEXT, SWITCHED_TEXT]);
    expect(titles.get(3)).toBe('ui_tooltip_switched');
    await one.setSwitched(false);
    expect([texts.get(undefined), texts.get(3)]).toEqual(['', '!']);
    expect(titles.get(3)).toBe('ui_tooltip_page');
  });

  it('takes away what a killed worker left on it', async () => {
    const { texts, badge } = createIcon();
    const killed = badge();
    await killed.show(INCIDENT);
    await killed.setSwitched(true);
    texts.set(2, SWITCHED_TEXT);
    await badge().setSwitched(false);
    expect([texts.get(undefined), texts.get(2), texts.get(3)]).toEqual(['', '', '!']);
  });
});
