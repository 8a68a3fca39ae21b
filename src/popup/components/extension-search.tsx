import { useState } from 'preact/hooks';
import type { ExperimentRun, ExtensionSearchDetail, SearchedExtension } from '../../model/experiment';
import type { MessageId } from '../../model/message';
import type { SessionView } from '../../model/session';
import { culpritsOf, loadsOf, loadsWith, searchable, whatGoesOff } from '../select/extension-search';
import type { Walk } from '../state/walk';
import { counted, format, t } from '../words';
import { CopyButton } from './copy-button';
import { ExperimentCard } from './experiment-card';
import { Icon } from './icons';

interface ExtensionSearchProps {
  view: SessionView;
  walk: Walk;
  /** Version of this extension, for the letter to a maker. */
  version: string;
}

/** The search for the extension that breaks the page: what goes off, how far it is, and what it found. */
export function ExtensionSearch({ view, walk, version }: ExtensionSearchProps) {
  const run = view.state.experiments?.['extension-search'] as ExperimentRun<'extension-search'> | undefined;
  const detail = run?.detail;
  const isGuided = detail?.mode === 'guided' || view.state.environment.engine === 'gecko';
  const [pinned, setPinned] = useState<ReadonlySet<string>>(new Set(run?.options.pinned ?? []));
  const isWaiting = run?.status === 'waiting';
  const known = searchable(view);
  const start = (): void => void walk.startExperiment({ experiment: 'extension-search', options: { pinned: [...pinned] } });
  const isUnderWay = run?.status === 'running' || isWaiting;
  return (
    <ExperimentCard
      experiment="extension-search"
      title={t('ui_search_title')}
      run={run as ExperimentRun | undefined}
      walk={walk}
      doing={detail === undefined ? t('ui_search_part_starting') : t(PART[detail.part])}
      onStart={start}
      before={
        known === undefined ? (
          <>
            <p>{t(isGuided ? 'ui_search_why_guided' : 'ui_search_why')}</p>
            <div class="actions">
              <button type="button" class="button" data-action="see-extensions" onClick={() => walk.giveConsent('see-extensions')}>
                {t('ui_search_see')}
              </button>
            </div>
          </>
        ) : (
          <Choice known={known} pinned={pinned} onPin={setPinned} isGuided={isGuided} onStart={start} />
        )
      }
    >
      {detail !== undefined && isUnderWay && detail.ask !== undefined && <Ask detail={detail} walk={walk} />}
      <div aria-live="polite">{detail?.result !== undefined && <Result detail={detail} view={view} isOver={!isUnderWay} />}</div>
      {detail?.result?.kind === 'found' && <Culprits detail={detail} view={view} walk={walk} version={version} isOver={!isUnderWay} />}
      {detail !== undefined && <LeftAlone detail={detail} />}
    </ExperimentCard>
  );
}

const PART: { readonly [Part in ExtensionSearchDetail['part']]: MessageId } = {
  measure: 'ui_search_part_measure',
  'all-off': 'ui_search_part_all_off',
  halve: 'ui_search_part_halve',
  confirm: 'ui_search_part_confirm',
  several: 'ui_search_part_several',
  restore: 'ui_search_part_restore',
  over: 'ui_search_part_restore',
};

