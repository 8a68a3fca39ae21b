import type { Verdict } from '../../src/model/diagnosis';
import type { CauseId, Owner } from '../../src/model/vocabulary';
import type { Draw } from './draw';
import type { InterferingExtension } from './extensions';
import type { Internet, Place } from './internet';

/** What a right diagnosis says. */
export interface Expectation {
  verdict: Verdict;
  /** The first ranked cause must be one of these; the first of them is the best. Absent where no cause may be named. */
  causes?: readonly CauseId[];
  /** Stands among the first three of the ranking, where several look alike and another may come first. */
  amongFirst?: CauseId;
  /** Step that the report names to separate the tied causes. */
  separatedBy?: string;
  /** Whose the cause is, for a run where little is allowed: the first cause's owner or `cannot-tell`. */
  owner?: Owner;
}

/** One page to open before the failure, in the tab that will fail. */
export interface VisitStep {
  url: string;
  /** The document's title once the page has done its work (cookies set, service worker active). */
  untilTitle: string;
}

/** What `configure` hands back: how the browser is to be started and what it then does. */
export interface Configured {
  /** The page that fails (or, where healthy, does not). */
  url: string;
  /** Open these, in order and in one tab, then call `trigger`, then open `url` in the same tab. */
  visitBefore?: readonly VisitStep[];
  /** Run in the page that was visited last, in place of opening `url`, which it leads to: a form that is sent, for example. */
  act?: string;
  /** Switches the fault on. Absent: it is on from the start. */
  trigger?(): void | Promise<void>;
  /** The proxy that the person has configured. */
  proxy?: { fixed: Place } | { pac: { place: Place; path: string } };
  /** Further arguments for Chromium and preferences for Firefox. */
  chromiumArgs?: readonly string[];
  firefoxPrefs?: Readonly<Record<string, string | number | boolean>>;
  /** Other people's extensions. */
  extensions?: readonly InterferingExtension[];
}

/** One situation of the lab; name = file name. A twin's name ends in `.twin`. */
export interface Scenario {
  name: string;
  /** One sentence: what is wrong, and in a twin what is there but innocent. */
  about: string;
  /** `namespace`: cannot be built with plain loopback and mapped names. */
  needs?: 'namespace';
  /** Programs of the system that it is built with; where one is missing it is left out. */
  programs?: readonly string[];
  /** Browsers in which it can happen; absent: both. */
  browsers?: readonly ('chromium' | 'firefox')[];
  /**
   * What Chromium says when the page is opened, as a net error without `net::`; several where the
   * race of a reset and a connect decides, or the draw. `loaded` for a healthy page.
   */
  shows: readonly string[];
  expect: Expectation;
  configure(draw: Draw, internet: Internet): Configured | Promise<Configured>;
}
