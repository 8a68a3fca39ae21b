import type { ExtensionFacts } from './measurement';

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

/** Loads of a search where the page fails each time, besides one a round. */
export const STEADY_LOADS = {
  /** Failures in a row with all on, from which it counts as steady: one in 512 of those that fail every second time. */
  withAllOn: 9,
  /** Without the culprits it must have worked so often: one in a thousand of those that fail nine times of ten. */
  withoutCulprits: 3,
} as const;
/** Rounds in which one culprit of so many is found. */
export const mostRounds = (count: number): number => Math.ceil(Math.log2(Math.max(1, count))) + 2;

/** One extension of a search. */
export interface SearchedExtension {
  id: string;
  /** As its maker names it, at most 100 characters. */
  name: string;
  version: string;
  /** How it could interfere. */
  abilities: ExtensionFacts['abilities'];
  /** Where the browser keeps its picture, if it says so; not every page may show it. */
  icon?: string;
  /** Its maker's page, if it names one. */
  homepage?: string;
  /** `left-alone`: no part of the search, or no longer. */
  state: 'suspect' | 'cleared' | 'culprit' | 'left-alone';
  /** Why it is left alone. `switched-on` and `switched-off` by the person in the middle of the search. */
  why?: 'pinned' | 'open-pages' | 'fixed' | 'removed' | 'switched-on' | 'switched-off' | 'cannot-switch';
  /** Off because the person wants it so. */
  isKeptOff?: true;
}

/** What the search for the extension that breaks the page did and found. */
export interface ExtensionSearchDetail {
  /** `guided`: the browser lets only the person switch extensions. */
  mode: 'switching' | 'guided';
  part: 'measure' | 'all-off' | 'halve' | 'confirm' | 'several' | 'restore' | 'over';
  extensions: readonly SearchedExtension[];
  /** One letter for each extension, 1 on and 0 off, in their order. */
  tries: readonly { on: string; result: 'works' | 'fails'; isMeasure?: true }[];
  /** Loads of the page with all on before the search. */
  before: { fails: number; works: number };
  rounds: number;
  /** What the person is to switch now, by id; guided only. */
  ask?: { off: readonly string[]; on: readonly string[] };
  /** What came of it. `culprits`: sets that each break the page, by id. `unclear`: the page failed in another way or could not be tried. */
  result?: {
    kind: 'found' | 'cleared' | 'works-now' | 'too-rare' | 'contradiction' | 'unclear' | 'nobody';
    culprits: readonly (readonly string[])[];
  };
  /** What the page did after the person kept one off. */
  afterKeepingOff?: Judgement;
}

/** An experiment's own account of what it did and found; kept with the walk and shown. JSON-safe. */
export interface ExperimentDetails {
  'extension-search': ExtensionSearchDetail;
  'cookie-search': {
    /** Cookies that a request for the page carries, and the bytes of their header. */
    count: number;
    bytes: number;
    /** Requests sent to the site. */
    requests: number;
    /**
     * `found`: `culprits` are the smallest set. `unsteady`: it comes and goes too much to name anything. `not-allowed`: a
     * permission is missing. Absent: not over.
     */
    outcome?:
      | 'found'
      | 'works-with-cookies'
      | 'fails-without-cookies'
      | 'no-cookies'
      | 'unsteady'
      | 'unclear'
      | 'asked-to-stop'
      | 'not-repeatable'
      | 'other-jar'
      | 'not-allowed';
    culprits?: readonly CookieFacts[];
    /** Where it looks like a matter of size: the most that worked and the least that failed, bytes of the header. */
    limit?: { worksBytes: number; failsBytes: number };
    /** The deletion that the person asked for last: a change of `what` `cookies`. */
    deletionId?: string;
    /** The page, tried again after the deletion. */
    afterwards?: Judgement;
    /** The culprits were not there any more when they were to be deleted. */
    isGone?: boolean;
  };
  'site-data': {
    /** What has been cleared, in order, and what the page did after it. */
    cleared: readonly ClearedData[];
    /** What former runs cleared: it cannot be given back, so it stays told. */
    formerly?: readonly ClearedData[];
    /** Loads with the fault as it was; what is said to mend it is measured by them. */
    loads?: { fails: number; works: number };
    /** The page fails in some loads and works in others, so that nothing can be told. */
    isUnsteady?: boolean;
    /** The page before anything was cleared. */
    before?: Judgement;
    /** Waits for the person's word before this is cleared. */
    next?: SiteDataKind;
    mendedBy?: SiteDataKind;
    isNotAllowed?: boolean;
  };
  'private-window': {
    /** What the page did there; nothing else of it is kept. */
    outcome?: Judgement;
    /** It worked in a tab outside too, so that nothing follows. */
    isWorkingOutside?: boolean;
    /** Unreset may not look into private windows: the person was shown one and is asked. */
    isAsked?: boolean;
    /** Not even that: the person is to open one. */
    isByHand?: boolean;
  };
}

/** One kind that was cleared. */
export interface ClearedData {
  what: SiteDataKind;
  atMs: number;
  /** Absent: under way. */
  judgement?: Judgement;
  /** The worker ended in the middle: it may be cleared or not. */
  isBrokenOff?: true;
}

/** A cookie by what may be told of it; never its value. */
export interface CookieFacts {
  name: string;
  domain: string;
  path: string;
  /** Of its part of the header. */
  bytes: number;
  isHttpOnly: boolean;
  isSession: boolean;
}

/** What browsers keep of a site besides cookies, most harmless first. */
export const SITE_DATA_KINDS = ['cache', 'service-worker', 'storage'] as const;
export type SiteDataKind = (typeof SITE_DATA_KINDS)[number];

/** One experiment of a walk; a later run replaces the former. JSON-safe. */
export interface ExperimentRun<Id extends ExperimentId = ExperimentId> {
  /**
   * `waiting`: for the person's word. `interrupted`: the worker or the browser ended it; what it had
   * changed was given back, and it can go on from its detail.
   */
  status: 'running' | 'waiting' | 'done' | 'stopped' | 'failed' | 'interrupted';
  startedAtMs: number;
  endedAtMs?: number;
  /** When it last told anything. */
  changedAtMs?: number;
  /** Rounds done, and those left at most. */
  progress: { done: number; left: number };
  /** Why it failed, for the report. */
  error?: string;
  options: ExperimentOptions[Id];
  /** It came to its own end: what runs now is what a word after that asked for, and nothing goes on from the detail. */
  hasEnded?: boolean;
  detail?: ExperimentDetails[Id];
}
export type ExperimentRuns = { readonly [Id in ExperimentId]?: ExperimentRun<Id> };

/** What the person says to an experiment by a button: to one that waits, or to one that has ended (keep, restore, undo). */
export interface ExperimentWord {
  word: string;
  /** What it is said of: an extension's id, a cookie. */
  target?: string;
}
