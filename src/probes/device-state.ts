import type { Probe } from './context';

/** What the device says of its own connection. A claim of being online proves nothing. */
export const deviceState: Probe<'device-state'> = {
  id: 'device-state',
  after: [],
  consents: () => [],
  deadlineMs: 1000,
  run: async (context) => ({ ...context.device(), hasHostAccess: context.hasHostAccess }),
};
