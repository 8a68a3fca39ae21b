import type { Environment } from '../../model/environment';
import type { ExperimentId } from '../../model/experiment';
import type { PermissionSet } from '../doors';
import { permissionFor, switchingPermissions } from './consent-permission';

/** The permissions that an experiment needs besides the person's click; undefined: none. */
export function permissionOfExperiment(experiment: ExperimentId, engine: Environment['engine']): PermissionSet | undefined {
  switch (experiment) {
    case 'extension-search':
      return switchingPermissions(engine);
    case 'cookie-search':
      return { permissions: ['cookies', ...(permissionFor('set-own-headers', engine, '')?.permissions ?? [])] };
    case 'site-data':
      return { permissions: ['browsingData'] };
    case 'private-window':
      return undefined;
  }
}
