import { type ExtensionSearchDetail, mostRounds, type SearchedExtension, STEADY_LOADS } from '../../model/experiment';
import { isPartOfPage } from '../../model/incident';
import type { ExtensionFacts } from '../../model/measurement';
import type { SessionView } from '../../model/session';

/** Installed extensions that the search may switch off, by what the walk knows; undefined: not known yet. */
export function searchable({ state }: Pick<SessionView, 'state'>): readonly ExtensionFacts[] | undefined {
  return state.measurements['installed-extensions']?.extensions.filter(({ isEnabled, mayDisable }) => isEnabled && mayDisable);
}

/** What goes off with extensions, by what their permissions let them do: for each kind how many. */
export function whatGoesOff(extensions: readonly Pick<ExtensionFacts, 'abilities'>[]): { route: number; filter: number; helper: number } {
  const kinds = extensions.map(({ abilities }) => {
    if (abilities.includes('vpn') || abilities.includes('proxy')) return 'route';
    return abilities.includes('headers') ? 'filter' : 'helper';
  });
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  return { route: count('route'), filter: count('filter'), helper: count('helper') };
}

/** Loads of the page that a search takes at most where the page fails each time. */
export function loadsOf(count: number): number {
  return STEADY_LOADS.withAllOn + mostRounds(count) + STEADY_LOADS.withoutCulprits;
}

/** The culprits in the words of one of three texts: one, several of which each breaks it, or some that do it together. */
export function culpritsOf(detail: ExtensionSearchDetail): { kind: 'one' | 'each' | 'together'; extensions: readonly SearchedExtension[] } {
  const sets = detail.result?.culprits ?? [];
  const extensions = sets.flat().flatMap((id) => detail.extensions.find((one) => one.id === id) ?? []);
  if (extensions.length === 1) return { kind: 'one', extensions };
  return { kind: sets.some((set) => set.length > 1) ? 'together' : 'each', extensions };
}

/** How the loads of the search went with one extension on, and with it off. */
export function loadsWith(
  { extensions, tries }: Pick<ExtensionSearchDetail, 'extensions' | 'tries'>,
  id: string,
): { on: { fails: number; works: number }; off: { fails: number; works: number } } {
  const place = extensions.findIndex((one) => one.id === id);
  const count = (letter: '0' | '1', wanted: 'fails' | 'works') =>
    tries.filter(({ on, result }) => on[place] === letter && result === wanted).length;
  return {
    on: { fails: count('1', 'fails'), works: count('1', 'works') },
    off: { fails: count('0', 'fails'), works: count('0', 'works') },
  };
}

/** Whether the failing page is one that a search may load again and again; of a part its page, if that asks for it each time. */
export function canSearch({ state: { incident, measurements } }: Pick<SessionView, 'state'>): boolean {
  if (isPartOfPage(incident)) return measurements['tab-replay']?.plain?.outcome === 'failed';
  return incident.method === 'GET' && (incident.kind === 'main-frame' || incident.kind === 'sub-frame');
}

/** Whether the page fails and loads by turns while our own requests, which no other extension can touch, got through each time. */
const isTabsAlone = ({ observations: { frequency } }: Pick<SessionView, 'observations'>): boolean =>
  frequency?.value === 'often' && frequency.by === 'incident';

/** Whether the walk has reason to suspect another extension, or asks the person to look for one. */
export function isSearchOffered({ state, observations, diagnosis, checks }: SessionView, stepId: string | undefined): boolean {
  if (state.experiments?.['extension-search'] !== undefined) return true;
  if (!canSearch({ state })) return false;
  if (stepId === 'disable-extensions' || stepId === 'allow-switch-extensions-off' || stepId === 'allow-see-extensions') return true;
  if (diagnosis.verdict === 'no-fault' || diagnosis.verdict === 'not-a-reset') return false;
  if (isTabsAlone({ observations }) && searchable({ state })?.length !== 0) return true;
  const isSuspect = checks.some(({ area, outcome }) => area === 'extensions' && outcome === 'implicated');
  return isSuspect || diagnosis.causes.slice(0, 2).some(({ id }) => id === 'browser-extension');
}
