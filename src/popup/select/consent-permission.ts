import type { ConsentId } from '../../model/consent';
import type { Environment } from '../../model/environment';
import type { PermissionSet } from '../doors';

/** The permission that a consent needs besides the person's word; undefined: none. */
export function permissionFor(consent: ConsentId, engine: Environment['engine'], host: string): PermissionSet | undefined {
  switch (consent) {
    case 'host-access':
      return { origins: [`*://${host}/*`] };
    case 'see-extensions':
    case 'switch-extensions-off':
      return { permissions: ['management'] };
    case 'set-own-headers':
      return { permissions: [engine === 'gecko' ? 'webRequestBlocking' : 'declarativeNetRequestWithHostAccess'] };
    default:
      return undefined;
  }
}
