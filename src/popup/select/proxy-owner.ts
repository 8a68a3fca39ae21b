import type { ExtensionFacts, Measurements } from '../../model/measurement';
import type { MessageId } from '../../model/message';
import type { SessionView } from '../../model/session';
import { canSearch, searchable } from './extension-search';

/** Who set the proxy and where it is changed for good, as a text and what fills it; undefined where that is not known. */
export function proxyOwner(
  measurements: Partial<Measurements>,
): { id: MessageId; args: readonly string[]; servers: readonly string[] } | undefined {
  const facts = measurements['proxy-settings'];
  if (!facts || facts.mode === 'unknown') return undefined;
  const { heldBy, mode, servers } = facts;
  const told = (id: MessageId, args: readonly string[] = []) => ({ id, args, servers });
  if (heldBy === 'policy') return told('ui_proxy_policy');
  if (heldBy === 'other-extension') {
    const able = ableToSetProxy(measurements);
    if (able.length === 1) return told('ui_proxy_extension', [able[0]?.name ?? '']);
    return told(
      able.length > 1 ? 'ui_proxy_one_of' : 'ui_proxy_some_extension',
      able.length > 1 ? [able.map(({ name }) => name).join(', ')] : [],
    );
  }
  if (heldBy !== 'person' || mode === 'direct') return undefined;
  if (mode === 'system') return told('ui_proxy_system');
  return told(mode === 'auto-detect' ? 'ui_proxy_detected' : 'ui_proxy_browser');
}

const ableToSetProxy = (measurements: Partial<Measurements>): readonly ExtensionFacts[] =>
  (measurements['installed-extensions']?.extensions ?? []).filter(
    ({ isEnabled, abilities }) => isEnabled && (abilities.includes('proxy') || abilities.includes('vpn')),
  );

/** Extensions of which one holds the proxy, and that may be switched off by one click to be rid of it: by a search among them, with all others left alone. Undefined: not here. */
export function removableProxy(view: SessionView): { names: string; pinned: readonly string[] } | undefined {
  const { environment, measurements } = view.state;
  if (environment.engine !== 'chromium' || measurements['proxy-settings']?.heldBy !== 'other-extension' || !canSearch(view))
    return undefined;
  const able = ableToSetProxy(measurements);
  if (able.length === 0 || able.some(({ mayDisable }) => !mayDisable)) return undefined;
  const ids = new Set(able.map(({ id }) => id));
  return {
    names: able.map(({ name }) => name).join(', '),
    pinned: (searchable(view) ?? []).flatMap(({ id }) => (ids.has(id) ? [] : [id])),
  };
}
