import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GoneStep, NextStep } from '../../model/diagnosis';
import type { MessageId } from '../../model/message';
import type { SessionView } from '../../model/session';
import type { Step } from '../../model/step';
import type { Failure } from '../../model/vocabulary';
import { instructionsFor } from '../select/instructions';
import { proxyOwner, removableProxy } from '../select/proxy-owner';
import { answerOf, fillCommand } from '../select/step-answer';
import type { FindStep } from '../state/steps';
import type { Walk } from '../state/walk';
import { named, render, t } from '../words';
import { ConsentButton } from './consents';
import { CopyButton } from './copy-button';
import { Icon } from './icons';
import { PhoneSlot } from './phone-slot';
import { Question } from './question';

interface NextStepProps {
  view: SessionView;
  walk: Walk;
  /** The step of the card; undefined: none is known or left. */
  step: Step | undefined;
  /** All that is worth doing, best first. */
  offered: readonly NextStep[];
  findStep: FindStep;
  isBusy: boolean;
}

/** The one thing most worth doing now. Never leaves the focus nowhere when it makes room for the next. */
export function NextStepCard({ view, walk, step, offered, findStep, isBusy }: NextStepProps) {
  const section = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const shownId = useRef(step?.id);
  // Read while the former step's buttons still stand: once they are gone the focus is lost.
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (shownId.current === step?.id) return;
    shownId.current = step?.id;
    // A step chosen elsewhere on the page is gone to; one that came by itself takes no focus from anything else.
    if (hadFocus || (step !== undefined && walk.chosenStep.value === step.id)) heading.current?.focus();
  });

  const isLooking = step === undefined && isBusy && !walk.isRetesting.value;
  const noStep = noStepFor(view, isLooking);
  const why = view.diagnosis.nextSteps.find(({ id }) => id === step?.id)?.why;
  return (
    <section
      ref={section}
      class={step !== undefined ? 'card step' : isLooking ? 'card step step-none step-looking' : 'card step step-none'}
      aria-labelledby="step-title"
      data-step={step?.id}
    >
      <div class="title-row">
        <p class="eyebrow">{t('ui_step')}</p>
        {(step?.kind !== 'guided' || !answerOf(step).hasRetest) && !isLooking && <RetestButton walk={walk} look="link" />}
      </div>
      <h2 id="step-title" ref={heading} tabIndex={-1}>
        {step === undefined ? t(noStep.title) : stepTitle(step)}
      </h2>
      {step === undefined && <p class="quiet">{t(noStep.why)}</p>}
      {isLooking && <Bones />}
      {step !== undefined && (
        <>
          {step.kind !== 'consent' && <p>{why === undefined ? named('step', step.id, '_why', '') : render(why)}</p>}
          {step.kind === 'consent' && step.consent !== undefined && <ConsentStep step={step} walk={walk} view={view} />}
          {isForPhone(step) && <PhoneSlot url={view.state.incident.pageUrl} />}
          {step.kind === 'question' && step.asks !== undefined && (
            <Question observation={step.asks} walk={walk} view={view} step={step.id} />
          )}
          {step.kind === 'guided' && <GuidedStep step={step} walk={walk} view={view} />}
        </>
      )}
      <LastRetest view={view} step={step} isRetesting={walk.isRetesting.value} />
      <OtherSteps offered={offered} findStep={findStep} walk={walk} current={step?.id} />
      {!isLooking && <GoneSteps gone={view.diagnosis.goneSteps ?? []} findStep={findStep} walk={walk} current={step?.id} />}
    </section>
  );
}

/** The step beside which stands who set the proxy. */
const PROXY_STEP = 'switch-proxy-off';
const EXTENSIONS_STEP = 'disable-extensions';

const NO_STEP = {
  looking: { title: 'ui_step_looking', why: 'ui_step_looking_why' },
  'no-fault': { title: 'ui_step_no_fault', why: 'ui_step_no_fault_why' },
  none: { title: 'ui_step_none', why: 'ui_step_none_why' },
} as const;

