import { useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SessionView } from '../model/session';
import { Answers } from './components/answers';
import { ChangesBanner } from './components/changes';
import { Checklist } from './components/checklist';
import { Consents } from './components/consents';
import { Done } from './components/done';
import { ErrorScreen } from './components/error';
import { IncidentHeader } from './components/header';
import { Home } from './components/home';
import { Icon, Mark } from './components/icons';
import { KeptCookies } from './components/kept-cookies';
import { NextStepCard } from './components/next-step';
import { PathPicture } from './components/path-picture';
import { ReportView } from './components/report-view';
import { Verdict } from './components/verdict';
import type { PageDoors } from './doors';
import { shortenMiddle } from './select/host-name';
import { offeredSteps } from './select/next-step';
import { offeredExperiments } from './select/offered-experiments';
import { experimentCards } from './state/experiment-cards';
import type { FindStep } from './state/steps';
import type { Surface } from './state/surface';
import type { Walk } from './state/walk';
import { render, t } from './words';

/** "2 minutes ago" is renewed this often, ms. */
const CLOCK_MS = 30_000;

interface AppProps {
  walk: Walk;
  doors: PageDoors;
  surface: Surface;
  /** In the popup, which a click elsewhere closes. */
  isPopup: boolean;
  findStep: FindStep;
}

/** The whole app: popup, tab and side panel alike. */
export function App({ walk, doors, surface, isPopup, findStep }: AppProps) {
  const [isReport, setReport] = useState(false);
  const [nowMs, setNowMs] = useState(doors.nowMs());
  const reportButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(doors.nowMs()), CLOCK_MS);
    return () => clearInterval(timer);
  }, [doors]);

  const stage = walk.stage.value;
  const view = walk.view.value;
  const incident = walk.incident.value;
  const isBusy = walk.isBusy.value;
  // What failed is known before the worker has opened its walk.
  const isWalk = stage.kind === 'walk' || (stage.kind === 'loading' && incident !== null);
  const wasReport = useRef(false);
  useLayoutEffect(() => {
    if (wasReport.current && !isReport) reportButton.current?.focus();
    wasReport.current = isReport;
  }, [isReport]);
  useStageFocus(walk);
  // A reload of a full page goes on with the same walk.
  useSignalEffect(() => {
    const now = walk.stage.value;
    if (surface.kind !== 'popup' && now.kind === 'walk') history.replaceState(null, '', `?session=${encodeURIComponent(now.sessionId)}`);
  });

  const host = incident?.host;
  useEffect(() => {
    document.title = host === undefined || stage.kind !== 'walk' ? t('extension_name') : t('ui_page_title', shortenMiddle(host, 60));
  }, [host, stage.kind]);

  return (
    <>
      <TopBar walk={walk} isPopup={isPopup} isTab={surface.kind !== 'popup'} hasWalk={stage.kind === 'walk'} />
      <main data-state={stateName(stage.kind, view, isBusy)} aria-busy={stage.kind === 'loading'}>
        {walk.hasTrouble.value && (
          <p class="trouble" role="alert">
            {t('ui_trouble')}
          </p>
        )}
        {stage.kind === 'loading' && !isWalk && <Waiting />}
        {stage.kind === 'error' && <ErrorScreen walk={walk} />}
        {stage.kind === 'no-incident' && (
          <Home incidents={stage.incidents} tabId={stage.tabId} tabUrl={stage.tabUrl} isGone={stage.isGone} walk={walk} nowMs={nowMs} />
        )}
        {isWalk &&
          (isReport && view !== null ? (
            <ReportView view={view} version={doors.version} nowMs={doors.nowMs} onBack={() => setReport(false)} />
          ) : (
            <>
              {incident === null ? <Waiting /> : <IncidentHeader incident={incident} nowMs={nowMs} />}
              <PathPicture view={view} />
              <Verdict view={view} isBusy={isBusy} walk={walk} onReport={() => setReport(true)} />
              {view !== null && (
                <WalkBody view={view} walk={walk} findStep={findStep} isBusy={isBusy} version={doors.version} nowMs={nowMs} />
              )}
              {view !== null && (
                <div class="foot">
                  <button ref={reportButton} type="button" class="button" data-action="report" onClick={() => setReport(true)}>
                    <Icon name="file" />
                    {t('ui_report_open')}
                  </button>
                  <button type="button" class="button" data-action="rerun" aria-disabled={isBusy} onClick={() => !isBusy && walk.rerun()}>
                    <Icon name="again" />
                    {t('ui_rerun')}
                  </button>
                </div>
              )}
            </>
          ))}
        <Announcer view={view} isBusy={isBusy} />
      </main>
      {view !== null && <ChangesBanner view={view} walk={walk} />}
    </>
  );
}

