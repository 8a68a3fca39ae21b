import type { Message } from './message';
import type { ObservationId, ObservationValue } from './vocabulary';

/** How a fact was obtained. */
export type ObservationSource = 'browser' | 'probe' | 'answer';

/** A fact of the vocabulary, with where it comes from. */
export interface Observation<Id extends ObservationId = ObservationId> {
  id: Id;
  value: ObservationValue<Id>;
  source: ObservationSource;
  /** The probe or question that told. */
  by: string;
  /** When, ms since the epoch. */
  atMs: number;
  /** What was seen, in a sentence. */
  detail?: Message;
}

/** All facts known; absent means not known. */
export type Observations = { readonly [Id in ObservationId]?: Observation<Id> };
