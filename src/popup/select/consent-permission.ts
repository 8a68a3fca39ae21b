import type { ConsentId } from '../../model/consent';
import type { Environment } from '../../model/environment';
import type { PermissionSet } from '../doors';

/**
 * What switching other extensions off needs. Switching one off closes its open pages with what was typed there, and in
 * Chromium only `tabs` tells which tabs those are.
 */
export function switchingPermissions(engine: Environment['engine']): PermissionSet {
  return { permissions: engine === 'gecko' ? ['management'] : ['management', 'tabs'] };
}

/** The permission that a consent needs besides the person's word; undefined: none. */
export function permissionFor(consent: ConsentId, engine: Environment['engine'], host: string): PermissionSet | undefined {
  switch (consent) {
    case 'host-access':
      return { origins: [`*://${host}/*`] };
    case 'see-extensions':
      return { permissions: ['management'] };
    case 'switch-extensions-off':
      return switchingPermissions(engine);
    case 'set-own-headers':
      return { permissions: [engine === 'gecko' ? 'webRequestBlocking' : 'declarativeNetRequestWithHostAccess'] };
    default:
      return undefined;
  }
}
