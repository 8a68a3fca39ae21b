import { useEffect, useState } from 'preact/hooks';
import type { Incident } from '../../model/incident';
import { nameHost } from '../select/host-name';
import { readTestAddress, tabKind } from '../select/test-address';
import { formatWhen } from '../select/when';
import type { Walk } from '../state/walk';
import { locale, named, t } from '../words';
import { Icon } from './icons';
import { KeptCookies } from './kept-cookies';

const CANNOT_TEXT = { browser: 'ui_tab_browser', store: 'ui_tab_store', file: 'ui_tab_file' } as const;

interface HomeProps {
  incidents: readonly Incident[];
  tabId?: number;
  tabUrl?: string;
  isGone?: boolean;
  walk: Walk;
  nowMs: number;
}

/** Nothing failed here: what failed lately, and any address to test. */
export function Home({ incidents, tabId, tabUrl, isGone = false, walk, nowMs }: HomeProps) {
  const kind = tabKind(tabUrl);
  useEffect(() => void walk.loadChanges(), [walk]);
  return (
    <>
      <section class="home-head" aria-labelledby="host">
        <h1 id="host" class="host" tabIndex={-1}>
          {t(kind === 'web' ? 'ui_home_title' : 'ui_home_title_any')}
        </h1>
        {isGone && <p class="note">{t('ui_home_gone')}</p>}
        {(kind === 'browser' || kind === 'store' || kind === 'file') && <p>{t(CANNOT_TEXT[kind])}</p>}
        {kind === 'web' && tabUrl !== undefined && (
          <>
            <p>{t('ui_home_tab', nameHost(new URL(tabUrl).host).short)}</p>
            <button type="button" class="button button-primary" data-action="test-tab" onClick={() => walk.openUrl(tabUrl, tabId)}>
              {t('ui_home_test_tab')}
            </button>
          </>
        )}
      </section>
      <TestForm walk={walk} />
      <KeptCookies changes={walk.changes.value} walk={walk} nowMs={nowMs} />
      <section aria-labelledby="recent-title">
        <div class="title-row">
          <h2 id="recent-title" class="section-title">
            {t('ui_recent_title')}
          </h2>
          {incidents.length > 0 && (
            <button type="button" class="link" data-action="clear" onClick={() => walk.clearIncidents()}>
              {t('ui_recent_clear')}
            </button>
          )}
        </div>
        {incidents.length === 0 ? (
          <p class="quiet">{t('ui_recent_none')}</p>
        ) : (
          <ul class="rows">
            {incidents.map((incident) => (
              <li key={incident.id}>
                <button type="button" class="row recent" data-incident={incident.id} onClick={() => walk.openIncident(incident.id)}>
                  <bdi class="recent-host">{nameHost(incident.host).short}</bdi>
                  <span class="quiet recent-facts">
                    <span>{named('failure', incident.error.failure, '', t('ui_error_unnamed'))}</span>
                    <time dateTime={new Date(incident.lastAtMs).toISOString()}>{formatWhen(incident.lastAtMs, nowMs, locale())}</time>
                  </span>
                  <Icon name="chevron" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function TestForm({ walk }: { walk: Walk }) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    const address = readTestAddress(typed);
    if ('problem' in address) {
      setProblem(t(address.problem));
      document.getElementById('address')?.focus();
      return;
    }
    setProblem(null);
    walk.openUrl(address.url);
  };
  return (
    <form class="card test-form" onSubmit={submit} noValidate>
      <label for="address">{t('ui_address_label')}</label>
      <div class="field-row">
        <input
          id="address"
          data-field="url"
          type="text"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          dir="ltr"
          placeholder="https://example.org/"
          value={typed}
          aria-invalid={problem !== null}
          aria-describedby="address-help"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="button button-primary" data-action="test-url">
          {t('ui_address_test')}
        </button>
      </div>
      <p id="address-help" class={problem === null ? 'quiet' : 'problem'} role="status">
        {problem ?? t(walk.isBusy.value ? 'ui_address_trying' : 'ui_address_help')}
      </p>
    </form>
  );
}
