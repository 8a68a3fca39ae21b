import { browserAgeDays } from './browser-releases';
import type { Probe } from './context';

/** What the device says of its own connection, and how old the browser is. A claim of being online proves nothing. */
export const deviceState: Probe<'device-state'> = {
  id: 'device-state',
  after: [],
  consents: () => [],
  deadlineMs: 1000,
  async run(context) {
    const age = browserAgeDays(context.environment, context.now());
    return { ...context.device(), hasHostAccess: context.hasHostAccess, ...(age === undefined ? {} : { browserAgeDays: age }) };
  },
};
