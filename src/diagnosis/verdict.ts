import type { ConsentId } from '../model/consent';
import type { Verdict } from '../model/diagnosis';
import type { Failure, ObservationId } from '../model/vocabulary';
import { CAUSES } from '../model/vocabulary';
import type { FactValues, Ranked } from './rank';
import { CONSENT_STEPS } from './steps/consents';
import { CAUSE_THRESHOLD, KIN, KIN_THRESHOLDS, RIVAL_SHARE, SURE_WITHOUT_EXPERIMENT } from './weights/thresholds';

/** Failures that are named for what they are: nobody reset anything. */
const NOT_RESETS: ReadonlySet<Failure> = new Set<Failure>([
  'refused',
  'certificate',
  'blocked-by-client',
  'name-not-resolved',
  'offline',
  'unreachable',
]);

/** Comparisons that make even a time-out worth a cause: something other than the site made the difference. */
const TELLING: { readonly [Id in keyof FactValues]?: readonly string[] } = {
  'captive-portal': ['yes'],
  scope: ['some-sites', 'all-sites'],
  'general-connectivity': ['partly', 'fails'],
  'extension-bypass': ['works'],
  'extensions-disabled': ['works'],
  'site-state-bypass': ['works'],
  cookieless: ['works'],
  'direct-connection': ['works'],
  'address-family': ['only-ipv6-fails', 'only-ipv4-fails'],
  'response-size': ['fails-only-large'],
  'vpn-toggled': ['works-without-vpn', 'works-with-vpn'],
  'security-software-paused': ['works'],
  'other-browser': ['works'],
  'other-engine-only': ['only-chromium-fails', 'only-firefox-fails'],
  'small-clienthello': ['works'],
  'other-device-same-network': ['works'],
  'other-network': ['works'],
  'tls-without-name': ['reaches'],
  'tls-at-independent-address': ['reaches'],
  'resolver-agreement': ['bogus-address'],
};

/** Whether some comparison went another way than the page. */
const hasTellingComparison = (facts: FactValues): boolean =>
  (Object.entries(TELLING) as [keyof FactValues, readonly string[]][]).some(([id, values]) => values.includes(facts[id] ?? ''));

/** What the page does, as far as it is known. `isPastWorker`: it works only because the browser goes past a service worker that fails. */
export type PageState = { kind: 'unknown' } | { kind: 'works'; isPastWorker?: true } | { kind: 'fails'; failure: Failure };

/**
 * The kind that the first cause leads and that together is sure enough to be named below `CAUSE_THRESHOLD`: causes which the
 * same people mend, or which are one thing at different places. Then what to do is known though the cause is a tie; not so
 * while one cause outside the kind is nearly as probable as the first, for then whose it is stays open.
 */
export const leadingKind = (ranking: readonly Ranked[]): readonly Ranked[] | undefined => {
  const [first] = ranking;
  if (!first || first.probability < KIN_THRESHOLDS.first) return undefined;
  const { owner } = CAUSES[first.id];
  const kinds = [
    ranking.filter(({ id }) => CAUSES[id].owner === owner),
    ...KIN.filter((kin) => kin.includes(first.id)).map((kin) => ranking.filter(({ id }) => kin.includes(id))),
  ];
  return kinds.find((kind) => {
    const rival = ranking.find((one) => !kind.includes(one))?.probability ?? 0;
    const together = kind.reduce((sum, { probability }) => sum + probability, 0);
    return together >= KIN_THRESHOLDS.together && rival < RIVAL_SHARE * first.probability;
  });
};

/** Experiments that wait for the person's word: while one of them may still separate the causes, a kind is not named. */
const EXPERIMENTS: ReadonlySet<ConsentId> = new Set<ConsentId>(['ask-resolvers', 'read-browser-dns', 'go-direct', 'switch-extensions-off']);

/** What an experiment brings beside what it is made for. */
const BY_THE_WAY: ReadonlySet<ObservationId> = new Set<ObservationId>(['address-records']);

/** Whether an experiment that is made for the first cause still waits for the person's word, and so much is not certain without it. */
const isUntested = (first: Ranked, facts: FactValues, openConsents: readonly ConsentId[]): boolean =>
  first.probability < SURE_WITHOUT_EXPERIMENT &&
  CONSENT_STEPS.some(
    ({ consent, causes, brings }) =>
      EXPERIMENTS.has(consent) &&
      openConsents.includes(consent) &&
      causes.includes(first.id) &&
      brings.some((observation) => facts[observation] === undefined && !BY_THE_WAY.has(observation)),
  );

/** The verdict; the ranking counts only for the last two. */
export const verdictOf = (
  page: PageState,
  facts: FactValues,
  ranking: readonly Ranked[],
  openConsents: readonly ConsentId[] = [],
): Verdict => {
  if (page.kind === 'works') return 'no-fault';
  if (page.kind === 'unknown') return 'cannot-tell';
  if (NOT_RESETS.has(page.failure)) return 'not-a-reset';
  if (page.failure === 'timed-out' && !hasTellingComparison(facts)) return 'not-a-reset';
  const [first] = ranking;
  if (first && first.probability >= CAUSE_THRESHOLD) return isUntested(first, facts, openConsents) ? 'cannot-tell' : 'cause';
  return !openConsents.some((id) => EXPERIMENTS.has(id)) && leadingKind(ranking) ? 'cause' : 'cannot-tell';
};
