import type { Evidence, RankedCause } from '../../model/diagnosis';
import { likelihoodPercent, likelihoodWord } from '../../model/likelihood';
import type { SessionView } from '../../model/session';
import type { Owner } from '../../model/vocabulary';
import { isStrong, reasonsFor, tellingEvidence } from '../select/evidence';
import type { Walk } from '../state/walk';
import { counted, formatPercent, named, render, t } from '../words';
import { Icon } from './icons';
import { ProgressEdge, progressWords } from './progress';

/** Causes shown; further ones are a page of near-zeros. */
const SHOWN_CAUSES = 8;
/** Causes in sight where none stands out; the others are folded. As many bones hold their place while checks run. */
const CAUSES_IN_SIGHT = 2;
/** Below this probability a runner-up is noise to a reader. */
const SHOWN_PROBABILITY = 0.02;
/** Facts that stand under the sentence itself, and those that a fold shows. */
const REASONS_IN_SIGHT = 2;
const REASONS_FOLDED = 6;

/** Owners for whom a report is the way on. */
const OTHERS: ReadonlySet<Owner> = new Set<Owner>(['local-network', 'path', 'site']);

interface VerdictProps {
  view: SessionView | null;
  isBusy: boolean;
  walk: Walk;
  onReport(): void;
}

/** The best explanation so far: one sentence and why; everything else that was weighed is folded. */
export function Verdict({ view, isBusy, walk, onReport }: VerdictProps) {
  const { verdict, causes } = view?.diagnosis ?? { verdict: 'cannot-tell' as const, causes: [] };
  const isOpen = view === null || (isBusy && verdict === 'cannot-tell');
  const shown = causes.filter(({ probability }, index) => index === 0 || probability >= SHOWN_PROBABILITY).slice(0, SHOWN_CAUSES);
  const first = verdict === 'cause' ? shown[0] : undefined;
  return (
    <section
      class={`card verdict verdict-${isOpen ? 'open' : verdict}`}
      data-verdict={view === null ? undefined : verdict}
      aria-labelledby="verdict-title"
    >
      <ProgressEdge view={view} isBusy={isBusy} />
      <div class="title-row">
        <p class="eyebrow">{eyebrow(isBusy || isOpen, verdict, first)}</p>
        <p class="progress-words">{progressWords(view, isBusy)}</p>
      </div>
      <h2 id="verdict-title" class="verdict-summary" tabIndex={-1}>
        {isOpen ? t('ui_verdict_running') : headline(view, first)}
      </h2>
      {isOpen ? (
        <Bones />
      ) : first !== undefined ? (
        <>
          <Reasons items={reasonsFor(first.for, REASONS_IN_SIGHT)} />
          <p class="verdict-owner">
            {whoMends(first)}{' '}
            {OTHERS.has(first.owner) && (
              <button type="button" class="link" onClick={onReport}>
                {t('ui_report_open')}
              </button>
            )}
          </p>
          <FoldedCauses title={t('ui_verdict_more')} causes={shown} hasFirst />
        </>
      ) : (
        <OpenCauses causes={shown} />
      )}
      {view !== null && !isOpen && <Separation view={view} walk={walk} />}
    </section>
  );
}

function eyebrow(isBusy: boolean, verdict: keyof typeof EYEBROW, first: RankedCause | undefined): string {
  if (isBusy) return t('ui_verdict_so_far');
  return first === undefined ? t(EYEBROW[verdict]) : t(likelihoodWord(first.probability));
}

const EYEBROW = {
  cause: 'likelihood_likely',
  'cannot-tell': 'ui_verdict_cannot_tell',
  'no-fault': 'ui_verdict_no_fault',
  'not-a-reset': 'ui_verdict_not_a_reset',
} as const;

/** What the causes below say need not be said twice. */
function headline({ diagnosis, state }: SessionView, first: RankedCause | undefined): string {
  if (diagnosis.verdict === 'not-a-reset') return named('ui_not_reset', state.incident.error.failure, '', render(diagnosis.summary));
  if (first !== undefined) return named('cause', first.id, '_sentence', render(diagnosis.summary));
  return diagnosis.verdict === 'cannot-tell' && diagnosis.causes.length > 0 ? t('ui_cannot_tell_title') : render(diagnosis.summary);
}

/** Room for what is to come, in its shape. */
function Bones() {
  return (
    <ul class="causes" aria-hidden="true">
      {Array.from({ length: CAUSES_IN_SIGHT }, (_, place) => (
        <li key={place} class="cause cause-bone">
          <span class="bone" />
        </li>
      ))}
    </ul>
  );
}

