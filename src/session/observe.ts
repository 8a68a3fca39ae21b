import { findStep } from '../diagnosis/steps';
import { EXPERIMENT_IDS, type ExperimentId } from '../model/experiment';
import type { ProbeId } from '../model/measurement';
import type { Observation, Observations } from '../model/observation';
import type { SessionState } from '../model/session';
import { OBSERVATIONS, type ObservationId } from '../model/vocabulary';
import { pageError } from './fate';
import { observeBrowser } from './observe/browser';
import { comparable } from './observe/comparable';
import { observeDns } from './observe/dns';
import { observeExtensionSearch } from './observe/extension-search';
import type { Found, Observer, Seen } from './observe/found';
import { observeIncident } from './observe/incident';
import { observeNetwork } from './observe/network';
import { observeProxy } from './observe/proxy';
import { isUnsteady, observeRepetition } from './observe/repetition';
import { observeSite } from './observe/site';
import { observeSiteData } from './observe/site-data';

const OBSERVERS: readonly Observer[] = [
  observeIncident,
  observeRepetition,
  observeBrowser,
  observeSiteData,
  observeProxy,
  observeNetwork,
  observeDns,
  observeSite,
  observeExtensionSearch,
];

/** Values that say less than any other of their observation: a finer one wins, whoever tells it. */
const COARSE: Readonly<Partial<Record<ObservationId, readonly string[]>>> = {
  'error-kind': ['failed', 'reset-or-close'],
  phase: ['unknown-before-headers'],
  frequency: ['often', 'not-reproduced'],
};

/** What is known only of the address that the tab was led to. */
const ELSEWHERE: readonly ObservationId[] = [
  'tls-with-name',
  'tls-without-name',
  'tls-at-independent-address',
  'tls-answer',
  'phase',
  'same-address-other-name',
  'address-family',
  'other-scheme',
  'port-protocol',
  'sibling-host',
  'sibling-address',
  'site-root',
  'response-size',
  'large-answer',
  'cookieless',
  'direct-connection',
  'other-agent',
];

/**
 * What a fact makes meaningless: where the tab was led to another address, what is wrong there is not what was asked for; where the
 * address alone is too long, cookies have nothing to say. `only`: just this value of theirs.
 */
const SUPERSEDED: readonly { id: ObservationId; value: string; says: readonly ObservationId[]; by?: ProbeId; only?: string }[] = [
  { id: 'redirected-by', value: 'extension', says: ELSEWHERE },
  // Led there by the site's service worker.
  { id: 'site-state-bypass', value: 'works', by: 'start-address', says: ELSEWHERE },
  // A line that loses connections everywhere is not mended because the last few came through.
  { id: 'general-connectivity', value: 'partly', says: ['frequency'], only: 'not-reproduced' },
  { id: 'url-or-header-size', value: 'fails-only-above-a-size', by: 'site-root', says: ['cookieless', 'cookie-header-size'] },
];

const isValue = (id: ObservationId, value: string): boolean => (OBSERVATIONS[id].values as readonly string[]).includes(value);

/** All facts of a session, from the incident, the measurements, the steps done and the answers. Pure. */
export const observe = (state: SessionState): Observations => {
  const { incident, environment } = state;
  const measurements = comparable(incident, state.measurements);
  const page = pageError(incident, measurements)?.failure;
  const isIntermittent = isUnsteady(incident, measurements, page);
  // One answer from the site's root is nothing new on a page that answers now and then itself.
  const { 'site-root': _root, ...withoutRoot } = measurements;
  const seen: Seen = {
    incident,
    environment,
    measurements: isIntermittent ? withoutRoot : measurements,
    experiments: state.experiments ?? {},
    page,
    isIntermittent,
  };
  const all = new Map<ObservationId, Observation>();
  const put = (observation: Observation) => {
    const former = all.get(observation.id);
    const isCoarser =
      former !== undefined && COARSE[observation.id]?.includes(observation.value) && !COARSE[observation.id]?.includes(former.value);
    if (!isCoarser) all.set(observation.id, observation);
  };

  for (const found of OBSERVERS.flatMap((observer) => observer(seen))) put(toObservation(found, state));
  for (const { step, outcome, atMs } of state.stepResults) {
    const tells = findStep(step)?.tells;
    if (tells && (outcome === 'done-and-works' || outcome === 'done-still-fails')) {
      put({
        id: tells.observation,
        value: (outcome === 'done-and-works' ? tells.works : tells.fails) as Observation['value'],
        source: 'answer',
        by: step,
        atMs,
      });
    }
  }
  for (const [id, answer] of Object.entries(state.answers) as [ObservationId, { value: string; atMs: number }][]) {
    if (id in OBSERVATIONS && isValue(id, answer.value))
      put({ id, value: answer.value as Observation['value'], source: 'answer', by: id, atMs: answer.atMs });
  }
  for (const { id, value, says, by, only } of SUPERSEDED) {
    const ruling = all.get(id);
    if (ruling?.value !== value || (by !== undefined && ruling.by !== by)) continue;
    for (const other of says) {
      const said = all.get(other);
      if (said?.source === 'probe' && (only === undefined || said.value === only)) all.delete(other);
    }
  }
  return Object.fromEntries(all) as Observations;
};

const toObservation = (found: Found, state: SessionState): Observation => {
  const { by } = found;
  return {
    id: found.id,
    value: found.value,
    source: by === 'incident' ? 'browser' : 'probe',
    by,
    atMs: (by === 'incident' ? undefined : timeOf(by, state)) ?? state.incident.lastAtMs,
  };
};

const timeOf = (by: ProbeId | ExperimentId, { runs, experiments }: SessionState): number | undefined => {
  if (isExperiment(by)) return experiments?.[by]?.endedAtMs;
  const run = runs[by];
  return run.status === 'done' ? run.atMs : undefined;
};
const isExperiment = (by: ProbeId | ExperimentId): by is ExperimentId => (EXPERIMENT_IDS as readonly string[]).includes(by);
