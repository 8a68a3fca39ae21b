import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ExperimentStart, Requests, RequestType } from '../../messaging/protocol';
import type { ConsentId } from '../../model/consent';
import type { ExperimentId } from '../../model/experiment';
import type { Incident } from '../../model/incident';
import type { Change, SessionView } from '../../model/session';
import type { StepResult } from '../../model/step';
import type { ObservationId } from '../../model/vocabulary';
import type { PageDoors } from '../doors';
import { permissionFor } from '../select/consent-permission';
import { permissionOfExperiment } from '../select/experiment-permission';
import { readTestAddress } from '../select/test-address';
import type { Surface } from './surface';

/** A worker that says nothing for this long counts as unreachable, ms. */
const ANSWER_LIMIT_MS = 8000;
/** What is written down is waited for no longer than this, ms. */
const GLANCE_LIMIT_MS = 100;
/** An address is tried before its walk opens, at most this long, ms. */
const TRIAL_LIMIT_MS = 20_000;
/** After the worker's word that checks start, the view that shows them comes within this, ms. */
const VIEW_LIMIT_MS = 300;
/** A retest that brought no new view for this long is over as far as its button goes, ms. */
const RETEST_LIMIT_MS = 30_000;
/** One experiment may first have to give back what another has changed, ms. */
const EXPERIMENT_LIMIT_MS = 30_000;
/** Words to an experiment that have it delete something. */
const CHANGING_WORDS: ReadonlySet<string> = new Set(['delete', 'clear']);

export type Stage =
  | { kind: 'loading' }
  | { kind: 'walk'; sessionId: string }
  /** `isGone`: the walk asked for is no longer kept. */
  | { kind: 'no-incident'; incidents: readonly Incident[]; tabId?: number; tabUrl?: string; isGone?: boolean }
  | { kind: 'error' };

/** What came of the wish to have deleted cookies back, by the deletion. */
export interface BroughtBack {
  id: string;
  /** `refused`: the permission was; `asked`: it is not known yet. */
  outcome: 'returned' | 'too-late' | 'refused' | 'asked';
}

/** The page's state and all that a person can do; components read signals and call these. */
export interface Walk {
  stage: ReadonlySignal<Stage>;
  /** The newest snapshot of the session; null until the first came. */
  view: ReadonlySignal<SessionView | null>;
  /** What failed: as it was written down first, from the worker's answer, then from the session. */
  incident: ReadonlySignal<Incident | null>;
  /** The last thing asked for did not reach the worker. */
  hasTrouble: ReadonlySignal<boolean>;
  /** Checks run, or something that starts checks is on its way. */
  isBusy: ReadonlySignal<boolean>;
  isRetesting: ReadonlySignal<boolean>;
  /** Step whose card is open instead of the best one. */
  chosenStep: ReadonlySignal<string | null>;
  start(): Promise<void>;
  openIncident(incidentId: string): Promise<void>;
  openUrl(url: string, tabId?: number): Promise<void>;
  clearIncidents(): Promise<void>;
  /** Call inside the click: asks for the permission where one is missing, then gives the consent. */
  giveConsent(consent: ConsentId): Promise<void>;
  refuseConsent(consent: ConsentId): Promise<void>;
  answer(observation: ObservationId, value: string | null): Promise<void>;
  record(step: string, outcome: StepResult['outcome'], answer?: string): Promise<void>;
  /** Takes back what was recorded of a step. */
  withdraw(step: string): Promise<void>;
  retest(afterStep?: string): Promise<void>;
  rerun(): Promise<void>;
  giveBack(): Promise<void>;
  /** Everything changed by us, as last asked for where no walk is shown. */
  changes: ReadonlySignal<readonly Change[]>;
  loadChanges(): Promise<void>;
  /** Call inside the click: asks for the permission where it is missing, then brings deleted cookies back. */
  bringBack(id: string): Promise<void>;
  /** What came of the last of these. */
  broughtBack: ReadonlySignal<BroughtBack | undefined>;
  /** Experiments whose permission the person has just refused. */
  refused: ReadonlySignal<ReadonlySet<ExperimentId>>;
  /** Call inside the click: asks for the permission where one is missing, then starts. */
  startExperiment(start: ExperimentStart): Promise<void>;
  stopExperiment(): Promise<void>;
  /** A button of an experiment that waits or has ended. */
  sayTo(experiment: ExperimentId, word: string, target?: string): Promise<void>;
  chooseStep(step: string | null): void;
  openInTab(): Promise<void>;
  openInPanel?: () => Promise<void>;
}

