import type { Environment } from '../model/environment';
import type { Exchange, ExchangeRequest } from '../model/exchange';
import type {
  ExperimentDetails,
  ExperimentId,
  ExperimentOptions,
  ExperimentRun,
  ExperimentWord,
  Judgement,
  SiteDataKind,
} from '../model/experiment';
import type { Incident } from '../model/incident';
import type { TabAttempt } from '../model/measurement';
import type { SessionState } from '../model/session';
import type { Settings } from '../model/settings';
import type { CookieCopies } from './cookie-copies';
import type { CookieJar } from './cookie-jar';
import type { ExtensionSwitches } from './extension-search';
import type { Journal } from './journal';

/** Doors of the experiments beside those that probes have; one field for each experiment that needs its own. */
export interface ExperimentDoors {
  extensions?: ExtensionSwitches;
  /** The browser's cookies; absent without the permission. */
  cookies?: CookieJar;
  cookieCopies?: CookieCopies;
  /** Clears one kind of what the browser keeps of the origins of these addresses; absent without the permission. */
  clearSiteData?(what: SiteDataKind, urls: readonly string[]): Promise<void>;
  privateWindow?: PrivateWindowDoor;
}

/** Private windows. */
export interface PrivateWindowDoor {
  /** Whether Unreset is allowed there. */
  isAllowed(): Promise<boolean>;
  /** Loads the URL once in a private window of ours, closed at once. Journaled. */
  load(url: string, signal: AbortSignal): Promise<TabAttempt>;
  /** Opens the URL in a private window for the person. */
  show(url: string): Promise<void>;
}

/** What an experiment works with. Everything it changes goes through the journal; everything settles soon after `signal` aborts. */
export interface ExperimentContext<Id extends ExperimentId = ExperimentId> {
  incident: Incident;
  environment: Environment;
  settings: Settings;
  /** The walk as it stands: measurements, answers, what other experiments found. */
  state(): SessionState;
  /** Aborts when the person stops, another experiment starts, or everything is given back. */
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
  journal: Journal;
  /** Loads the failing page once in an inactive tab of ours, closed at once, and judges by its real error. */
  judge(options?: {
    isPastCache?: boolean;
    /** From where the person's navigation began, before its redirects; a redirect kept in the cache may lead to what fails. */
    isFromStart?: boolean;
    /** The failing address by itself, also where it is that of a part of a page. */
    isByItself?: boolean;
  }): Promise<Judgement>;
  /** A request of our own, as probes send it. */
  request(request: ExchangeRequest): Promise<Exchange>;
  /** Whether requests of our own may carry headers that we set. */
  canSetOwnHeaders: boolean;
  /** The failing tab keeps its cookies and its stored data apart from ours: a private window, or a container in Firefox. */
  isOtherJar: boolean;
  doors: ExperimentDoors;
  /** Writes down how far it is and shows it. Resolves when it is durable. */
  tell(progress: ExperimentRun['progress'], detail: ExperimentDetails[Id]): Promise<void>;
  /** Shows that it waits for the person, and resolves with their word. Rejects when `until` aborts, which must abort with `signal`; default: `signal`. */
  word(until?: AbortSignal): Promise<ExperimentWord>;
}

export interface Experiment<Id extends ExperimentId = ExperimentId> {
  id: Id;
  /**
   * Runs to its end; the detail told last is its result. `before`: the detail of a run that was
   * interrupted or waited when the worker ended; everything it had changed is given back already.
   * Throws where it cannot go on; the journal is the caller's safety, not an excuse: it releases what it holds.
   */
  run(context: ExperimentContext<Id>, options: ExperimentOptions[Id], before: ExperimentDetails[Id] | undefined): Promise<void>;
  /** What stays true of a run when another begins: what it did for good. The new run gets it as its `before`. */
  keeps?(former: ExperimentDetails[Id]): ExperimentDetails[Id] | undefined;
  /** The person's word after the end: keep it so, restore, undo. */
  act?(context: ExperimentContext<Id>, detail: ExperimentDetails[Id], word: ExperimentWord): Promise<void>;
}
