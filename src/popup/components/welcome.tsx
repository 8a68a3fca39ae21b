import { useEffect, useState } from 'preact/hooks';
import type { Settings } from '../../model/settings';
import { t } from '../words';
import { Icon, Mark } from './icons';

interface WelcomeProps {
  getSettings(): Promise<Settings>;
  setSettings(change: Partial<Settings>): Promise<Settings>;
}

/** The first-run page: how it goes, what is seen, who is contacted, and the two switches. */
export function Welcome({ getSettings, setSettings }: WelcomeProps) {
  const [settings, setSettings_] = useState<Settings | null>(null);
  const [hasTrouble, setTrouble] = useState(false);
  const take = (work: Promise<Settings>): void => {
    work.then(
      (now) => {
        setSettings_(now);
        setTrouble(false);
      },
      () => setTrouble(true),
    );
  };
  useEffect(() => take(getSettings()), []);

  return (
    <>
      <header class="top">
        <span class="brand">
          <Mark />
          {t('extension_name')}
        </span>
      </header>
      <main class="welcome" data-state={settings === null ? (hasTrouble ? 'error' : 'loading') : 'done'}>
        <h1>{t('ui_welcome_title')}</h1>
        <p class="lead">{t('ui_welcome_lead')}</p>
        <ol class="welcome-steps">
          <li>{t('ui_welcome_how_1')}</li>
          <li>{t('ui_welcome_how_2')}</li>
          <li>{t('ui_welcome_how_3')}</li>
        </ol>

        <section class="card" aria-labelledby="sees">
          <h2 id="sees">{t('ui_welcome_sees_title')}</h2>
          <p>{t('ui_welcome_sees')}</p>
          <ul class="ticks">
            {(['ui_welcome_sees_1', 'ui_welcome_sees_2', 'ui_welcome_sees_3'] as const).map((id) => (
              <li key={id}>
                <Icon name="cleared" />
                {t(id)}
              </li>
            ))}
          </ul>
        </section>

        <section class="card" aria-labelledby="contacts">
          <h2 id="contacts">{t('ui_welcome_contacts_title')}</h2>
          <p>{t('ui_welcome_contacts')}</p>
          <ul class="vendors">
            {/* Names of companies: the same in every language. */}
            {['Google', 'Cloudflare', 'Apple', 'Mozilla'].map((vendor) => (
              <li key={vendor}>{vendor}</li>
            ))}
          </ul>
          <p>{t('ui_welcome_never_names')}</p>
          <p>{t('ui_welcome_else')}</p>
        </section>

        <section class="card" aria-labelledby="switches">
          <h2 id="switches">{t('ui_welcome_switches_title')}</h2>
          <Switch
            id="controls"
            isOn={settings?.isControlsAllowed}
            title={t('ui_switch_controls')}
            help={t('ui_switch_controls_help')}
            onChange={(isControlsAllowed) => take(setSettings({ isControlsAllowed }))}
          />
          <Switch
            id="probe-tab"
            isOn={settings?.isProbeTabAllowed}
            title={t('ui_switch_probe_tab')}
            help={t('ui_switch_probe_tab_help')}
            onChange={(isProbeTabAllowed) => take(setSettings({ isProbeTabAllowed }))}
          />
          <p class={hasTrouble ? 'problem' : 'visually-hidden'} role="status">
            {hasTrouble ? t('ui_settings_trouble') : ''}
          </p>
          {hasTrouble && (
            <button type="button" class="button" data-action="retry" onClick={() => take(getSettings())}>
              {t('ui_error_retry')}
            </button>
          )}
        </section>
      </main>
    </>
  );
}

interface SwitchProps {
  id: string;
  /** Undefined until the settings are known. */
  isOn: boolean | undefined;
  title: string;
  help: string;
  onChange(isOn: boolean): void;
}

function Switch({ id, isOn, title, help, onChange }: SwitchProps) {
  return (
    <div class="switch-row">
      <label class="choice">
        <input
          type="checkbox"
          class="switch"
          data-setting={id}
          checked={isOn ?? true}
          disabled={isOn === undefined}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{title}</span>
      </label>
      <p id={`${id}-help`} class="quiet">
        {help}
      </p>
    </div>
  );
}