/** Builds the state of one page. */
export function createWalk(doors: PageDoors, surface: Surface): Walk {
  const stage = signal<Stage>({ kind: 'loading' });
  const view = signal<SessionView | null>(null);
  const early = signal<Incident | null>(null);
  const hasTrouble = signal(false);
  const pending = signal(0);
  const isRetesting = signal(false);
  const chosenStep = signal<string | null>(null);
  const changes = signal<readonly Change[]>([]);
  const broughtBack = signal<BroughtBack | undefined>(undefined);
  const refused = signal<ReadonlySet<ExperimentId>>(new Set());
  /** Permissions known to be held, so that a click need not await before it asks (Firefox forgets the click over an await). */
  const held = new Set<ConsentId>();
  let endWatch: (() => void) | undefined;
  let hasSession = false;

  const send: PageDoors['send'] = (type, request) => within(ANSWER_LIMIT_MS, doors.send(type, request));

  /** Asks for something that starts checks; over once a view shows them, so that "done" never shows in between. */
  const startChecks = async <Type extends RequestType>(type: Type, request: Requests[Type]['request']): Promise<void> => {
    const before = view.value;
    await send(type, request);
    await settled(view, (next) => next !== before, VIEW_LIMIT_MS);
  };

  const tryUrl = (url: string, tabId?: number): Promise<{ sessionId: string }> =>
    within(TRIAL_LIMIT_MS, doors.send('session.open-url', { url, tabId }));

  /** Runs what a person asked for; a failure shows as a line, not as silence. */
  const ask = async (work: () => Promise<unknown>): Promise<void> => {
    pending.value += 1;
    hasTrouble.value = false;
    try {
      await work();
    } catch {
      hasTrouble.value = true;
    } finally {
      pending.value -= 1;
    }
  };

  const showView = (next: SessionView): void => {
    view.value = next;
    for (const consent of next.openConsents) {
      const wanted = permissionFor(consent, next.state.environment.engine, next.state.incident.host);
      if (wanted === undefined || held.has(consent)) continue;
      doors.hasPermission(wanted).then(
        (isHeld) => isHeld && held.add(consent),
        () => undefined,
      );
    }
  };

  const showSession = (sessionId: string): void => {
    endWatch?.();
    hasSession = false;
    view.value = null;
    chosenStep.value = null;
    broughtBack.value = undefined;
    hasTrouble.value = false;
    stage.value = { kind: 'walk', sessionId };
    // Without a view in time there is no worker behind the port: say so instead of waiting for ever.
    const timer = setTimeout(() => {
      if (!hasSession) stage.value = { kind: 'error' };
    }, ANSWER_LIMIT_MS);
    const stop = doors.watch(
      sessionId,
      (next) => {
        hasSession = true;
        clearTimeout(timer);
        if (stage.value.kind === 'error') stage.value = { kind: 'walk', sessionId };
        showView(next);
      },
      () => {
        clearTimeout(timer);
        showHome(true).catch(() => {
          stage.value = { kind: 'error' };
        });
      },
    );
    endWatch = () => {
      clearTimeout(timer);
      stop();
    };
  };

  const showHome = async (isGone = false): Promise<void> => {
    const incidents = await send('incident.list', {});
    stage.value = { kind: 'no-incident', incidents, isGone };
  };

  const showTab = async (tab: { id: number; url?: string }): Promise<void> => {
    // The worker may have to be started first. What it wrote down is shown before that, also because its start takes the processor.
    if (doors.glance) early.value = (await within(GLANCE_LIMIT_MS, doors.glance(tab)).catch(() => undefined)) ?? null;
    const answer = await send('session.open-tab', { tabId: tab.id });
    if (answer.sessionId === undefined) {
      early.value = null;
      stage.value = { kind: 'no-incident', incidents: answer.incidents, tabId: tab.id, tabUrl: answer.tabUrl ?? tab.url };
      return;
    }
    early.value = answer.incidents.find(({ tabId }) => tabId === tab.id) ?? null;
    showSession(answer.sessionId);
  };

  const open = async (): Promise<void> => {
    if (surface.kind === 'session') return showSession(surface.sessionId);
    if (surface.kind === 'tab') return showTab({ id: surface.tabId });
    if (surface.kind === 'url') {
      const address = readTestAddress(surface.url);
      if ('problem' in address) return showHome();
      return showSession((await tryUrl(address.url)).sessionId);
    }
    const tab = surface.kind === 'popup' ? await within(ANSWER_LIMIT_MS, doors.activeTab()) : undefined;
    return tab ? showTab(tab) : showHome();
  };

  /** What a full page goes on with after a reload, and what a tab or panel opened from here shows. */
  const pathHere = (): string => {
    const now = stage.value;
    if (now.kind === 'walk') return `src/popup/index.html?session=${encodeURIComponent(now.sessionId)}`;
    if (surface.kind === 'tab') return `src/popup/index.html?tab=${surface.tabId}`;
    return 'src/popup/index.html?home=1';
  };

  const loadChanges = async (): Promise<void> => {
    changes.value = (await send('changes.list', {}).catch(() => undefined)) ?? [];
  };

  /** Asks for what an experiment needs, then does the work; call inside the click. */
  const withPermission = (experiment: ExperimentId, { state }: SessionView, work: () => Promise<unknown>): (() => Promise<void>) => {
    const wanted = permissionOfExperiment(experiment, state.environment.engine);
    // Asked before anything is awaited: the click must still be in force.
    const permission = wanted === undefined ? Promise.resolve(true) : doors.askPermission(wanted);
    return async () => {
      const isGranted = await permission;
      refused.value = new Set([...refused.value].filter((id) => id !== experiment).concat(isGranted ? [] : [experiment]));
      if (isGranted) await within(EXPERIMENT_LIMIT_MS, work());
    };
  };

  const sessionId = (): string => {
    if (stage.value.kind !== 'walk') throw new Error('There is no session here');
    return stage.value.sessionId;
  };

  return {
    stage,
    view,
    incident: computed(() => view.value?.state.incident ?? early.value),
    hasTrouble,
    isBusy: computed(() => pending.value > 0 || isRetesting.value || (view.value?.progress.isRunning ?? false)),
    isRetesting,
    chosenStep,

    async start() {
      stage.value = { kind: 'loading' };
      try {
        await open();
      } catch {
        stage.value = { kind: 'error' };
      }
    },
    openIncident: (incidentId) => ask(async () => showSession((await send('session.open-incident', { incidentId })).sessionId)),
    openUrl: (url, tabId) => ask(async () => showSession((await tryUrl(url, tabId)).sessionId)),
    clearIncidents: () =>
      ask(async () => {
        await send('incident.clear', {});
        if (stage.value.kind === 'no-incident') stage.value = { ...stage.value, incidents: [] };
      }),

    async giveConsent(consent) {
      const now = view.value;
      if (now === null) return;
      const wanted = permissionFor(consent, now.state.environment.engine, now.state.incident.host);
      // Asked before anything is awaited: the click must still be in force.
      const permission = wanted === undefined || held.has(consent) ? Promise.resolve(true) : doors.askPermission(wanted);
      await ask(async () => {
        const isGranted = await permission;
        if (isGranted && wanted !== undefined) held.add(consent);
        await startChecks('consent.set', { sessionId: sessionId(), consent, state: isGranted ? 'given' : 'refused' });
      });
    },
    refuseConsent: (consent) => ask(() => send('consent.set', { sessionId: sessionId(), consent, state: 'refused' })),
    answer: (observation, value) => ask(() => send('question.answer', { sessionId: sessionId(), observation, value })),
    record: (step, outcome, answer) =>
      ask(() => send('step.record', { sessionId: sessionId(), result: { step, outcome, ...(answer === undefined ? {} : { answer }) } })),

    withdraw: (step) => ask(() => send('step.withdraw', { sessionId: sessionId(), step })),

    async retest(afterStep) {
      if (isRetesting.value) return;
      const before = view.value?.state.retests.length ?? 0;
      isRetesting.value = true;
      await ask(() => within(RETEST_LIMIT_MS, doors.send('session.retest', { sessionId: sessionId(), afterStep })));
      if (!hasTrouble.value) await settled(view, (next) => (next?.state.retests.length ?? 0) > before, RETEST_LIMIT_MS);
      isRetesting.value = false;
    },
    rerun: () => ask(() => startChecks('session.rerun', { sessionId: sessionId() })),
    giveBack() {
      const isExtensionOff = view.value?.changes.some(({ what, state }) => what === 'extension-switch' && state === 'changed');
      // Without the permission nobody but the person can switch an extension on again.
      const permission = isExtensionOff ? doors.askPermission({ permissions: ['management'] }) : Promise.resolve(true);
      return ask(async () => {
        await permission;
        await send('changes.give-back', {});
      });
    },
    changes,
    loadChanges,
    broughtBack,
    bringBack(id) {
      broughtBack.value = { id, outcome: 'asked' };
      const permission = doors.askPermission({ permissions: ['cookies'] });
      return ask(async () => {
        try {
          if (!(await permission)) {
            broughtBack.value = { id, outcome: 'refused' };
            return;
          }
          const { isTooLate } = await within(EXPERIMENT_LIMIT_MS, doors.send('cookies.bring-back', { id }));
          broughtBack.value = { id, outcome: isTooLate ? 'too-late' : 'returned' };
          if (stage.value.kind !== 'walk') await loadChanges();
        } finally {
          if (broughtBack.value?.outcome === 'asked') broughtBack.value = undefined;
        }
      });
    },
    refused,
    async startExperiment(start) {
      const now = view.value;
      if (now === null) return;
      const { experiment } = start;
      await ask(withPermission(experiment, now, () => doors.send('experiment.start', { sessionId: sessionId(), ...start })));
    },
    stopExperiment: () => ask(() => within(EXPERIMENT_LIMIT_MS, doors.send('experiment.stop', { sessionId: sessionId() }))),
    async sayTo(experiment, word, target) {
      const now = view.value;
      const say = () =>
        doors.send('experiment.word', { sessionId: sessionId(), experiment, word, ...(target === undefined ? {} : { target }) });
      // The permission of which it was begun may have been taken back since.
      if (now !== null && CHANGING_WORDS.has(word)) await ask(withPermission(experiment, now, say));
      else await ask(() => within(EXPERIMENT_LIMIT_MS, say()));
    },
    chooseStep(step) {
      chosenStep.value = step;
    },
    openInTab: () => ask(() => doors.openTab(pathHere())),
    openInPanel: doors.openSidePanel && (() => ask(() => doors.openSidePanel?.(pathHere()) ?? Promise.resolve())),
  };
}

/** The promise, or a rejection when it does not settle in time. */
function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('No answer in time')), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Resolves when the signal's value satisfies `is`, or after the limit. */
function settled<T>(source: ReadonlySignal<T>, is: (value: T) => boolean, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    let end: (() => void) | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      end?.();
      resolve();
    };
    const timer = setTimeout(finish, limitMs);
    end = source.subscribe((value) => {
      if (is(value)) queueMicrotask(finish);
    });
  });
}
