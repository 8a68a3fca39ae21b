import type { ExtensionSwitches } from '../../experiments/extension-search';
import { isAble } from '../../probes/installed-extensions';
import type { BrowserApi } from './browser-api';
import { factsOf } from './extensions-door';
import { GUIDED_ALARM } from './guided-alarm';
import { otherExtensions, withOpenPages } from './other-extensions';

/** Rules and proxies of an extension come into force a moment after it was switched on [seen], ms. */
const IN_FORCE_MS = 300;
/** An event that came between two looks is made good by the next look, ms. */
const LOOK_AGAIN_MS = 2_000;

/** Firefox sends the event page to sleep while a search waits for the person; so long after that it looks again, ms. */
const WAKE_AFTER_MS = 30_000;

/** Other extensions as an experiment sees and switches them. */
export function createExtensionSwitches(api: BrowserApi, engine: 'chromium' | 'gecko'): ExtensionSwitches {
  const switches: ExtensionSwitches = {
    async list(host) {
      const [all, open] = await Promise.all([otherExtensions(api), engine === 'chromium' ? withOpenPages(api) : new Set<string>()]);
      return all?.map((one) => {
        const facts = factsOf(one, host);
        const icon = [...(one.icons ?? [])].sort((a, b) => a.size - b.size).find(({ size }) => size >= 32) ?? one.icons?.at(-1);
        return {
          id: one.id,
          name: facts.name,
          version: one.version,
          abilities: facts.abilities,
          isEnabled: one.enabled,
          mayDisable: facts.mayDisable,
          isAble: isAble(facts),
          hasOpenPages: open.has(one.id),
          ...(icon && icon.url.length <= 500 ? { icon: icon.url } : {}),
          ...(/^https?:/.test(one.homepageUrl ?? '') ? { homepage: one.homepageUrl?.slice(0, 500) } : {}),
        };
      });
    },
    changed(signal) {
      const { management } = api;
      const sources = [management?.onEnabled, management?.onDisabled, management?.onInstalled, management?.onUninstalled];
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          for (const source of sources) source?.removeListener(end);
          resolve();
        };
        const timer = setTimeout(end, LOOK_AGAIN_MS);
        signal.addEventListener('abort', end, { once: true });
        // Put off again and again while this page lives.
        if (engine === 'gecko') api.alarms.create(GUIDED_ALARM, { when: Date.now() + WAKE_AFTER_MS });
        for (const source of sources) source?.addListener(end);
      });
    },
  };
  if (engine === 'gecko') return switches;
  switches.set = async (id, isEnabled) => {
    const { management } = api;
    if (!management?.setEnabled) throw new Error('the permission was taken back');
    await management.setEnabled(id, isEnabled);
    if (isEnabled) await new Promise((resolve) => setTimeout(resolve, IN_FORCE_MS));
  };
  return switches;
}