/** The strongest facts, as sentences. */
function Reasons({ items }: { items: readonly Evidence[] }) {
  if (items.length === 0) return null;
  return (
    <ul class="reasons" aria-label={t('ui_evidence_for')}>
      {items.map((item) => (
        <li key={`${item.observation} ${item.value}`}>{render(item.explanation)}</li>
      ))}
    </ul>
  );
}

function OpenCauses({ causes }: { causes: readonly RankedCause[] }) {
  if (causes.length === 0) return null;
  const folded = causes.slice(CAUSES_IN_SIGHT);
  return (
    <>
      <CauseList causes={causes.slice(0, CAUSES_IN_SIGHT)} />
      {folded.length > 0 && <FoldedCauses title={counted('ui_more_causes_one', 'ui_more_causes_many', folded.length)} causes={folded} />}
    </>
  );
}

function FoldedCauses({ title, causes, hasFirst = false }: { title: string; causes: readonly RankedCause[]; hasFirst?: boolean }) {
  return (
    <details class="more more-causes">
      <summary>
        <Icon name="chevron" />
        {title}
      </summary>
      <CauseList causes={causes} hasFirst={hasFirst} />
    </details>
  );
}

function CauseList({ causes, hasFirst = false }: { causes: readonly RankedCause[]; hasFirst?: boolean }) {
  return (
    <ul class="causes" aria-label={t('ui_causes')}>
      {causes.map((cause, index) => (
        <li key={cause.id}>
          <Cause cause={cause} isFirst={hasFirst && index === 0} />
        </li>
      ))}
    </ul>
  );
}

/** The test or question that would tell the first causes apart, one press away. */
function Separation({ view, walk }: { view: SessionView; walk: Walk }) {
  const step = view.diagnosis.tie?.separatedBy;
  const best = view.diagnosis.nextSteps[0]?.id;
  if (step === undefined || step === best) return null;
  return (
    <p class="separation">
      {t('ui_tie_separated_by')}{' '}
      <button type="button" class="link" onClick={() => walk.chooseStep(step)}>
        {named('step', step, '_title')}
      </button>
    </p>
  );
}

function whoMends({ id, owner }: RankedCause): string {
  return named('cause', id, '_who', named('part', owner));
}

function Cause({ cause, isFirst }: { cause: RankedCause; isFirst: boolean }) {
  const percent = likelihoodPercent(cause.probability);
  return (
    <details class={isFirst ? 'cause cause-first' : 'cause'} data-cause={cause.id} open={isFirst}>
      <summary>
        <Icon name="chevron" />
        <span class="cause-title">{named('cause', cause.id, '_title')}</span>
        <span class="cause-likelihood">
          <span class="cause-word">{t(likelihoodWord(cause.probability))}</span> <span class="cause-percent">{formatPercent(percent)}</span>
        </span>
      </summary>
      <div class="cause-body">
        {!isFirst && <p>{named('cause', cause.id, '_sentence', '')}</p>}
        <EvidenceList title={t('ui_evidence_for')} sign="+" items={cause.for} />
        <EvidenceList title={t('ui_evidence_against')} sign="−" items={cause.against} />
        {cause.for.length + cause.against.length === 0 && <p class="note">{t('ui_evidence_none')}</p>}
        <MindList cause={cause} />
        {!isFirst && <p class="cause-owner">{whoMends(cause)}</p>}
        {render(cause.tell) !== '' && (
          <>
            <h3 class="evidence-title">{t('ui_tell')}</h3>
            <p>{render(cause.tell)}</p>
          </>
        )}
      </div>
    </details>
  );
}

/** Findings that are still to be had and would move this cause. */
function MindList({ cause }: { cause: RankedCause }) {
  if (cause.mind.length === 0) return null;
  return (
    <>
      <h3 class="evidence-title">{t('ui_mind')}</h3>
      <ul class="evidence">
        {cause.mind.map(({ observation, explanation }) => (
          <li key={observation}>
            <span class="evidence-sign" aria-hidden="true">
              ↔
            </span>
            <span>{render(explanation)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function EvidenceList({ title, sign, items }: { title: string; sign: string; items: readonly Evidence[] }) {
  const shown = tellingEvidence(items, REASONS_FOLDED);
  if (shown.length === 0) return null;
  return (
    <>
      <h3 class="evidence-title">{title}</h3>
      <ul class="evidence">
        {shown.map((item) => (
          <li key={`${item.observation} ${item.value}`}>
            <span class="evidence-sign" aria-hidden="true">
              {sign}
            </span>
            <span>
              {render(item.explanation)} {isStrong(item) && <span class="tag">{t('ui_evidence_strong')}</span>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
