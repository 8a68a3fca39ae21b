import type { Facts, Judgement } from '../model/check';
import type { ExtensionFacts, Measurements } from '../model/measurement';
import type { Message, MessageId } from '../model/message';
import type { ObservationId, ObservationValue } from '../model/vocabulary';

/** The value of a fact, or undefined where it is not known. */
export const known = <Id extends ObservationId>({ observations }: Facts, id: Id): ObservationValue<Id> | undefined =>
  observations[id]?.value as ObservationValue<Id> | undefined;

const judgement = (outcome: Judgement['outcome'], id: string, args: readonly (string | Message)[]): Judgement => {
  const text = id as MessageId;
  return { outcome, explanation: args.length > 0 ? { id: text, args } : { id: text } };
};

/** What the check looks for is there and fits the failure. */
export const implicated = (text: MessageId, ...args: readonly (string | Message)[]): Judgement => judgement('implicated', text, args);
/** Tested, and not the reason. */
export const cleared = (text: MessageId, ...args: readonly (string | Message)[]): Judgement => judgement('cleared', text, args);
/** Tested, and it says neither. */
export const inconclusive = (text: MessageId, ...args: readonly (string | Message)[]): Judgement => judgement('inconclusive', text, args);
/** Has nothing to do with this incident. */
export const notApplicable = (text: MessageId, ...args: readonly (string | Message)[]): Judgement =>
  judgement('not-applicable', text, args);

/** Whether an extension is switched on and able to touch requests to the failing host. */
export const isAbleToInterfere = ({ isEnabled, hasHostAccess, abilities }: ExtensionFacts): boolean =>
  isEnabled &&
  abilities.some(
    (ability) =>
      ability === 'proxy' ||
      ability === 'vpn' ||
      ability === 'debugger' ||
      (hasHostAccess && (ability === 'headers' || ability === 'observe')),
  );

/**
 * Whether the tab loaded only past a service worker that failed: our own request, which no worker touches, came through each time, so
 * that the site itself does not fail now and then.
 */
export const isPastFailingWorker = ({ 'tab-replay': replay, 'own-request': own }: Partial<Measurements>): boolean =>
  replay?.plain?.isPastWorker === true && own !== undefined && own.exchanges.every(({ outcome }) => outcome === 'response');