function Choice({
  known,
  pinned,
  onPin,
  isGuided,
  onStart,
}: {
  known: NonNullable<ReturnType<typeof searchable>>;
  pinned: ReadonlySet<string>;
  onPin(pinned: ReadonlySet<string>): void;
  isGuided: boolean;
  onStart(): void;
}) {
  const chosen = known.filter(({ id }) => !pinned.has(id));
  if (known.length === 0) return <p>{t('ui_search_nobody')}</p>;
  const { route, filter, helper } = whatGoesOff(chosen);
  const kinds = [
    ...(route > 0 ? [t('ui_search_off_route', format(route))] : []),
    ...(filter > 0 ? [t('ui_search_off_filter', format(filter))] : []),
    ...(helper > 0 ? [t('ui_search_off_helper', format(helper))] : []),
  ];
  const toggle = (id: string): void => {
    const next = new Set(pinned);
    if (!next.delete(id)) next.add(id);
    onPin(next);
  };
  return (
    <>
      <p>{t(isGuided ? 'ui_search_why_guided' : 'ui_search_why')}</p>
      {kinds.length > 0 && <p>{t('ui_search_off', kinds.join(t('ui_list_separator')))}</p>}
      <p class="quiet">{t('ui_search_loads', format(loadsOf(chosen.length)))}</p>
      <details class="more">
        <summary>
          <Icon name="chevron" />
          {counted('ui_search_choice_one', 'ui_search_choice', chosen.length)}
        </summary>
        <fieldset class="search-choice">
          <legend class="quiet">{t('ui_search_choice_legend')}</legend>
          {known.map(({ id, name }) => (
            <label key={id}>
              <input type="checkbox" checked={!pinned.has(id)} data-extension={id} onChange={() => toggle(id)} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
      </details>
      <div class="actions">
        <button
          type="button"
          class="button button-primary"
          data-action="start-search"
          aria-disabled={chosen.length === 0}
          onClick={() => chosen.length > 0 && onStart()}
        >
          {t('ui_search_start')}
        </button>
      </div>
    </>
  );
}

/** What the person is to switch where only they may; followed by itself. */
function Ask({ detail, walk }: { detail: ExtensionSearchDetail; walk: Walk }) {
  const { off = [], on = [] } = detail.ask ?? {};
  const named = (ids: readonly string[]) => detail.extensions.filter(({ id }) => ids.includes(id));
  if (off.length === 0 && on.length === 0) return null;
  const isEnd = detail.part === 'restore';
  return (
    <div class="search-ask" data-ask={`${off.length} off, ${on.length} on`}>
      <p>{t('ui_search_guided')}</p>
      {off.length > 0 && (
        <>
          <h3>{t('ui_search_guided_off')}</h3>
          <ul>
            {named(off).map((one) => (
              <li key={one.id} data-switch-off={one.id}>
                <Extension extension={one} />
                <button type="button" class="link" onClick={() => walk.sayTo('extension-search', 'leave', one.id)}>
                  {t('ui_search_guided_leave')}
                  <span class="visually-hidden"> {one.name}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {on.length > 0 && (
        <>
          <h3>{t('ui_search_guided_on')}</h3>
          <ul>
            {named(on).map((one) => (
              <li key={one.id} data-switch-on={one.id}>
                <Extension extension={one} />
                {isEnd && (
                  <button type="button" class="link" onClick={() => walk.sayTo('extension-search', 'keep-off', one.id)}>
                    {t('ui_search_keep_off')}
                    <span class="visually-hidden"> {one.name}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** Name and picture; a letter where the picture may not be shown here. */
function Extension({ extension: { name, icon } }: { extension: SearchedExtension }) {
  const [hasIcon, setIcon] = useState(icon !== undefined);
  return (
    <span class="search-extension">
      <span class="search-icon" aria-hidden="true">
        {hasIcon ? <img src={icon} alt="" width="20" height="20" onError={() => setIcon(false)} /> : [...name.trim()][0]?.toUpperCase()}
      </span>
      <span>{name}</span>
    </span>
  );
}

const RESULT = {
  cleared: 'ui_search_cleared',
  'works-now': 'ui_search_works_now',
  'too-rare': 'ui_search_too_rare',
  contradiction: 'ui_search_contradiction',
  unclear: 'ui_search_unclear',
  nobody: 'ui_search_nobody',
} as const;

/** What came of it, in sentences: they are read out as they come. */
function Result({ detail, view, isOver }: { detail: ExtensionSearchDetail; view: SessionView; isOver: boolean }) {
  const { result } = detail;
  if (result === undefined) return null;
  if (result.kind !== 'found') {
    const isSomeOn = detail.extensions.some(({ state, why }) => state === 'left-alone' && why !== 'removed' && why !== 'switched-off');
    return (
      <p class="search-result" data-result={result.kind}>
        {t(result.kind === 'cleared' && isSomeOn ? 'ui_search_cleared_but' : RESULT[result.kind])}
      </p>
    );
  }
  const { kind, extensions } = culpritsOf(detail);
  const isStillOff =
    view.changes.some(({ what, state }) => what === 'extension-switch' && state !== 'returned' && state !== 'confirmed') ||
    detail.extensions.some(({ isKeptOff, why }) => isKeptOff || why === 'switched-off' || why === 'removed');
  return (
    <div class="search-result" data-result="found">
      <p class="search-verdict">
        <Icon name="implicated" isRinged />
        <span>
          {kind === 'one'
            ? t('ui_search_found', extensions[0]?.name ?? '')
            : t(kind === 'each' ? 'ui_search_found_each' : 'ui_search_found_together')}
        </span>
      </p>
      <p class="quiet">{t('ui_search_found_how', format(detail.tries.length))}</p>
      {detail.afterKeepingOff === 'works' && <p>{t('ui_search_kept_works')}</p>}
      {detail.afterKeepingOff === 'fails' && <p>{t('ui_search_kept_fails')}</p>}
      {isOver && !isStillOff && <p class="quiet">{t('ui_search_restored')}</p>}
    </div>
  );
}

/** What was found, each with what the person may do about it. */
function Culprits({
  detail,
  view,
  walk,
  version,
  isOver,
}: {
  detail: ExtensionSearchDetail;
  view: SessionView;
  walk: Walk;
  version: string;
  isOver: boolean;
}) {
  return (
    <ul class="search-culprits">
      {culpritsOf(detail).extensions.map((one) => (
        <li key={one.id} data-culprit={one.id}>
          <Extension extension={one} />
          {one.isKeptOff && <span class="tag tag-implicated">{t('ui_search_kept')}</span>}
          {isOver && detail.mode === 'switching' && (
            <div class="actions">
              <button
                type="button"
                class="button"
                data-action={one.isKeptOff ? 'restore' : 'keep-off'}
                onClick={() => walk.sayTo('extension-search', one.isKeptOff ? 'restore' : 'keep-off', one.id)}
              >
                {t(one.isKeptOff ? 'ui_search_restore' : 'ui_search_keep_off')}
                <span class="visually-hidden"> {one.name}</span>
              </button>
            </div>
          )}
          <details class="more">
            <summary>
              <Icon name="chevron" />
              {t('ui_search_maker')}
            </summary>
            <MakerLetter extension={one} detail={detail} view={view} version={version} />
          </details>
        </li>
      ))}
    </ul>
  );
}

/** Plain text for whoever made the extension, to copy. */
function MakerLetter({
  extension,
  detail,
  view,
  version,
}: {
  extension: SearchedExtension;
  detail: ExtensionSearchDetail;
  view: SessionView;
  version: string;
}) {
  const { incident, environment } = view.state;
  const others = (detail.result?.culprits ?? []).find((set) => set.includes(extension.id))?.filter((id) => id !== extension.id) ?? [];
  const names = others.flatMap((id) => detail.extensions.find((one) => one.id === id)?.name ?? []);
  const counts = loadsWith(detail, extension.id);
  const text = [
    t('ui_search_letter', `${extension.name} ${extension.version}`, incident.host, incident.error.raw),
    ...(names.length > 0 ? [t('ui_search_letter_together', names.join(t('ui_list_separator')))] : []),
    t('ui_search_letter_how', format(detail.tries.length)),
    t('ui_search_letter_on', format(counts.on.fails), format(counts.on.works)),
    t('ui_search_letter_off', format(counts.off.fails), format(counts.off.works)),
    t('ui_search_letter_where', `${environment.browser} ${environment.browserVersion}`, environment.os, version),
  ].join('\n\n');
  return (
    <>
      <textarea class="search-letter" readOnly rows={8} aria-label={t('ui_search_maker')} value={text} />
      <CopyButton value={text} />
      {extension.homepage !== undefined && <p class="quiet">{t('ui_search_homepage', extension.homepage)}</p>}
    </>
  );
}

const WHY: { readonly [Why in NonNullable<SearchedExtension['why']>]: MessageId } = {
  pinned: 'ui_search_left_pinned',
  'open-pages': 'ui_search_left_open_pages',
  fixed: 'ui_search_left_fixed',
  removed: 'ui_search_left_removed',
  'switched-on': 'ui_search_left_switched_on',
  'switched-off': 'ui_search_left_switched_off',
  'cannot-switch': 'ui_search_left_cannot_switch',
};

function LeftAlone({ detail }: { detail: ExtensionSearchDetail }) {
  const left = detail.extensions.filter(({ state }) => state === 'left-alone');
  if (left.length === 0) return null;
  return (
    <details class="more" data-left-alone={left.length}>
      <summary>
        <Icon name="chevron" />
        {counted('ui_search_left_one', 'ui_search_left', left.length)}
      </summary>
      <ul class="search-left">
        {left.map(({ id, name, why }) => (
          <li key={id}>{why === undefined ? name : t(WHY[why], name)}</li>
        ))}
      </ul>
    </details>
  );
}
