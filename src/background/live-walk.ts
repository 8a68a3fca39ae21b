import type { PortMessage } from '../messaging/session-port';
import type { ProbeId } from '../model/measurement';
import type { SessionState } from '../model/session';
import type { SessionDoors } from './doors';
import type { Plannable } from './schedule';

/** Whoever watches a walk. */
export type Watcher = (message: PortMessage) => void;

/** A walk in this life of the worker. */
export interface LiveWalk {
  state: SessionState;
  watchers: Set<Watcher>;
  plans: readonly Plannable[];
  doors?: SessionDoors;
  /** Aborted when the walk is run anew. */
  stop: AbortController;
  endsAtMs: number;
  /** Probes that ran because the person allowed them. */
  allowed: Set<ProbeId>;
  /** Probes allowed while a run was under way: they make the next run, with its own number of requests. */
  deferred: Set<ProbeId>;
  /** Work under way besides the probes. */
  busy: number;
  /** Watchers are about to be told. */
  isDue: boolean;
}

export function createLiveWalk(state: SessionState): LiveWalk {
  return {
    state,
    watchers: new Set(),
    plans: [],
    stop: new AbortController(),
    endsAtMs: 0,
    allowed: new Set(),
    deferred: new Set(),
    busy: 0,
    isDue: false,
  };
}