/** What is said where there is no step; a failure that was no reset has a word of advice of its own. */
function noStepFor({ diagnosis, state }: SessionView, isLooking: boolean): { title: MessageId; why: MessageId } {
  if (isLooking) return NO_STEP.looking;
  if (diagnosis.verdict === 'no-fault') return NO_STEP['no-fault'];
  const why = diagnosis.verdict === 'not-a-reset' ? ADVICE[state.incident.error.failure] : undefined;
  return why === undefined ? NO_STEP.none : { title: 'ui_step_not_a_reset', why };
}

const ADVICE: { readonly [Kind in Failure]?: MessageId } = {
  refused: 'advice_refused',
  certificate: 'advice_certificate',
  'blocked-by-client': 'advice_blocked_by_client',
  'name-not-resolved': 'advice_name_not_resolved',
  offline: 'advice_offline',
  unreachable: 'advice_unreachable',
  'timed-out': 'advice_timed_out',
};

/** A step's title; a question is its own. */
export function stepTitle(step: Step): string {
  if (step.kind === 'question' && step.asks !== undefined) return named('question', step.asks, '', named('step', step.id, '_title'));
  return named('step', step.id, '_title');
}

/** What a phone can tell, on the same network and off it. */
const isForPhone = ({ asks, tells }: Step): boolean =>
  [asks, tells?.observation].some((about) => about === 'other-device-same-network' || about === 'other-network');

function ConsentStep({ step, walk, view }: { step: Step; walk: Walk; view: SessionView }) {
  if (step.consent === undefined) return null;
  return (
    <>
      {view.state.consents[step.consent] === 'refused' && <p class="note">{t('ui_consent_refused')}</p>}
      <p>{named('consent', step.consent, '_why')}</p>
      <div class="actions">
        <ConsentButton consent={step.consent} walk={walk} isPrimary />
        <SkipButton step={step.id} walk={walk} />
      </div>
    </>
  );
}

function GuidedStep({ step, walk, view }: { step: Step; walk: Walk; view: SessionView }) {
  const worksNow = (): void => {
    walk.chooseStep(null);
    walk.record(step.id, 'done-and-works');
  };
  const instructions = instructionsFor(step, view.state.environment);
  const commands = (instructions?.commands ?? []).map((command) => fillCommand(command, view.state.incident.host));
  const { asks, hasRetest } = answerOf(step);
  const owner = step.id === PROXY_STEP ? proxyOwner(view.state.measurements) : undefined;
  const removable = step.id === PROXY_STEP || step.id === EXTENSIONS_STEP ? removableProxy(view) : undefined;
  return (
    <>
      {owner !== undefined && (
        <p class="note" data-proxy-owner={owner.id}>
          {t(owner.id, ...owner.args)}
          {owner.servers.length > 0 && <span class="quiet"> {t('ui_proxy_servers', owner.servers.join(', '))}</span>}
        </p>
      )}
      {removable !== undefined && view.state.experiments?.['extension-search'] === undefined && (
        <>
          <p>{t('ui_proxy_remove_why', removable.names)}</p>
          <div class="actions">
            <button
              type="button"
              class="button"
              data-action="remove-proxy"
              onClick={() => void walk.startExperiment({ experiment: 'extension-search', options: { pinned: removable.pinned } })}
            >
              {t('ui_proxy_remove')}
            </button>
          </div>
        </>
      )}
      {instructions !== undefined && (
        <ol class="instructions">
          {instructions.lines.map((line) => (
            <li key={line}>{t(line)}</li>
          ))}
        </ol>
      )}
      {instructions?.warning !== undefined && (
        <p class="warning">
          <Icon name="implicated" isRinged />
          <span>{t(instructions.warning)}</span>
        </p>
      )}
      {commands.map((command) => (
        <div class="command" key={command}>
          {/* A long command scrolls, so it must be reachable without a mouse. */}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keyboard */}
          <section tabIndex={0} aria-label={t('ui_command')}>
            <pre>
              <code>{command}</code>
            </pre>
          </section>
          <CopyButton value={command} />
        </div>
      ))}
      {asks !== undefined && (
        <>
          <p>{named('question', asks)}</p>
          <Question observation={asks} walk={walk} view={view} step={step.id} />
        </>
      )}
      {hasRetest && (
        <div class="actions">
          <RetestButton walk={walk} step={step.id} />
          <button type="button" class="button" data-action="works-now" onClick={worksNow}>
            {t('ui_works_now')}
          </button>
          <SkipButton step={step.id} walk={walk} />
        </div>
      )}
    </>
  );
}

