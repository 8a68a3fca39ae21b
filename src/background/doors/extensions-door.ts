import type { Journal } from '../../experiments/journal';
import type { ExtensionFacts } from '../../model/measurement';
import type { ExtensionsDoor } from '../../probes/context';
import type { BrowserApi, ManagedExtension } from './browser-api';
import type { Turn } from './turns';

/** How long extensions may stay off, ms. */
const HOLD_MS = 20_000;

/** Whether a match pattern of the manifest covers the host; ports do not take part. */
export function patternCovers(pattern: string, host: string): boolean {
  if (pattern === '<all_urls>') return true;
  const found = /^(?:\*|https?|wss?|ftp):\/\/([^/]+)(?:\/|$)/.exec(pattern);
  const wanted = found?.[1]?.replace(/:(?:\d+|\*)$/, '');
  if (!wanted) return false;
  if (wanted === '*') return true;
  if (wanted.startsWith('*.')) return host === wanted.slice(2) || host.endsWith(wanted.slice(1));
  return wanted === host;
}

/** How an extension could interfere, by its permissions. */
export function abilitiesOf(extension: ManagedExtension): ExtensionFacts['abilities'] {
  const permissions = new Set(extension.permissions ?? []);
  const abilities: ExtensionFacts['abilities'][number][] = [];
  if (permissions.has('proxy')) abilities.push('proxy');
  if (permissions.has('vpnProvider') || (permissions.has('proxy') && /\bvpn\b/i.test(extension.name))) abilities.push('vpn');
  const rules = ['declarativeNetRequest', 'declarativeNetRequestWithHostAccess', 'webRequestBlocking'];
  if (rules.some((permission) => permissions.has(permission))) abilities.push('headers');
  if (permissions.has('webRequest')) abilities.push('observe');
  if (permissions.has('debugger')) abilities.push('debugger');
  if (permissions.has('nativeMessaging')) abilities.push('native');
  if ((extension.hostPermissions ?? []).length > 0 || permissions.has('scripting')) abilities.push('content');
  return abilities;
}

/** What the search for a cause knows of an installed extension. */
export function factsOf(one: ManagedExtension, host: string): ExtensionFacts {
  return {
    id: one.id,
    name: one.name.slice(0, 100),
    version: one.version,
    isEnabled: one.enabled,
    abilities: abilitiesOf(one),
    hasHostAccess: (one.hostPermissions ?? []).some((pattern) => patternCovers(pattern, host)),
    mayDisable: one.mayDisable && one.installType !== 'admin',
  };
}

export function createExtensionsDoor(options: {
  api: BrowserApi;
  engine: 'chromium' | 'gecko';
  journal: Journal;
  turn: Turn;
}): ExtensionsDoor {
  const { api, engine, journal, turn } = options;
  const door: ExtensionsDoor = {
    async list(host) {
      if (!api.management) return undefined;
      const all = await api.management.getAll();
      return all.filter((one) => one.type === 'extension' && one.id !== api.runtime.id).map((one) => factsOf(one, host));
    },
  };
  if (engine === 'gecko') return door;

  const whileOff = async <T>(ids: readonly string[], use: () => Promise<T>): Promise<T> => {
    const management = api.management;
    const setEnabled = management?.setEnabled;
    if (!management || !setEnabled) return use();
    const all = await management.getAll();
    const wanted = all.filter(
      (one) =>
        ids.includes(one.id) &&
        one.type === 'extension' &&
        one.enabled &&
        one.mayDisable &&
        one.installType !== 'admin' &&
        one.id !== api.runtime.id,
    );
    // Switching off closes an extension's own pages, and what is typed there is lost: those are left alone.
    const isOpen = await Promise.all(
      wanted.map((one) =>
        api.tabs.query({ url: `chrome-extension://${one.id}/*` }).then(
          (tabs) => tabs.length > 0,
          () => false,
        ),
      ),
    );
    const able = wanted.filter((_, index) => !isOpen[index]);
    const held = await journal.beginAll(
      able.map((one) => ({ undo: { what: 'extension-switch', extensionId: one.id, wasEnabled: true }, target: one.name.slice(0, 100) })),
      HOLD_MS,
    );
    let value: Awaited<ReturnType<typeof use>>;
    let wereHeld: readonly PromiseSettledResult<boolean>[] = [];
    try {
      // All have settled before anything is given back, also when one refuses.
      const switched = await Promise.allSettled(
        held.map((one, index) => one.change(() => setEnabled.call(management, able[index]?.id ?? '', false))),
      );
      for (const one of switched) if (one.status === 'rejected') throw one.reason;
      value = await use();
    } finally {
      wereHeld = await Promise.allSettled(held.map((one) => one.release()));
    }
    // Given back in the middle, by the person or for its deadline: what was seen since is not what it seems.
    if (wereHeld.some((one) => one.status === 'fulfilled' && !one.value)) throw new Error('given back before it was over');
    return value;
  };
  door.whileOff = (ids, use) => turn(() => whileOff(ids, use));
  return door;
}
