/**
 * Experiments that change the browser or the person's data step by step, reload the failing page
 * after each, and give everything back. Each is a file of its own in `src/experiments`, id = file name.
 */
export const EXPERIMENT_IDS = ['extension-search', 'cookie-search', 'site-data', 'private-window'] as const;
export type ExperimentId = (typeof EXPERIMENT_IDS)[number];

/** What one try of the failing page said. `unclear`: not tried, or another fault than the one that is looked for. */
export type Judgement = 'works' | 'fails' | 'unclear';

/** What a click starts an experiment with. */
export interface ExperimentOptions {
  'extension-search': {
    /** Extensions that the person wants left alone, by id. */
    pinned: readonly string[];
  };
  'cookie-search': Record<never, never>;
  'site-data': Record<never, never>;
  'private-window': Record<never, never>;
}

/** An experiment's own account of what it did and found; kept with the walk and shown. JSON-safe. */
export interface ExperimentDetails {
  'extension-search': Record<string, unknown>;
  'cookie-search': Record<string, unknown>;
  'site-data': Record<string, unknown>;
  'private-window': Record<string, unknown>;
}

/** One experiment of a walk; a later run replaces the former. JSON-safe. */
export interface ExperimentRun<Id extends ExperimentId = ExperimentId> {
  /**
   * `waiting`: for the person's word. `interrupted`: the worker or the browser ended it; what it had
   * changed was given back, and it can go on from its detail.
   */
  status: 'running' | 'waiting' | 'done' | 'stopped' | 'failed' | 'interrupted';
  startedAtMs: number;
  endedAtMs?: number;
  /** Rounds done, and those left at most. */
  progress: { done: number; left: number };
  /** Why it failed, for the report. */
  error?: string;
  options: ExperimentOptions[Id];
  detail?: ExperimentDetails[Id];
}
export type ExperimentRuns = { readonly [Id in ExperimentId]?: ExperimentRun<Id> };

/** What the person says to an experiment by a button: to one that waits, or to one that has ended (keep, restore, undo). */
export interface ExperimentWord {
  word: string;
  /** What it is said of: an extension's id, a cookie. */
  target?: string;
}
