import type { ExtensionFacts } from '../model/measurement';
import type { Probe } from './context';

/** Whether an extension could do anything to requests to the failing host. */
export function isAble(extension: ExtensionFacts): boolean {
  const reachesAllRequests = extension.abilities.some((ability) => ability === 'proxy' || ability === 'vpn' || ability === 'debugger');
  return reachesAllRequests || (extension.hasHostAccess && extension.abilities.length > 0);
}

/** Other extensions that are able to interfere, by permission and host access. Able is not guilty. */
export const installedExtensions: Probe<'installed-extensions'> = {
  id: 'installed-extensions',
  after: [],
  consents: () => ['see-extensions'],
  deadlineMs: 3000,
  async run(context) {
    const all = await context.extensions.list(context.incident.host);
    if (!all) throw new Error('the permission to see extensions is missing');
    return { extensions: all.filter(isAble) };
  },
};