/** Runs the exact failing request again; stays where it is while it runs, so that the focus does too. */
function RetestButton({
  walk,
  step,
  look = 'button button-primary',
}: {
  walk: Walk;
  step?: string;
  look?: 'link' | 'button button-primary';
}) {
  const isRetesting = walk.isRetesting.value;
  return (
    <button type="button" class={look} data-action="retest" aria-disabled={isRetesting} onClick={() => walk.retest(step)}>
      {look === 'link' && <Icon name="again" />}
      {t(isRetesting ? 'ui_retesting' : 'ui_retest')}
    </button>
  );
}

/** Room for what is to come. */
function Bones() {
  return (
    <div class="bones" aria-hidden="true">
      <span class="bone bone-line" />
      <span class="bone" />
      <span class="bone bone-short" />
    </div>
  );
}

function SkipButton({ step, walk }: { step: string; walk: Walk }) {
  const skip = (): void => {
    walk.chooseStep(null);
    walk.record(step, 'skipped');
  };
  return (
    <button type="button" class="button button-quiet" data-action="skip" onClick={skip}>
      {t('ui_skip')}
    </button>
  );
}

/** What the last "test again" said; always there, so that the live region is known before it speaks. */
function LastRetest({ view, step, isRetesting }: { view: SessionView; step: Step | undefined; isRetesting: boolean }) {
  const last = view.state.retests.at(-1);
  const belongs =
    last !== undefined && !isRetesting && (last.afterStep === undefined || last.afterStep === step?.id || last.outcome === 'works');
  return (
    <div aria-live="polite">
      {belongs && (
        <p class={`retest retest-${last.outcome}`}>
          <Icon name={last.outcome === 'works' ? 'cleared' : last.outcome === 'not-possible' ? 'inconclusive' : 'implicated'} isRinged />
          <span>
            {t(RETEST_TEXT[last.outcome], String(last.worked), String(last.tries))}
            {last.error !== undefined && last.outcome === 'other-error' && <code class="raw-error"> {last.error.raw}</code>}
          </span>
        </p>
      )}
    </div>
  );
}

const RETEST_TEXT = {
  works: 'ui_retest_works',
  'same-error': 'ui_retest_same_error',
  'other-error': 'ui_retest_other_error',
  'not-possible': 'ui_retest_not_possible',
} as const;

function OtherSteps({
  offered,
  findStep,
  walk,
  current,
}: {
  offered: readonly NextStep[];
  findStep: FindStep;
  walk: Walk;
  current: string | undefined;
}) {
  const others = offered.filter(({ id }) => id !== current);
  if (current === undefined || others.length === 0) return null;
  return (
    <details class="more">
      <summary>
        <Icon name="chevron" />
        {t('ui_other_steps')}
      </summary>
      <ul class="plain-list">
        {others.map(({ id }) => {
          const step = findStep(id);
          return (
            <li key={id}>
              <button type="button" class="link" onClick={() => walk.chooseStep(id)}>
                {step === undefined ? named('step', id, '_title') : stepTitle(step)}
              </button>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

/** Steps that have left the list, each with the reason; whoever knows better may still open one. */
function GoneSteps({
  gone,
  findStep,
  walk,
  current,
}: {
  gone: readonly GoneStep[];
  findStep: FindStep;
  walk: Walk;
  current: string | undefined;
}) {
  const others = gone.filter(({ id }) => id !== current && findStep(id) !== undefined);
  if (others.length === 0) return null;
  return (
    <details class="more">
      <summary>
        <Icon name="chevron" />
        {t('ui_gone_steps')}
      </summary>
      <ul class="plain-list gone-steps">
        {others.map(({ id, why }) => {
          const step = findStep(id) as Step;
          return (
            <li key={id}>
              <button type="button" class="link" onClick={() => walk.chooseStep(id)}>
                {stepTitle(step)}
              </button>
              <span class="quiet">{render(why)}</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
