import type { Environment } from '../../model/environment';
import type { ExperimentId, ExperimentRuns } from '../../model/experiment';
import type { Incident } from '../../model/incident';
import type { Measurements, ProbeId } from '../../model/measurement';
import type { Failure, ObservationId, ObservationValue } from '../../model/vocabulary';

/** What an observer looks at. */
export interface Seen {
  incident: Incident;
  environment: Environment;
  measurements: Partial<Measurements>;
  experiments: ExperimentRuns;
  /** The failure the walk is about; undefined when nothing has failed. */
  page: Failure | undefined;
  /** Whether the page now fails in some tries and works in others, so that a single try proves nothing. */
  isIntermittent: boolean;
}

/** One fact and who told. */
export type Found = {
  [Id in ObservationId]: { id: Id; value: ObservationValue<Id>; by: ProbeId | ExperimentId | 'incident' };
}[ObservationId];

/** One family of facts. Absent is not known: it returns only what it can stand by. */
export type Observer = (seen: Seen) => readonly Found[];
