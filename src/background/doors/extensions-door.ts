import type { Journal } from '../../experiments/journal';
import type { ExtensionFacts } from '../../model/measurement';
import type { ExtensionsDoor } from '../../probes/context';
import type { BrowserApi, ManagedExtension } from './browser-api';
import { otherExtensions, withOpenPages } from './other-extensions';
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
    mayDisable: mayBeSwitched(one),
  };
}

/** Whether the person, and not a policy, decides whether it is on. */
function mayBeSwitched({ mayDisable, installType }: ManagedExtension): boolean {
  return mayDisable && installType !== 'admin';
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
      return (await otherExtensions(api))?.map((one) => factsOf(one, host));
    },
  };
  if (engine === 'gecko') return door;

  const whileOff = async <T>(ids: readonly string[], use: () => Promise<T>): Promise<T> => {
    const management = api.management;
    const setEnabled = management?.setEnabled;
    if (!management || !setEnabled) return use();
    const [others = [], open] = await Promise.all([otherExtensions(api), withOpenPages(api)]);
    const able = others.filter((one) => ids.includes(one.id) && one.enabled && mayBeSwitched(one) && !open.has(one.id));
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
