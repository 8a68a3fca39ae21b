import type { Step } from '../../model/step';
import type { ObservationId } from '../../model/vocabulary';

/** Facts that show elsewhere than in this tab: trying the failing request again here cannot tell them. */
const ELSEWHERE: ReadonlySet<ObservationId> = new Set([
  'incognito',
  'other-browser',
  'other-device-same-network',
  'outside-vantage',
  'general-connectivity',
  'other-port-or-server',
]);

/** What a guided step ends in: a question, "test again", or both. */
export function answerOf({ asks, tells }: Pick<Step, 'asks' | 'tells'>): { asks?: ObservationId; hasRetest: boolean } {
  if (tells !== undefined && ELSEWHERE.has(tells.observation)) return { asks: tells.observation, hasRetest: false };
  return asks === undefined ? { hasRetest: true } : { asks, hasRetest: true };
}

/** A command with the host in its place; left as it is where the name could mean something to a shell. */
export function fillCommand(command: string, host: string): string {
  return /^[a-z0-9][a-z0-9.-]*$/i.test(host) ? command.replace(/\bHOST\b/g, host) : command;
}