function stateName(kind: Walk['stage']['value']['kind'], view: SessionView | null, isBusy: boolean): string {
  if (kind !== 'walk') return kind;
  if (view === null) return 'loading';
  return isBusy ? 'running' : 'done';
}

interface WalkBodyProps {
  view: SessionView;
  walk: Walk;
  findStep: FindStep;
  isBusy: boolean;
  version: string;
  nowMs: number;
}

function WalkBody({ view, walk, findStep, isBusy, version, nowMs }: WalkBodyProps) {
  const offered = offeredSteps(withAccess(view), view.state.stepResults, (id) => findStep(id)?.kind === 'question');
  const chosen = walk.chosenStep.value;
  // While checks run the best step changes with every result: a card that stays says more than one that flickers.
  const step = findStep(chosen ?? (view.progress.isRunning && !walk.isRetesting.value ? '' : (offered[0]?.id ?? '')));
  const experiments = offeredExperiments(view, step);
  const Experiments = experiments.length > 0 ? experimentCards.get() : undefined;
  return (
    <>
      <NextStepCard view={view} walk={walk} step={step} offered={offered} findStep={findStep} isBusy={isBusy} />
      {Experiments !== undefined && <Experiments offered={experiments} view={view} walk={walk} version={version} nowMs={nowMs} />}
      {/* The card of the search has its own. */}
      {view.state.experiments?.['cookie-search']?.detail === undefined && <KeptCookies changes={view.changes} walk={walk} nowMs={nowMs} />}
      <Consents view={view} walk={walk} except={step?.kind === 'consent' ? step.consent : undefined} />
      <Checklist view={view} walk={walk} />
      <Answers view={view} walk={walk} />
      <Done view={view} walk={walk} findStep={findStep} />
    </>
  );
}

/** Access to the site is offered wherever a cause is looked for, however little is known of what it would tell. */
function withAccess({ diagnosis: { verdict, nextSteps }, openConsents }: SessionView): SessionView['diagnosis']['nextSteps'] {
  if (verdict === 'no-fault' || verdict === 'not-a-reset') return nextSteps;
  if (!openConsents.includes('host-access') || nextSteps.some(({ id }) => id === 'allow-host-access')) return nextSteps;
  return [...nextSteps, { id: 'allow-host-access', why: { id: 'consent_host_access_why' }, score: 0 }];
}

function TopBar({ walk, isPopup, isTab, hasWalk }: { walk: Walk; isPopup: boolean; isTab: boolean; hasWalk: boolean }) {
  return (
    <header class="top">
      <span class="brand">
        <Mark />
        {t('extension_name')}
      </span>
      <span class="top-actions">
        {walk.openInPanel !== undefined && isPopup && hasWalk && (
          <button
            type="button"
            class="icon-button"
            data-action="open-panel"
            title={t('ui_open_panel')}
            onClick={() => walk.openInPanel?.()}
          >
            <Icon name="panel" />
            <span class="visually-hidden">{t('ui_open_panel')}</span>
          </button>
        )}
        {!isTab && (
          <button type="button" class="icon-button" data-action="open-tab" title={t('ui_open_tab')} onClick={() => walk.openInTab()}>
            <Icon name="tab" />
            <span class="visually-hidden">{t('ui_open_tab')}</span>
          </button>
        )}
      </span>
    </header>
  );
}

/** Bones in the shape of what comes, so that nothing moves when it does. */
function Waiting() {
  return (
    <div class="waiting">
      <h1 class="visually-hidden">{t('ui_loading')}</h1>
      <span class="bone bone-title" />
      <span class="bone bone-line" />
      <span class="bone bone-short" />
    </div>
  );
}

/** Speaks twice at most: that checks began, and what came of them. */
function Announcer({ view, isBusy }: { view: SessionView | null; isBusy: boolean }) {
  const words = view === null ? '' : isBusy ? t('ui_announce_running') : t('ui_announce_done', render(view.diagnosis.summary));
  return (
    <p class="visually-hidden" role="status">
      {words}
    </p>
  );
}

/** When a person opened another screen, the focus goes to its heading. */
function useStageFocus(walk: Walk): void {
  const before = useRef(walk.stage.value.kind);
  const kind = walk.stage.value.kind;
  const hasHeading = kind !== 'walk' || walk.incident.value !== null;
  useLayoutEffect(() => {
    if (!hasHeading || before.current === kind) return;
    const isFirst = before.current === 'loading';
    before.current = kind;
    if (!isFirst) document.getElementById('host')?.focus();
  }, [kind, hasHeading]);
}
